//! The texts use the field's terms: no text has a forbidden word, and every text is used.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "terms/languages.rs"]
mod languages;

use std::{collections::BTreeMap, fs, path::Path};

use languages::{Entry, styles, texts};

#[test]
fn no_text_has_a_forbidden_word() {
    let styles = styles();
    let found: Vec<String> = texts()
        .filter_map(|entry| {
            let (word, say) = styles[&entry.tag].forbidden.iter().find(|(word, _)| has(&entry.text, word))?;
            Some(format!("“{word}” (say: {say}): {entry}"))
        })
        .collect();
    assert!(found.is_empty(), "words that are not the terms of the field:\n{}", found.join("\n"));
}

#[test]
fn every_language_is_typeset_by_its_own_rules() {
    let styles = styles();
    let everywhere = ["...", "\"", "  ", "\t", "\n"];
    let found: Vec<String> = texts()
        .filter(|Entry { tag, text, .. }| {
            let mut marks = everywhere.into_iter().chain(styles[tag].foreign_marks.iter().map(String::as_str));
            let pairs = [('„', '“'), ('«', '»')];
            let count = |mark| text.chars().filter(|found| *found == mark).count();
            marks.any(|mark| text.contains(mark))
                || text.trim() != text
                || (tag != "en" && tag != "zh-Hans" && pairs.iter().any(|(open, close)| count(*open) != count(*close)))
        })
        .map(|entry| entry.to_string())
        .collect();
    assert!(found.is_empty(), "punctuation that the language does not use:\n{}", found.join("\n"));
}

#[test]
fn the_russian_user_is_addressed_in_lower_case() {
    let is_polite = |word: &str| {
        let word = word.trim_start_matches(|letter: char| !letter.is_alphabetic());
        ["Вы", "Вас", "Вам", "Вами"].contains(&word.trim_end_matches(|letter: char| !letter.is_alphabetic()))
            || word.starts_with("Ваш")
    };
    let found: Vec<String> = texts()
        .filter(|text| text.tag == "ru")
        .filter(|Entry { text, .. }| {
            let words: Vec<&str> = text.split_whitespace().collect();
            words.windows(2).any(|pair| !pair[0].ends_with(['.', '?']) && is_polite(pair[1]))
        })
        .map(|entry| entry.to_string())
        .collect();
    assert!(found.is_empty(), "in lower case inside a sentence:\n{}", found.join("\n"));
}

#[test]
fn every_text_is_translated() {
    let (styles, entries): (_, Vec<Entry>) = (styles(), texts().collect());
    let english: BTreeMap<_, &str> = entries
        .iter()
        .filter(|entry| entry.tag == "en")
        .map(|entry| ((entry.part, entry.key.as_str()), entry.text.as_str()))
        .collect();
    let (known, found): (Vec<&Entry>, Vec<&Entry>) = entries
        .iter()
        .filter(|entry| entry.tag != "en" && english.get(&(entry.part, &entry.key)) == Some(&entry.text.as_str()))
        .partition(|entry| styles[&entry.tag].same_as_english.contains(&entry.text));
    let found: Vec<String> = found.into_iter().map(Entry::to_string).collect();
    assert!(found.is_empty(), "not translated:\n{}", found.join("\n"));
    for (tag, style) in styles {
        let is_needed = |text: &String| known.iter().any(|entry| entry.tag == tag && entry.text == *text);
        let needless: Vec<_> = style.same_as_english.iter().filter(|text| !is_needed(text)).collect();
        assert!(needless.is_empty(), "{tag} has texts of its own for {needless:?}");
    }
}

#[test]
fn a_space_is_between_chinese_and_latin() {
    // Dates and times may be Chinese at both ends: 12月12日, 59分钟后. So either is right beside them.
    let without_times = |text: &str| text.replace("{date}", "").replace("{time}", "");
    let is_latin = |letter: char| letter.is_ascii_alphanumeric() || "{}".contains(letter);
    let found: Vec<String> = texts()
        .filter(|text| text.tag == "zh-Hans")
        .filter(|Entry { text, .. }| {
            let text = without_times(text);
            text.chars().zip(text.chars().skip(1)).any(|(before, after)| {
                (is_chinese(before) && is_latin(after)) || (is_latin(before) && is_chinese(after))
            })
        })
        .map(|entry| entry.to_string())
        .collect();
    assert!(found.is_empty(), "no space between Chinese and Latin:\n{}", found.join("\n"));
}

#[test]
fn no_line_of_a_page_ends_within_an_english_compound() {
    let found: Vec<String> = texts()
        .filter(|entry| entry.tag == "en" && ["words", "pages"].contains(&entry.part))
        .filter(|Entry { text, .. }| {
            let text = text.to_lowercase();
            ["sign-in", "sign-on", "two-factor", "read-only"].iter().any(|compound| text.contains(compound))
        })
        .map(|entry| entry.to_string())
        .collect();
    assert!(found.is_empty(), "a hyphen that a line may end with, in place of U+2011:\n{}", found.join("\n"));
}

/// For speech input, which presses the button whose label the user says (WCAG 2.2, 2.5.3).
#[test]
fn accessible_names_of_buttons_contain_their_labels() {
    let entries: Vec<Entry> = texts().collect();
    let named: Vec<(&Entry, &Entry)> = entries
        .iter()
        .filter_map(|name| {
            let label = name.key.strip_suffix("_one")?;
            Some((
                entries
                    .iter()
                    .find(|entry| (&entry.tag, entry.part, entry.key.as_str()) == (&name.tag, name.part, label))?,
                name,
            ))
        })
        .collect();
    assert!(named.len() > 16, "{}", named.len());
    for (label, name) in named {
        let is_in_it = name.text.to_lowercase().contains(&label.text.to_lowercase());
        assert!(is_in_it, "{label} / {name}");
    }
}

#[test]
fn every_text_is_used() {
    let mut sources = Vec::new();
    // Only the source of this package that shows texts: its tests use some of them.
    for path in ["src/titles.rs", "../../src", "../server/src"] {
        read_sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join(path), &mut sources);
    }
    // Events are looked up by their names in the database.
    let unused: Vec<String> = texts()
        .filter(|text| text.tag == "en" && text.part != "events")
        .filter(|Entry { key, .. }| {
            let (section, name) = key.split_once('.').expect("has a section");
            let constant = name.split('.').next().unwrap_or_default().to_uppercase();
            !sources.iter().any(|source| has_word(source, section) && has_word(source, &constant))
        })
        .map(|entry| entry.to_string())
        .collect();
    assert!(unused.is_empty(), "unused texts:\n{}", unused.join("\n"));
}

#[test]
fn forbidden_words_are_found_as_whole_words() {
    assert!(has("Let it in", "let … in") && has("Taken back.", "taken back") && has("Wait!", "!"));
    assert!(
        !has("Outlet. Sign in", "let … in") && !has("programmed", "program") && !has("Let it. Sign in", "let … in")
    );
    assert!(has("收回授权", "收回"));
    assert!(has("Учётная запись", "учётн*") && has("Введите логин.", "логин*") && has("Dein Konto", "dein*"));
    assert!(!has("Konto {username}", "user*") && !has("{email}", "email"));
    assert!(!has("Создать её", "ее") && !has("Сменить пароль", "ты") && !has("Besteht", "steh*"));
}

/// Whether a text contains a word, or two words with others of the same sentence between them. Names of placeholders do
/// not count.
fn has(text: &str, word: &str) -> bool {
    let shown = text.split('{').map(|part| part.split_once('}').map_or(part, |(_, shown)| shown));
    let text = shown.collect::<Vec<_>>().join("{}").to_lowercase();
    match word.split_once(" … ") {
        Some((first, second)) => text.split(['.', '?', ':', ';']).any(|sentence| {
            let mut words = sentence.split_whitespace().skip_while(|word| *word != first);
            words.next().is_some() && words.skip(1).take(4).any(|word| word == second)
        }),
        None => has_word(&text, word),
    }
}

/// Whether a text contains a word with no letter, digit or underscore around it. Chinese has no spaces between words,
/// so any text matches. A star at the end matches any ending.
fn has_word(text: &str, word: &str) -> bool {
    let is_part = |letter: char| (letter.is_alphanumeric() && !is_chinese(letter)) || letter == '_';
    let (word, any_ending) = word.strip_suffix('*').map_or((word, false), |stem| (stem, true));
    text.match_indices(word).any(|(at, found)| {
        let (before, after) = (text.get(..at).unwrap_or_default(), text.get(at + found.len()..).unwrap_or_default());
        let goes_on_before = before.ends_with(is_part) && word.starts_with(is_part);
        let goes_on_after = after.starts_with(is_part) && word.ends_with(is_part);
        !goes_on_before && (any_ending || !goes_on_after)
    })
}

fn is_chinese(letter: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&letter)
}

fn read_sources(path: &Path, sources: &mut Vec<String>) {
    if path.is_file() {
        sources.push(fs::read_to_string(path).expect("is read"));
        return;
    }
    for entry in fs::read_dir(path).expect("is there") {
        read_sources(&entry.expect("is read").path(), sources);
    }
}
