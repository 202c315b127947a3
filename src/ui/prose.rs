//! Text that users wrote, with paragraphs, lists and links, and no other markup.

use leptos::prelude::*;

/// A block of a text.
#[derive(Debug, PartialEq, Eq)]
enum Block<'a> {
    /// Lines that are not list items.
    Lines(Vec<&'a str>),
    /// List items, without their `- `.
    List(Vec<&'a str>),
}

/// A part of a line.
#[derive(Debug, PartialEq, Eq)]
enum Span<'a> {
    Text(&'a str),
    Link(&'a str),
}

/// The text. Lines that begin with `- ` are list items; http(s) URLs are links without a referrer or opener.
#[component]
pub(crate) fn Prose(text: String) -> impl IntoView {
    view! {
        <div class="prose" dir="auto">
            {move || drawn(&text)}
        </div>
    }
}

fn drawn(text: &str) -> Vec<AnyView> {
    let block = |block: Block<'_>| match block {
        Block::Lines(lines) => view! { <p>{spans_of(lines.join("\n").trim_matches('\n'))}</p> }.into_any(),
        Block::List(items) => {
            let item = |item: &str| view! { <li>{spans_of(item)}</li> };
            view! { <ul>{items.into_iter().map(item).collect_view()}</ul> }.into_any()
        }
    };
    blocks(text).into_iter().map(block).collect()
}

fn spans_of(line: &str) -> Vec<AnyView> {
    let span = |span: Span<'_>| match span {
        Span::Text(text) => text.to_owned().into_any(),
        Span::Link(address) => {
            let address = address.to_owned();
            let shown = address.clone();
            // Handled by the browser, not the router, also for this origin.
            view! {
                <a href=address rel="external noopener nofollow">
                    {shown}
                </a>
            }
            .into_any()
        }
    };
    spans(line).into_iter().map(span).collect()
}

/// The blocks of a text, without empty lines at its ends.
fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block<'_>> = Vec::new();
    for line in text.trim().lines() {
        match (line.trim_start().strip_prefix("- "), blocks.last_mut()) {
            (Some(item), Some(Block::List(items))) => items.push(item),
            (Some(item), _) => blocks.push(Block::List(vec![item])),
            (None, Some(Block::Lines(lines))) => lines.push(line),
            (None, _) => blocks.push(Block::Lines(vec![line])),
        }
    }
    blocks
}

/// The spans of a line.
fn spans(line: &str) -> Vec<Span<'_>> {
    let mut spans = Vec::new();
    let mut rest = line;
    while let Some(start) = start_of_address(rest) {
        let (before, from) = rest.split_at(start);
        let end = from.find(char::is_whitespace).unwrap_or(from.len());
        // Punctuation at the end belongs to the sentence.
        let address =
            from.get(..end).unwrap_or(from).trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '"', '\'', '>']);
        if !before.is_empty() {
            spans.push(Span::Text(before));
        }
        spans.push(Span::Link(address));
        rest = from.get(address.len()..).unwrap_or_default();
    }
    if !rest.is_empty() {
        spans.push(Span::Text(rest));
    }
    spans
}

/// The start of the first URL that has more than its scheme.
fn start_of_address(text: &str) -> Option<usize> {
    let begins = |scheme: &'static str| {
        text.match_indices(scheme)
            .map(move |(at, _)| (at, at + scheme.len()))
            .find(|(_, end)| text.get(*end..).and_then(|rest| rest.chars().next()).is_some_and(char::is_alphanumeric))
    };
    [begins("https://"), begins("http://")].into_iter().flatten().map(|(at, _)| at).min()
}

#[cfg(test)]
mod tests {
    use super::{Block, Span, blocks, spans};

    #[test]
    fn lines_with_a_dash_are_list_items() {
        assert_eq!(
            blocks("Done:\n- one\n- two\n\nNext week"),
            [Block::Lines(vec!["Done:"]), Block::List(vec!["one", "two"]), Block::Lines(vec!["", "Next week"])]
        );
        assert_eq!(blocks("\n-5 degrees\n"), [Block::Lines(vec!["-5 degrees"])]);
        assert_eq!(blocks(" \n"), []);
    }

    #[test]
    fn urls_are_links_without_trailing_punctuation() {
        assert_eq!(
            spans("See https://example.org/a?b=c. (http://x.test)"),
            [
                Span::Text("See "),
                Span::Link("https://example.org/a?b=c"),
                Span::Text(". ("),
                Span::Link("http://x.test"),
                Span::Text(")"),
            ]
        );
        for text in ["javascript:alert(1)", "https://", "http:// no", "data:text/html,x", "//example.org"] {
            assert_eq!(spans(text), [Span::Text(text)], "{text}");
        }
        assert_eq!(spans(""), []);
    }
}
