//! Text that people type, as it is kept.

/// Text in one line, as it is kept: without white space around it, and without characters that can't be seen or turn the
/// text around them. What joins letters stays: some scripts can't be written without it.
#[must_use]
pub fn line(text: &str) -> String {
    let visible: String =
        text.chars().map(space).filter(|character| !is_invisible(*character) || joins(*character)).collect();
    visible.trim_matches(|character: char| character.is_whitespace() || joins(character)).to_owned()
}

/// Text in any number of lines, as it is kept: with line feeds alone between them, no other controls but tabs, and no white
/// space around it.
#[must_use]
pub fn lines(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let kept: String =
        text.chars().filter(|character| !character.is_control() || matches!(character, '\n' | '\t')).collect();
    kept.trim().to_owned()
}

/// Text as a search compares it: without regard to case, in any script. Each character is folded for itself, so that a
/// part of a text is folded as it is within the whole.
#[must_use]
pub fn fold(text: &str) -> String {
    // By way of the upper case, so that ß finds ss, and ς finds σ.
    text.chars().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect()
}

/// Controls, and the characters of Unicode's `Cf` that are used to deceive.
#[must_use]
pub fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// A tab or a line break separates words, even where it can't stay.
fn space(character: char) -> char {
    if matches!(character, '\t' | '\n' | '\r' | '\u{2028}' | '\u{2029}') { ' ' } else { character }
}

/// Zero-width joiner and non-joiner.
const fn joins(character: char) -> bool {
    matches!(character, '\u{200c}' | '\u{200d}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_holds_what_can_be_seen() {
        for (typed, kept) in [
            ("  Harbour office \n", "Harbour office"),
            ("a\0b\u{1b}c", "abc"),
            ("two\nlines", "two lines"),
            ("\u{202e}abc\u{200b}", "abc"),
            ("می\u{200c}خواهم", "می\u{200c}خواهم"),
            ("\u{200d}\u{a0}\u{feff}", ""),
        ] {
            assert_eq!(line(typed), kept, "{typed:?}");
        }
    }

    #[test]
    fn lines_keep_their_breaks() {
        assert_eq!(lines("\r\n one\r\n\ttwo\rthree\0 \n"), "one\n\ttwo\nthree");
    }

    #[test]
    fn a_part_is_folded_as_within_the_whole() {
        for (whole, part) in
            [("Straße 7", "STRASSE"), ("ΟΔΟΣ", "οδοσ"), ("ΟΔΟΣ 4", "Σ 4"), ("ÉCOLE", "école"), ("李明", "明")]
        {
            assert!(fold(whole).contains(&fold(part)), "{whole} {part}");
        }
    }
}
