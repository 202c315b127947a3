//! CSV (RFC 4180), written so that spreadsheets treat every cell as text.

use super::text::is_invisible;

/// Writes rows of cells.
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

/// Writes a cell, always quoted. Text that a spreadsheet could take for a formula gets an apostrophe in front
/// (<https://owasp.org/www-community/attacks/CSV_Injection>): at its beginning and after every separator, because a
/// spreadsheet may split at other characters than our commas, such as semicolons, and then our quotation marks do
/// not protect the cell.
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
            // Control characters, line breaks and bidirectional marks are escaped.
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
