//! Compiles `languages/*.toml` into Rust: an enum variant for each language; for the parts `words`, `mail` and `pages` a
//! constant for each text, and a table for each language; for `events` tables with their keys.
//!
//! Fails if a language lacks a text or a plural form, has an unknown one, or has other placeholders than English.

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    error::Error,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use toml::{Table, Value};

/// The language that defines the keys.
const REFERENCE: &str = "en";

/// The folder of the languages.
const FOLDER: &str = "languages";

/// The part of a file that is sent to browsers.
const WORDS: &str = "words";

/// The part with the titles of audit events, which has no sections.
const EVENTS: &str = "events";

/// The part about the language itself.
const ABOUT: &str = "language";

/// The part that only the tests read.
const STYLE: &str = "style";

/// The key for the apps that have the texts of a section, in the reference file.
const APPS: &str = "apps";

/// The plural categories of CLDR, in the order of the forms in a table.
const CATEGORIES: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

/// The category that every language has.
const OTHER: &str = "other";

/// Maps `section.key` to its text.
type Words = BTreeMap<String, Word>;

/// The value of a key.
enum Word {
    Plain(String),
    /// A form for each plural category of the language: `left.one = "…"`, `left.other = "…"`.
    Counted(BTreeMap<String, String>),
}

/// Properties of a language.
struct About {
    name: String,
    direction: String,
    /// Its plural categories for whole numbers (CLDR, Language Plural Rules).
    plurals: BTreeSet<String>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let mut files = read_files()?;
    let mut languages = BTreeMap::new();
    for (tag, file) in &mut files {
        file.remove(STYLE);
        let about = about(part(file, ABOUT)?).map_err(|problem| format!("{tag}.toml: [{ABOUT}] {problem}"))?;
        languages.insert(tag.clone(), about);
    }
    fs::write(out.join("languages.rs"), language_enum(&languages)?)?;
    let apps = apps(files.get_mut(REFERENCE).ok_or("en.toml is missing")?)?;
    for (name, word) in [(WORDS, "Word"), ("mail", "MailWord"), ("pages", "PageWord")] {
        let words = checked_words(name, &mut files, &languages)?;
        let reference = words.get(REFERENCE).ok_or("en.toml is missing")?;
        fs::write(out.join(format!("{name}.rs")), constants(reference, word)?)?;
        fs::write(out.join(format!("{name}_tables.rs")), tables(&words)?)?;
        if name == WORDS {
            fs::write(out.join("words_sections.rs"), sections(reference, &apps)?)?;
        }
    }
    let events = checked_words(EVENTS, &mut files, &languages)?;
    fs::write(out.join("events_tables.rs"), keys(&events)? + &tables(&events)?)?;
    match files.iter().find_map(|(tag, file)| Some((tag, file.keys().next()?))) {
        Some((tag, part)) => Err(format!("{tag}.toml has [{part}], which nothing reads").into()),
        None => Ok(()),
    }
}

/// The files by their tags.
fn read_files() -> Result<BTreeMap<String, Table>, Box<dyn Error>> {
    println!("cargo::rerun-if-changed={FOLDER}");
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(Path::new(FOLDER))? {
        let path = entry?.path();
        let tag = path.file_stem().ok_or("a file without a name")?.to_string_lossy().into_owned();
        let content = fs::read_to_string(&path)?.parse().map_err(|error| format!("{}: {error}", path.display()))?;
        files.insert(tag, content);
    }
    Ok(files)
}

/// Takes a part of a file.
fn part(file: &mut Table, name: &str) -> Result<Table, String> {
    match file.remove(name) {
        Some(Value::Table(part)) => Ok(part),
        _ => Err(format!("lacks [{name}]")),
    }
}

fn about(mut section: Table) -> Result<About, String> {
    let mut take = |key: &str| section.remove(key).ok_or_else(|| format!("lacks {key}"));
    let (name, direction) = (string(take("name")?)?, string(take("direction")?)?);
    let Value::Array(plurals) = take("plurals")? else { return Err("plurals is no list".to_owned()) };
    let plurals = plurals.into_iter().map(string).collect::<Result<BTreeSet<_>, _>>()?;
    if !plurals.contains(OTHER) || !plurals.iter().all(|category| CATEGORIES.contains(&category.as_str())) {
        return Err(format!("plurals has {OTHER:?} and others of {CATEGORIES:?}"));
    }
    match section.keys().next() {
        Some(key) => Err(format!("has {key}, which nothing reads")),
        None => Ok(About { name, direction, plurals }),
    }
}

fn checked_words(
    name: &str,
    files: &mut BTreeMap<String, Table>,
    languages: &BTreeMap<String, About>,
) -> Result<BTreeMap<String, Words>, Box<dyn Error>> {
    let mut words = BTreeMap::new();
    for (tag, file) in files {
        let own = part(file, name).and_then(|part| read_words(name, part));
        words.insert(tag.clone(), own.map_err(|problem| format!("{tag}.toml: {problem}"))?);
    }
    let reference = words.get(REFERENCE).ok_or("en.toml is missing")?;
    for ((tag, words), about) in words.iter().zip(languages.values()) {
        compare(words, reference, about).map_err(|problem| format!("{tag}.toml: [{name}] {problem}"))?;
    }
    Ok(words)
}

fn read_words(name: &str, part: Table) -> Result<Words, String> {
    // Events need no sections.
    let sections = if name == EVENTS { Table::from_iter([(EVENTS.to_owned(), Value::Table(part))]) } else { part };
    let mut words = Words::new();
    for (section, entries) in sections {
        let Value::Table(entries) = entries else { return Err(format!("[{name}] {section} is in no section")) };
        for (key, value) in entries {
            let key = format!("{section}.{key}");
            let word = word(value).map_err(|problem| format!("[{name}] {key}: {problem}"))?;
            words.insert(key, word);
        }
    }
    Ok(words)
}

fn word(value: Value) -> Result<Word, String> {
    match value {
        Value::Table(forms) => {
            let forms = forms.into_iter().map(|(category, form)| Ok((category, string(form)?)));
            Ok(Word::Counted(forms.collect::<Result<_, String>>()?))
        }
        value => string(value).map(Word::Plain),
    }
}

fn string(value: Value) -> Result<String, String> {
    match value {
        Value::String(text) if text.trim().is_empty() => Err("says nothing".to_owned()),
        Value::String(text) => Ok(text),
        other => Err(format!("{other} is no text")),
    }
}

fn compare(words: &Words, reference: &Words, about: &About) -> Result<(), String> {
    for (key, original) in reference {
        let word = words.get(key).ok_or_else(|| format!("lacks {key}"))?;
        match (original, word) {
            (Word::Plain(_), Word::Plain(_)) => {}
            (Word::Counted(_), Word::Counted(forms)) if forms.keys().eq(&about.plurals) => {}
            (Word::Counted(_), _) => return Err(format!("{key} needs the forms {:?}", about.plurals)),
            (Word::Plain(_), Word::Counted(_)) => return Err(format!("{key} counts nothing in en.toml")),
        }
        if matches!(word, Word::Counted(_)) && !original.texts().iter().any(|text| text.contains("{count}")) {
            return Err(format!("{key} has forms, and no {{count}}"));
        }
        let expected = original.texts().into_iter().find(|text| !text.is_empty()).map(placeholders);
        let mut given = word.texts().into_iter().filter(|text| !text.is_empty()).map(placeholders);
        if !given.all(|given| Some(given) == expected) {
            return Err(format!("{key} has other placeholders than en.toml"));
        }
    }
    match words.keys().find(|key| !reference.contains_key(*key)) {
        Some(key) => Err(format!("has {key}, which en.toml lacks")),
        None => Ok(()),
    }
}

impl Word {
    /// Its texts, in the order of the table: one, or one for each category, empty for categories that the language
    /// lacks.
    fn texts(&self) -> Vec<&str> {
        match self {
            Self::Plain(text) => vec![text],
            Self::Counted(forms) => {
                CATEGORIES.iter().map(|category| forms.get(*category).map_or("", String::as_str)).collect()
            }
        }
    }
}

fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name)).collect()
}

fn constants(reference: &Words, word: &str) -> Result<String, Box<dyn Error>> {
    let count = reference.values().map(|word| word.texts().len()).sum::<usize>();
    let mut source = format!("/// The number of texts.\npub const COUNT: usize = {count};\n");
    let mut open = None;
    let mut index = 0;
    for (key, value) in reference {
        let (section, name) = key.split_once('.').ok_or("a word without a section")?;
        if open != Some(section) {
            if open.is_some() {
                source.push_str("}\n");
            }
            writeln!(source, "/// The texts of `[{section}]`.\npub mod {section} {{")?;
            open = Some(section);
        }
        let name = name.to_uppercase();
        let texts = value.texts();
        writeln!(source, "    /// {:?}", texts.last().copied().unwrap_or_default())?;
        match value {
            Word::Plain(_) => writeln!(source, "    pub const {name}: crate::{word} = crate::{word}::new({index});")?,
            Word::Counted(_) => {
                let mut forms = String::new();
                for (category, index) in CATEGORIES.iter().zip(index..) {
                    write!(forms, "{category}: crate::{word}::new({index}), ")?;
                }
                let kind = format!("crate::Counted<crate::{word}>");
                writeln!(source, "    pub const {name}: {kind} = crate::Counted {{ {forms}}};")?;
            }
        }
        index += texts.len();
    }
    source.push_str("}\n");
    Ok(source)
}

fn language_enum(languages: &BTreeMap<String, About>) -> Result<String, Box<dyn Error>> {
    let mut variants = String::new();
    let mut all = String::new();
    let mut tags = Arms::default();
    let mut names = Arms::default();
    let mut directions = Arms::default();
    let mut plurals = Arms::default();
    for (tag, about) in languages {
        let variant = variant(tag);
        writeln!(variants, "    /// {} (`{tag}`).\n    {variant},", about.name)?;
        write!(all, "Self::{variant}, ")?;
        tags.add(&variant, format!("{tag:?}"));
        names.add(&variant, format!("{:?}", about.name));
        directions.add(&variant, format!("{:?}", about.direction));
        plurals.add(&variant, format!("&{:?}", about.plurals.iter().collect::<Vec<_>>()));
    }
    let [tags, names, directions, plurals] = [tags, names, directions, plurals].map(|arms| arms.source());
    Ok(format!(
        "/// A language that Doorstep is translated to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {{
{variants}}}

impl Language {{
    /// All languages.
    pub const ALL: [Self; {count}] = [{all}];

    /// Its BCP 47 tag, for `lang` attributes.
    #[must_use]
    pub const fn tag(self) -> &'static str {{
        match self {{
{tags}        }}
    }}

    /// Its own name.
    #[must_use]
    pub const fn name(self) -> &'static str {{
        match self {{
{names}        }}
    }}

    /// Its direction, for `dir` attributes: `ltr` or `rtl`.
    #[must_use]
    pub const fn direction(self) -> &'static str {{
        match self {{
{directions}        }}
    }}

    /// Its plural categories (CLDR), in alphabetical order.
    #[must_use]
    pub const fn plurals(self) -> &'static [&'static str] {{
        match self {{
{plurals}        }}
    }}
}}
",
        count = languages.len(),
    ))
}

/// The arms of a match on the language, one for each value.
#[derive(Default)]
struct Arms(BTreeMap<String, Vec<String>>);

impl Arms {
    fn add(&mut self, variant: &str, value: String) {
        self.0.entry(value).or_default().push(format!("Self::{variant}"));
    }

    fn source(&self) -> String {
        let arm =
            |(value, variants): (&String, &Vec<String>)| format!("            {} => {value},\n", variants.join(" | "));
        self.0.iter().map(arm).collect()
    }
}

/// Takes the apps of each section of the reference.
fn apps(file: &mut Table) -> Result<BTreeMap<String, Vec<String>>, Box<dyn Error>> {
    let sections = file.get_mut(WORDS).and_then(Value::as_table_mut).ok_or("en.toml lacks [words]")?;
    let mut all = BTreeMap::new();
    for (name, section) in sections.iter_mut() {
        let Some(Value::Array(apps)) = section.as_table_mut().and_then(|section| section.remove(APPS)) else {
            return Err(format!("{REFERENCE}.toml: [{WORDS}.{name}] does not say which {APPS} have it").into());
        };
        all.insert(name.clone(), apps.into_iter().map(string).collect::<Result<_, _>>()?);
    }
    Ok(all)
}

/// The sections of `[words]`, in the order of the tables: name, number of texts, apps.
fn sections(reference: &Words, apps: &BTreeMap<String, Vec<String>>) -> Result<String, Box<dyn Error>> {
    let mut counts = BTreeMap::<&str, usize>::new();
    for (key, word) in reference {
        let (section, _) = key.split_once('.').ok_or("a word without a section")?;
        *counts.entry(section).or_default() += word.texts().len();
    }
    let mut rows = String::new();
    for (name, texts) in &counts {
        let apps = apps.get(*name).ok_or("a section without apps")?;
        writeln!(rows, "    Section {{ name: {name:?}, texts: {texts}, apps: &{apps:?} }},")?;
    }
    Ok(format!("static SECTIONS: [Section; {}] = [\n{rows}];\n", counts.len()))
}

/// The keys of the tables, in order, without their only section.
fn keys(languages: &BTreeMap<String, Words>) -> Result<String, Box<dyn Error>> {
    let reference = languages.get(REFERENCE).ok_or("en.toml is missing")?;
    if reference.values().any(|word| matches!(word, Word::Counted(_))) {
        return Err(format!("[{EVENTS}] counts nothing").into());
    }
    let keys: Vec<&str> = reference.keys().filter_map(|key| key.split_once('.').map(|(_, key)| key)).collect();
    Ok(format!("const COUNT: usize = {};\nstatic KEYS: [&str; COUNT] = {keys:?};\n", keys.len()))
}

fn tables(languages: &BTreeMap<String, Words>) -> Result<String, Box<dyn Error>> {
    let mut source = String::new();
    let mut arms = String::new();
    for (tag, words) in languages {
        let name = tag.to_uppercase().replace('-', "_");
        writeln!(source, "static {name}: [&str; COUNT] = [")?;
        for text in words.values().flat_map(Word::texts) {
            writeln!(source, "    {text:?},")?;
        }
        source.push_str("];\n");
        writeln!(arms, "        Language::{} => &{name},", variant(tag))?;
    }
    write!(
        source,
        "fn table(language: Language) -> &'static [&'static str; COUNT] {{\n    match language {{\n{arms}    }}\n}}\n"
    )?;
    Ok(source)
}

/// The enum variant of a tag: `ZhHans` for `zh-Hans`.
fn variant(tag: &str) -> String {
    tag.split('-')
        .map(|part| {
            let (first, rest) = part.split_at(1.min(part.len()));
            first.to_uppercase() + rest
        })
        .collect()
}
