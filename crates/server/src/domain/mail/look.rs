//! Renders a letter as HTML for mail programs.
//!
//! Mail programs support tables and inline styles best, so it uses these, in the colours of the app
//! (style/tokens.css). The only `<style>` is for programs that support dark themes. Nothing is loaded: opening a
//! mail contacts no server. Text is escaped by the template engine.

use doorstep_locales::{Language, fill, mail};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::letter::{Fact, Letter, Part};
use crate::domain::accent::Accent;

const BODY: &str = "margin:0;padding:24px 12px;background:#f6f6f3;color:#1a1f1d;font:16px/1.5 system-ui,-apple-system,\
                    'Segoe UI',Roboto,'Noto Sans','PingFang SC','Microsoft YaHei',sans-serif;text-wrap:pretty";
const TABLE: &str = "width:100%;max-width:35rem;margin:0 auto;border-spacing:0";
// Each part has a margin of 16 px below it.
const CARD: &str =
    "padding:24px 24px 8px;background:#ffffff;border:1px solid #e2e3de;border-radius:12px;overflow-wrap:anywhere";
const HEADING: &str = "margin:0 0 16px;font-size:24px;line-height:1.3;font-weight:600;text-wrap:balance";
const TEXT: &str = "margin:0 0 16px";
const FACTS: &str = "width:100%;margin:0 0 16px;border-collapse:collapse;font-size:14px";
const NAME: &str =
    "width:38%;padding:8px 0;border-top:1px solid #e2e3de;color:#565e5a;font-weight:400;vertical-align:top";
const VALUE: &str = "padding:8px 0 8px 12px;border-top:1px solid #e2e3de;vertical-align:top;overflow-wrap:anywhere";
const BUTTON: &str = "margin:0 0 16px;border-spacing:0";
const SMALL: &str = "margin:0 0 16px;color:#565e5a;font-size:14px";
const FOOTER: &str = "margin:0 0 4px;color:#565e5a;font-size:13px";
const WHOLE: &str = "display:inline-block";
/// Text shown by lists of mails, but not in the mail itself.
const HIDDEN: &str = "display:none;max-height:0;overflow:hidden";

/// The colours of the dark theme, which override the inline styles by class.
const DARK: &str = "body{background:#121614!important;color:#e8ecea!important}\
                    .card{background:#1b211e!important}.card,.line{border-color:#2f3734!important}\
                    .soft{color:#a5afaa!important}";

/// Renders the letter as a document.
pub(super) fn html(letter: &Letter<'_>) -> Markup {
    let Accent { light, dark } = letter.head.accent;
    let start = if letter.language.direction() == "rtl" { "right" } else { "left" };
    let bar =
        format!("margin:0 0 16px;padding-{start}:12px;border-{start}:4px solid {light};font-size:18px;font-weight:600");
    let on_dark = Accent::ON_DARK;
    let style = format!(
        ":root{{color-scheme:light dark}}:lang(zh) p{{line-height:1.65}}@media(prefers-color-scheme:dark){{{DARK}\
         .bar{{border-color:{dark}!important}}.link{{color:{dark}!important}}.button{{background:{dark}!important}}\
         .button a{{color:{on_dark}!important}}}}"
    );
    html! {
        (DOCTYPE)
        html lang=(letter.language.tag()) dir=(letter.language.direction()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="supported-color-schemes" content="light dark";
                title { (letter.subject) }
                style { (PreEscaped(style)) }
            }
            body style=(BODY) {
                div style=(HIDDEN) { (letter.text) }
                main {
                    table role="presentation" align="center" style=(TABLE) {
                        tr { td { p class="bar" style=(bar) { (letter.head.installation) } } }
                        tr { td class="card" style=(CARD) {
                            h1 style=(HEADING) { (heading(letter)) }
                            @for text in letter.greeting.iter().chain([&letter.text]) {
                                p style=(TEXT) { (breaking(text)) }
                            }
                            @for part in &letter.parts { (part.html(letter, start)) }
                        } }
                    }
                }
                footer {
                    table role="presentation" align="center" style=(TABLE) { tr { td style="padding:16px 0 0" {
                        (footer(letter))
                    } } }
                }
            }
        }
    }
}

impl Part {
    fn html(&self, letter: &Letter<'_>, start: &str) -> Markup {
        match self {
            Self::Text(text) => html! { p style=(TEXT) { (breaking(text)) } },
            Self::Facts(facts) => facts_table(facts, start),
            Self::Button { label, url } => html! {
                table role="presentation" style=(BUTTON) {
                    tr { td class="button" style={ "border-radius:8px;background:" (letter.head.accent.light) } {
                        a href=(url) style={
                            "display:inline-block;padding:10px 20px;font-weight:600;text-decoration:none;color:" (Accent::ON_LIGHT)
                        } { (label) }
                    } }
                }
                p class="soft" style=(SMALL) {
                    (letter.word(mail::letter::PASTE)) br;
                    (link(letter, url.as_str(), url.as_str()))
                }
            },
        }
    }
}

/// The subject. English compounds, such as sign-in, are not broken; German ones are too long for a line.
fn heading(letter: &Letter<'_>) -> String {
    match letter.language {
        Language::En => letter.subject.replace('-', "\u{2011}"),
        _ => letter.subject.clone(),
    }
}

/// A text whose emails stay in one line, or break behind their @ if they are longer.
fn breaking(text: &str) -> Markup {
    html! {
        @for word in text.split_inclusive([' ', '。', '，']) {
            @if let Some((name, rest)) = word.split_once('@') {
                // A space at the end of a block would be lost.
                @let host = rest.trim_end_matches(' ');
                span style=(WHOLE) { (name) "@" wbr; (host) }
                @if host != rest { " " }
            } @else {
                (word)
            }
        }
    }
}

fn facts_table(facts: &[Fact], start: &str) -> Markup {
    html! {
        table style=(FACTS) {
            @for (name, value) in facts {
                tr {
                    th class="soft line" scope="row" align=(start) style=(NAME) { (name) }
                    td class="line" align=(start) style=(VALUE) { bdi { (breaking(value)) } }
                }
            }
        }
    }
}

fn footer(letter: &Letter<'_>) -> Markup {
    let head = &letter.head;
    let origin = head.origin();
    let support = head.support.zip(head.shown_support());
    html! {
        p class="soft" style=(FOOTER) { (letter.reason) }
        p class="soft" style=(FOOTER) { (line(letter.language, head.installation, &link(letter, &origin, &origin))) }
        @if let Some((address, shown)) = support {
            p class="soft" style=(FOOTER) {
                (line(letter.language, letter.word(mail::letter::SUPPORT), &link(letter, address, shown)))
            }
        }
    }
}

fn link(letter: &Letter<'_>, address: &str, shown: &str) -> Markup {
    html! {
        a class="link" href=(address) style={ "overflow-wrap:anywhere;color:" (letter.head.accent.light) } {
            bdi { (shown) }
        }
    }
}

/// Renders a fact as one line, as in the text version.
fn line(language: Language, name: &str, value: &Markup) -> Markup {
    let template = language.mail_word(mail::letter::FACT);
    let (before, after) = template.split_once("{value}").unwrap_or((template, ""));
    html! { (fill(before, "name", name)) (value) (fill(after, "name", name)) }
}
