//! The words keep to the terms of the field: no forbidden word in any file of a language, and no word that nothing shows.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use toml::{Table, Value};

/// The folders of word files.
const FOLDERS: [&str; 4] = ["words", "mail", "pages", "events"];

/// What English says otherwise, in lower case, with what to say. `…` stands for words between two others of a sentence.
const ENGLISH: &[(&str, &str)] = &[
    ("let … in", "approve, authorize"),
    ("lets … in", "approves, authorizes"),
    ("take … back", "revoke"),
    ("taken back", "revoked"),
    ("way in", "linked account"),
    ("ways in", "linked accounts"),
    ("other ways", "single sign-on, linked accounts"),
    ("fresh proof", "verify"),
    ("proof", "verify"),
    ("good for", "expires"),
    ("in force", "active"),
    ("whoever", "anyone, your administrator"),
    ("somebody", "a user, someone"),
    ("anybody", "anyone"),
    ("nobody", "no one"),
    ("tell", "contact"),
    ("told", "a plain statement"),
    ("make", "create"),
    ("made", "created"),
    ("log in", "sign in"),
    ("log out", "sign out"),
    ("logged out", "signed out"),
    ("login", "sign-in"),
    ("leave", "sign out"),
    ("user name", "username"),
    ("two-factor sign-in", "two-factor authentication"),
    ("one-time code", "verification code"),
    ("one-time codes", "two-factor authentication, verification codes"),
    ("code from the app", "verification code"),
    ("program", "application"),
    ("programs", "applications"),
    ("it would open", "permissions"),
    ("everything that your account may do", "act with full access to your account"),
    ("magic link", "access link"),
    ("temporary token", "temporary sign-in token"),
    ("other system", "identity provider"),
    ("identity system", "identity provider"),
    ("bring back", "restore"),
    ("put away", "archive"),
    ("keep the old one", "cancel"),
    ("who you are", "profile"),
    ("what to call you", "display name"),
    ("no more", "no longer, remove"),
    ("any more", "no longer"),
    ("unless used", "if inactive"),
    ("turned away", "denied"),
    ("led", "a plain statement"),
    ("sorry", "what happened, then what to do"),
    ("!", "a full stop"),
];

/// The same for Chinese, whose words have no spaces between them.
const CHINESE: &[(&str, &str)] = &[
    ("账户", "账号"),
    ("帐户", "账号"),
    ("帐号", "账号"),
    ("登陆", "登录"),
    ("注销", "退出登录"),
    ("你", "您"),
    ("恢复代码", "恢复码"),
    ("两步验证", "双重验证"),
    ("一次性验证码", "验证码"),
    ("魔法", "访问链接"),
    ("收回", "撤销授权"),
    ("程序", "应用"),
    ("自称", "设备名称（由设备提供）"),
    ("另一系统", "身份提供商"),
    ("其他系统", "身份提供商"),
    ("身份系统", "身份提供商"),
    ("其他登录方式", "关联账号"),
    ("临时令牌", "临时登录令牌"),
    ("管理者", "管理员"),
    ("告知", "联系"),
    ("带到", "直接的说法"),
    ("称呼", "显示名称"),
    ("不再信任", "移除"),
    ("抱歉", "发生了什么，然后该做什么"),
    ("对不起", "发生了什么，然后该做什么"),
    ("！", "。"),
];

/// What a language says otherwise. A language without a list has none yet.
fn forbidden(tag: &str) -> &'static [(&'static str, &'static str)] {
    match tag {
        "en" => ENGLISH,
        "zh-Hans" => CHINESE,
        _ => &[],
    }
}

#[test]
fn no_word_file_has_a_forbidden_word() {
    let found: Vec<String> = texts()
        .filter_map(|Entry { file, tag, key, text }| {
            let (word, say) = forbidden(&tag).iter().find(|(word, _)| has(&text, word))?;
            Some(format!("{}: {key} has “{word}” (say: {say}): {text}", file.display()))
        })
        .collect();
    assert!(found.is_empty(), "words that are not the terms of the field:\n{}", found.join("\n"));
}

#[test]
fn a_space_is_between_chinese_and_latin() {
    let is_chinese = |letter: char| ('\u{4e00}'..='\u{9fff}').contains(&letter);
    let is_latin = |letter: char| letter.is_ascii_alphanumeric() || "{}".contains(letter);
    let found: Vec<String> = texts()
        .filter(|text| text.tag == "zh-Hans")
        .filter(|Entry { text, .. }| {
            text.chars().zip(text.chars().skip(1)).any(|(before, after)| {
                (is_chinese(before) && is_latin(after)) || (is_latin(before) && is_chinese(after))
            })
        })
        .map(|Entry { file, key, text, .. }| format!("{}: {key}: {text}", file.display()))
        .collect();
    assert!(found.is_empty(), "no space between Chinese and Latin:\n{}", found.join("\n"));
}

#[test]
fn every_word_is_shown_somewhere() {
    let mut sources = Vec::new();
    for folder in ["../../src", "../server/src"] {
        read_sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut sources);
    }
    // Events are looked up by what the database has.
    let unused: Vec<String> = texts()
        .filter(|text| text.tag == "en" && !text.file.starts_with("events"))
        .filter(|Entry { key, .. }| {
            let (section, name) = key.split_once('.').expect("has a section");
            let constant = name.split('.').next().unwrap_or_default().to_uppercase();
            !sources.iter().any(|source| has_word(source, section) && has_word(source, &constant))
        })
        .map(|Entry { file, key, .. }| format!("{}: {key}", file.display()))
        .collect();
    assert!(unused.is_empty(), "nothing shows these words:\n{}", unused.join("\n"));
}

#[test]
fn forbidden_words_are_found_as_whole_words() {
    assert!(has("Let it in", "let … in") && has("Taken back.", "taken back") && has("Wait!", "!"));
    assert!(
        !has("Outlet. Sign in", "let … in") && !has("programmed", "program") && !has("Let it. Sign in", "let … in")
    );
    assert!(has("收回授权", "收回"));
}

/// An entry of a word file.
struct Entry {
    /// Where it is, below this crate.
    file: PathBuf,
    /// Of which language.
    tag: String,
    /// `section.key`, with the plural category behind it when there are forms.
    key: String,
    text: String,
}

fn texts() -> impl Iterator<Item = Entry> {
    FOLDERS.into_iter().flat_map(|folder| {
        let files = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).expect("is there");
        files.flat_map(move |file| of_file(folder, &file.expect("is read").path()))
    })
}

fn of_file(folder: &str, path: &Path) -> Vec<Entry> {
    let tag = path.file_stem().expect("has a name").to_string_lossy().into_owned();
    let file = Path::new(folder).join(path.file_name().expect("has a name"));
    let content: Table = fs::read_to_string(path)
        .expect("is read")
        .parse()
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    // `[language]` is about the language.
    let sections = content.into_iter().filter(|(section, _)| section != "language");
    let texts = sections.flat_map(|(section, words)| texts_below(&section, words));
    texts.map(|(key, text)| Entry { file: file.clone(), tag: tag.clone(), key, text }).collect()
}

fn texts_below(key: &str, value: Value) -> Vec<(String, String)> {
    match value {
        Value::String(text) => vec![(key.to_owned(), text)],
        Value::Table(below) => {
            below.into_iter().flat_map(|(name, value)| texts_below(&format!("{key}.{name}"), value)).collect()
        }
        other => panic!("{key}: {other} is no text"),
    }
}

/// Whether a text has a word, or two words with others of the same sentence between them.
fn has(text: &str, word: &str) -> bool {
    let text = text.to_lowercase();
    match word.split_once(" … ") {
        Some((first, second)) => text.split(['.', '?', ':', ';']).any(|sentence| {
            let mut words = sentence.split_whitespace().skip_while(|word| *word != first);
            words.next().is_some() && words.skip(1).take(4).any(|word| word == second)
        }),
        None => has_word(&text, word),
    }
}

/// Whether a text has these letters, with no ASCII letter, digit or underscore at either end if they begin and end with one.
fn has_word(text: &str, word: &str) -> bool {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    text.match_indices(word).any(|(at, found)| {
        let (before, after) = (text.get(..at).unwrap_or_default(), text.get(at + found.len()..).unwrap_or_default());
        let goes_on_before = before.ends_with(is_part) && word.starts_with(is_part);
        let goes_on_after = after.starts_with(is_part) && word.ends_with(is_part);
        !goes_on_before && !goes_on_after
    })
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
