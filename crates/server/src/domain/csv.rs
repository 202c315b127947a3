//! Comma-separated values (RFC 4180) that a spreadsheet reads as text and nothing else.

use super::text::is_invisible;

/// Rows of cells, each with its line end.
#[must_use]
pub fn write<'a, R: IntoIterator<Item = &'a str>>(rows: impl IntoIterator<Item = R>) -> String {
    let mut text = String::new();
    for row in rows {
        for (index, cell) in row.into_iter().enumerate() {
            if index > 0 {
                text.push(',');
            }
            push_cell(&mut text, cell);
        }
        text.push_str("\r\n");
    }
    text
}

/// In quotes, always. What a spreadsheet would take for a formula gets an apostrophe in front, which tells it that this is
/// text (<https://owasp.org/www-community/attacks/CSV_Injection>): at the beginning, and behind what may begin another cell,
/// because a spreadsheet may part cells elsewhere than at our commas, as those of many languages do at semicolons, and then
/// our quotation marks hold nothing together.
fn push_cell(text: &mut String, cell: &str) {
    text.push('"');
    let mut begins = true;
    for character in cell.chars() {
        if begins && matches!(character, '=' | '+' | '-' | '@' | '\t' | '\r' | '＝' | '＋' | '－' | '＠') {
            text.push('\'');
        }
        begins = matches!(character, ';' | ',' | '|' | '\t' | '\r' | '\n' | '"' | '\'')
            || (begins && character.is_whitespace());
        match character {
            '"' => text.push_str("\"\""),
            // Controls, and what breaks lines or turns text around: told, and not done.
            _ if is_invisible(character) => text.extend(character.escape_default()),
            _ => text.push(character),
        }
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_rows_end_as_rfc_4180_says() {
        assert_eq!(write([["a", "b, \"c\""], ["", "é"]]), "\"a\",\"b, \"\"c\"\"\"\r\n\"\",\"é\"\r\n");
    }

    #[test]
    fn no_cell_is_a_formula() {
        for cell in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"] {
            assert!(write([[cell]]).starts_with("\"'"), "{cell:?}");
        }
        assert_eq!(write([["a=1"]]), "\"a=1\"\r\n");
        for (cell, written) in [
            ("a;=1+1", "a;'=1+1"),
            ("a, -1;x", "a, '-1;x"),
            ("a\"=1", "a\"\"'=1"),
            ("a\r\n@x", "a\\r\\n'@x"),
            (" =1", " '=1"),
        ] {
            assert_eq!(write([[cell]]), format!("\"{written}\"\r\n"));
        }
        assert_eq!(write([["a-b; c+d"]]), "\"a-b; c+d\"\r\n");
    }

    #[test]
    fn controls_are_escaped() {
        assert_eq!(write([["a\u{1b}[31m\nb\u{202e}c\0"]]), "\"a\\u{1b}[31m\\nb\\u{202e}c\\u{0}\"\r\n");
    }
}
