//! Normalizing text that users type.

/// Normalizes text as one line, for everything shown to other people: trimmed, with single spaces between words,
/// and without invisible or bidirectional control characters. Joiners and variation selectors are kept beside a
/// letter: some scripts and emoji require them. Text without visible characters becomes empty.
#[must_use]
pub fn line(text: &str) -> String {
    let text = visible(text.chars().map(space), |_| false);
    text.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The same for several lines: separated by line feeds, with no other control characters than tabs.
#[must_use]
pub fn lines(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}'], "\n");
    visible(text.chars().map(blank), |character| matches!(character, '\n' | '\t'))
}

fn visible(characters: impl Iterator<Item = char>, stays: fn(char) -> bool) -> String {
    let kept = |character: &char| stays(*character) || accompanies(*character) || !is_invisible(*character);
    let text: String = characters.filter(kept).collect();
    // At the beginning there is no letter to join; at the end, a variation selector may belong to the last one.
    let text = text.trim_start_matches(|character: char| character.is_whitespace() || accompanies(character));
    text.trim_end_matches(|character: char| character.is_whitespace() || joins(character)).to_owned()
}

/// How many characters of text chosen by others appear in a mail.
const HARMLESS_CHARS: usize = 64;

/// Text for a mail that others may have chosen: a name remains recognizable, but it is short and has no characters
/// of which mail programs make links.
#[must_use]
pub fn harmless(text: &str) -> String {
    let kept = |character: char| {
        character.is_alphanumeric() || matches!(character, ' ' | '-' | '_' | '(' | ')' | '\'' | ',' | '#' | '&')
    };
    line(text).chars().take(HARMLESS_CHARS).map(|character| if kept(character) { character } else { '-' }).collect()
}

/// Folds text for searching: ignores case in all scripts. Each character is folded separately, so that a part of a
/// text is folded as within the whole.
#[must_use]
pub fn fold(text: &str) -> String {
    // By way of upper case, so that ß finds ss, and ς finds σ.
    text.chars().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect()
}

/// Whether a character is invisible or meaningless: controls; the characters of Unicode's `Cf` that are used to
/// deceive; characters that are drawn as nothing (`Default_Ignorable_Code_Point`, the Hangul fillers, the blank
/// Braille pattern, the null notehead, the controls and blanks of hieroglyphs); noncharacters (The Unicode
/// Standard, section 23.7) and private use.
#[must_use]
pub fn is_invisible(character: char) -> bool {
    character.is_control()
        || accompanies(character)
        || matches!(character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
            | '\u{e000}'..='\u{f8ff}' | '\u{fdd0}'..='\u{fdef}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{13430}'..='\u{1345f}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d159}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}' | '\u{f0000}'..='\u{10ffff}')
        // The last two code points of each plane.
        || u32::from(character) & 0xfffe == 0xfffe
}

/// Tabs and line breaks separate words, even where they are not kept.
fn space(character: char) -> char {
    if matches!(character, '\t' | '\n' | '\r' | '\u{2028}' | '\u{2029}') { ' ' } else { blank(character) }
}

/// The blank Braille pattern separates words.
const fn blank(character: char) -> char {
    if character == '\u{2800}' { ' ' } else { character }
}

/// Joiners and variation selectors: they only change how the adjacent letter is drawn.
const fn accompanies(character: char) -> bool {
    joins(character)
        || matches!(character, '\u{180b}'..='\u{180d}' | '\u{180f}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// Zero-width joiner and non-joiner.
const fn joins(character: char) -> bool {
    matches!(character, '\u{200c}' | '\u{200d}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_visible_characters_only() {
        for (typed, kept) in [
            ("  Harbour office \n", "Harbour office"),
            ("a\0b\u{1b}c", "abc"),
            ("\u{1bca0}\u{13441}\u{13430}\u{ffff}\u{fdd0}\u{e000}\u{1fffe}\u{100000}", ""),
            ("two\n lines", "two lines"),
            ("\u{202e}abc\u{200b}", "abc"),
            ("می\u{200c}خواهم", "می\u{200c}خواهم"),
            ("\u{200d}\u{a0}\u{feff}", ""),
            ("\u{2800}\u{3164}\u{ffa0}\u{115f}\u{1160}", ""),
            ("\u{fe0f}\u{200d} \u{180b}", ""),
            ("\u{3164}Harbour\u{2800}office\u{ffa0}", "Harbour office"),
            ("a\u{2067}b\u{e0041}c", "abc"),
            ("thanks ❤\u{fe0f}", "thanks ❤\u{fe0f}"),
        ] {
            assert_eq!(line(typed), kept, "{typed:?}");
        }
    }

    #[test]
    fn text_chosen_by_others_forms_no_link() {
        assert_eq!(harmless("Ada's laptop (work)"), "Ada's laptop (work)");
        assert_eq!(harmless("Adas-MacBook.local"), "Adas-MacBook-local");
        assert_eq!(harmless("build agent #2 in the basement, R&D"), "build agent #2 in the basement, R&D");
        assert_eq!(harmless("win at https://evil.example/?a@b"), "win at https---evil-example--a-b");
        assert_eq!(harmless(&"x".repeat(200)).len(), HARMLESS_CHARS);
    }

    #[test]
    fn lines_keep_their_breaks() {
        assert_eq!(lines("\r\n one\r\n\ttwo\rthree\0 \n"), "one\n\ttwo\nthree");
        assert_eq!(lines("one\u{2028}\u{202e}two\u{2800}\u{200b}"), "one\ntwo");
        assert_eq!(lines("\u{3164}\n\u{ffa0}\t\u{2800}"), "");
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
