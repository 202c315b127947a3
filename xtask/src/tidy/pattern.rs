//! Patterns that a line may not contain.

/// A pattern.
pub(super) enum Pattern {
    /// A text.
    Text(&'static str),
    /// A whole word.
    Word(&'static str),
    /// An event handler attribute, such as `onclick="…"`.
    HandlerAttribute,
    /// A script element with content that is not a JSON data block.
    InlineScript,
}

impl Pattern {
    /// Whether the line contains it.
    pub(super) fn is_in(&self, line: &str) -> bool {
        match self {
            Self::Text(text) => line.contains(text),
            Self::Word(word) => line.split(|letter: char| !letter.is_alphanumeric()).any(|part| part == *word),
            Self::HandlerAttribute => has_handler_attribute(line),
            Self::InlineScript => has_inline_script(line),
        }
    }
}

fn has_handler_attribute(line: &str) -> bool {
    line.match_indices("=\"").any(|(end, _)| {
        let before = line.get(..end).unwrap_or_default();
        let name = before.rsplit(char::is_whitespace).next().unwrap_or_default();
        name.len() > 2 && name.starts_with("on") && name.bytes().all(|byte| byte.is_ascii_lowercase())
    })
}

fn has_inline_script(line: &str) -> bool {
    // A script element without attributes in maud, which can only have content.
    let in_maud = line.trim_start().starts_with("script {");
    let in_html = line.match_indices("<script").any(|(start, _)| {
        let element = line.get(start..).unwrap_or_default();
        let (tag, content) = element.split_once('>').unwrap_or((element, "</script>"));
        !content.starts_with("</script>") && !tag.contains("application/json")
    });
    in_maud || in_html
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn words_match_as_a_whole() {
        let word = Pattern::Word("ABC");
        assert!(word.is_in("// ABC: later"));
        assert!(!word.is_in("shown as ABCD-ABCD"));
    }

    #[test]
    fn handler_attributes_match_and_events_of_the_framework_do_not() {
        let handler = Pattern::HandlerAttribute;
        assert!(handler.is_in(r#"<button type="button" onclick="go()">"#));
        assert!(!handler.is_in("<button on:click=move |_| go()>"));
        assert!(!handler.is_in(r#"<meta name="x" content="y">"#));
        assert!(!handler.is_in(r#"let on = "x";"#));
    }

    #[test]
    fn scripts_may_have_a_source_or_be_data() {
        let inline = Pattern::InlineScript;
        assert!(inline.is_in("<script>go()</script>"));
        assert!(inline.is_in(r#"<script type="module">"#));
        assert!(inline.is_in(r#"    script { "go()" }"#));
        assert!(!inline.is_in(r#"<script type="module" src="/boot.js"></script>"#));
        assert!(!inline.is_in(r#"<script type="application/json">{}</script>"#));
        assert!(!inline.is_in(r#"script type="application/json" { (json) }"#));
    }
}
