//! The texts use the field's terms: no text has a forbidden word, and every text is used.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "terms/entries.rs"]
mod entries;
#[path = "terms/like_english.rs"]
mod like_english;

use std::{collections::BTreeMap, fs, path::Path};

use entries::{Entry, texts};

/// Forbidden English words, in lower case, with their replacements. `…` stands for words in between in the same
/// sentence.
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

/// Forbidden Chinese words; they need no spaces around them.
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

/// Forbidden German words.
const GERMAN: &[(&str, &str)] = &[
    ("du", "Sie"),
    ("dein*", "Ihr"),
    ("dich", "Sie"),
    ("dir", "Ihnen"),
    ("euch", "Sie"),
    ("login", "Anmeldung"),
    ("logout", "Abmeldung"),
    ("einlogg*", "anmelden"),
    ("auslogg*", "abmelden"),
    ("account*", "Konto"),
    ("user*", "Benutzer"),
    ("nutzername*", "Benutzername"),
    ("kennwort*", "Passwort"),
    ("email*", "E-Mail"),
    ("authentisierung", "Authentifizierung"),
    ("zwei-schritt*", "Zwei-Faktor-Authentifizierung"),
    ("einmalcode*", "Bestätigungscode"),
    ("sicherheitscode*", "Bestätigungscode"),
    ("verifizierungscode*", "Bestätigungscode"),
    ("backup-code*", "Wiederherstellungscode"),
    ("ersatzcode*", "Wiederherstellungscode"),
    ("session*", "Sitzung"),
    ("programm*", "Anwendung"),
    ("applikation*", "Anwendung"),
    ("magisch*", "Zugriffslink"),
    ("mandant*", "Kunde"),
    ("klient*", "Kunde"),
    ("client*", "Kunde, Anwendung"),
    ("sso-anbieter", "Identitätsanbieter"),
    ("identity*", "Identitätsanbieter"),
    ("bitte", "die Aufforderung ohne „bitte“"),
    ("leider", "was geschehen ist, dann was zu tun ist"),
    ("entschuldig*", "was geschehen ist, dann was zu tun ist"),
    ("!", "ein Punkt"),
];

/// Forbidden Russian words.
const RUSSIAN: &[(&str, &str)] = &[
    ("ты", "вы"),
    ("тво*", "ваш"),
    ("учетн*", "аккаунт"),
    ("учётн*", "аккаунт"),
    ("логин*", "имя пользователя, вход"),
    ("залогин*", "войти"),
    ("разлогин*", "выйти"),
    ("авторизуй*", "войдите"),
    ("email*", "эл. почта"),
    ("e-mail*", "эл. почта"),
    ("имейл*", "эл. почта"),
    ("емейл*", "эл. почта"),
    ("двухэтапн*", "двухфакторная аутентификация"),
    ("одноразов*", "код подтверждения"),
    ("проверочн*", "код подтверждения"),
    ("резервн*", "код восстановления"),
    ("сесси*", "сеанс"),
    ("программ*", "приложение"),
    ("волшебн*", "ссылка для доступа"),
    ("магическ*", "ссылка для доступа"),
    ("заказчик*", "клиент"),
    ("провайдер*", "поставщик удостоверений"),
    ("аудит-лог*", "журнал аудита"),
    ("пожалуйста", "просьба без «пожалуйста»"),
    ("извините", "что случилось, затем что делать"),
    ("простите", "что случилось, затем что делать"),
    ("к сожалению", "что случилось, затем что делать"),
    ("!", "точка"),
    // The letter ё must be written.
    ("еще", "ещё"),
    ("ее", "её"),
    ("вперед", "вперёд"),
    ("темн*", "тёмный"),
    ("надежн*", "надёжный"),
    ("истек", "истёк"),
    ("изменен", "изменён"),
    ("удален", "удалён"),
    ("завершен", "завершён"),
    ("включен", "включён"),
    ("отключен", "отключён"),
    ("введен", "введён"),
];

/// The forbidden words of a language.
fn forbidden(tag: &str) -> &'static [(&'static str, &'static str)] {
    match tag {
        "en" => ENGLISH,
        "zh-Hans" => CHINESE,
        "de" => GERMAN,
        "ru" => RUSSIAN,
        other => panic!("{other} has no list of forbidden words"),
    }
}

/// Punctuation that a language does not use.
fn foreign_marks(tag: &str) -> &'static [&'static str] {
    match tag {
        "en" => &["„", "«", "»"],
        "zh-Hans" => &["„", "«", "»", "?", "!", ";"],
        "de" => &["”", "«", "»", " …", "‘", "’"],
        // A dash needs a no-break space before it.
        "ru" => &["“", "”", "„", " —", " …", "‘", "’"],
        other => panic!("{other} has no list of foreign marks"),
    }
}

#[test]
fn no_text_has_a_forbidden_word() {
    let found: Vec<String> = texts()
        .filter_map(|Entry { file, tag, key, text }| {
            let (word, say) = forbidden(&tag).iter().find(|(word, _)| has(&text, word))?;
            Some(format!("{}: {key} has “{word}” (say: {say}): {text}", file.display()))
        })
        .collect();
    assert!(found.is_empty(), "words that are not the terms of the field:\n{}", found.join("\n"));
}

#[test]
fn every_language_is_typeset_by_its_own_rules() {
    let everywhere = ["...", "\"", "  ", "\t", "\n"];
    let found: Vec<String> = texts()
        .filter(|Entry { tag, text, .. }| {
            let mut marks = everywhere.iter().chain(foreign_marks(tag));
            let pairs = [('„', '“'), ('«', '»')];
            let count = |mark| text.chars().filter(|found| *found == mark).count();
            marks.any(|mark| text.contains(mark))
                || text.trim() != text
                || (tag != "en" && tag != "zh-Hans" && pairs.iter().any(|(open, close)| count(*open) != count(*close)))
        })
        .map(|Entry { file, key, text, .. }| format!("{}: {key}: {text}", file.display()))
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
        .map(|Entry { file, key, text, .. }| format!("{}: {key}: {text}", file.display()))
        .collect();
    assert!(found.is_empty(), "in lower case inside a sentence:\n{}", found.join("\n"));
}

#[test]
fn every_text_is_translated() {
    let entries: Vec<Entry> = texts().collect();
    let key = |entry: &Entry| (entry.file.parent().map(Path::to_owned), entry.key.clone());
    let english: BTreeMap<_, &str> =
        entries.iter().filter(|entry| entry.tag == "en").map(|entry| (key(entry), entry.text.as_str())).collect();
    let (known, found): (Vec<&Entry>, Vec<&Entry>) = entries
        .iter()
        .filter(|entry| entry.tag != "en" && english.get(&key(entry)) == Some(&entry.text.as_str()))
        .partition(|entry| like_english::LIKE_ENGLISH.contains(&entry.text.as_str()));
    let found: Vec<String> =
        found.iter().map(|Entry { file, key, text, .. }| format!("{}: {key}: {text}", file.display())).collect();
    assert!(found.is_empty(), "not translated:\n{}", found.join("\n"));
    let needless: Vec<_> =
        like_english::LIKE_ENGLISH.iter().filter(|text| !known.iter().any(|entry| entry.text == **text)).collect();
    assert!(needless.is_empty(), "every language has words of its own for {needless:?}");
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
        .map(|Entry { file, key, text, .. }| format!("{}: {key}: {text}", file.display()))
        .collect();
    assert!(found.is_empty(), "no space between Chinese and Latin:\n{}", found.join("\n"));
}

#[test]
fn no_line_of_a_page_ends_within_an_english_compound() {
    let found: Vec<String> = texts()
        .filter(|entry| entry.tag == "en" && (entry.file.starts_with("words") || entry.file.starts_with("pages")))
        .filter(|Entry { text, .. }| {
            let text = text.to_lowercase();
            ["sign-in", "sign-on", "two-factor", "read-only"].iter().any(|compound| text.contains(compound))
        })
        .map(|Entry { file, key, text, .. }| format!("{}: {key}: {text}", file.display()))
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
            Some((entries.iter().find(|entry| entry.file == name.file && entry.key == label)?, name))
        })
        .collect();
    assert!(named.len() > 16, "{}", named.len());
    for (label, name) in named {
        let is_in_it = name.text.to_lowercase().contains(&label.text.to_lowercase());
        assert!(is_in_it, "{}: {}: {} / {}", name.file.display(), name.key, label.text, name.text);
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
        .filter(|text| text.tag == "en" && !text.file.starts_with("events"))
        .filter(|Entry { key, .. }| {
            let (section, name) = key.split_once('.').expect("has a section");
            let constant = name.split('.').next().unwrap_or_default().to_uppercase();
            !sources.iter().any(|source| has_word(source, section) && has_word(source, &constant))
        })
        .map(|Entry { file, key, .. }| format!("{}: {key}", file.display()))
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
