//! Turns `words/*.toml`, `mail/*.toml` and `pages/*.toml` into Rust: one constant a word, one enum variant a language, one
//! table a language in each folder; and `events/*.toml` into tables with the keys that are looked up in them.
//!
//! Fails when a language lacks a word, has one too many, or fills another placeholder than English.

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    error::Error,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

/// The language that decides which words there are.
const REFERENCE: &str = "en";

/// `section.key` -> text.
type Words = BTreeMap<String, String>;

fn main() -> Result<(), Box<dyn Error>> {
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let words = checked_languages("words")?;
    let mail = checked_languages("mail")?;
    let pages = checked_languages("pages")?;
    let events = checked_languages("events")?;
    if [&mail, &pages, &events].into_iter().any(|others| !words.keys().eq(others.keys())) {
        return Err("words/, mail/, pages/ and events/ have different languages".into());
    }
    fs::write(out.join("languages.rs"), language_enum(&words)?)?;
    for (folder, word, languages) in
        [("words", "Word", &words), ("mail", "MailWord", &mail), ("pages", "PageWord", &pages)]
    {
        let reference = languages.get(REFERENCE).ok_or("en.toml is missing")?;
        fs::write(out.join(format!("{folder}.rs")), constants(reference, word)?)?;
        fs::write(out.join(format!("{folder}_tables.rs")), tables(languages)?)?;
    }
    fs::write(out.join("events_tables.rs"), keys(&events)? + &tables(&events)?)?;
    Ok(())
}

fn checked_languages(folder: &str) -> Result<BTreeMap<String, Words>, Box<dyn Error>> {
    println!("cargo::rerun-if-changed={folder}");
    let languages = read_languages(Path::new(folder))?;
    let reference = languages.get(REFERENCE).ok_or_else(|| format!("{folder}/en.toml is missing"))?;
    for (tag, words) in &languages {
        compare(tag, words, reference).map_err(|error| format!("{folder}/{error}"))?;
    }
    Ok(languages)
}

fn read_languages(folder: &Path) -> Result<BTreeMap<String, Words>, Box<dyn Error>> {
    let mut languages = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let tag = path.file_stem().ok_or("a file without a name")?.to_string_lossy().into_owned();
        let sections: BTreeMap<String, Words> =
            toml::from_str(&fs::read_to_string(&path)?).map_err(|error| format!("{}: {error}", path.display()))?;
        let words = sections
            .into_iter()
            .flat_map(|(section, words)| words.into_iter().map(move |(key, text)| (format!("{section}.{key}"), text)))
            .collect();
        languages.insert(tag, words);
    }
    Ok(languages)
}

fn compare(tag: &str, words: &Words, reference: &Words) -> Result<(), String> {
    for (key, text) in reference {
        let translated = words.get(key).ok_or_else(|| format!("{tag}.toml lacks {key}"))?;
        if placeholders(translated) != placeholders(text) {
            return Err(format!("{tag}.toml: {key} has other placeholders than en.toml"));
        }
    }
    match words.keys().find(|key| !reference.contains_key(*key)) {
        Some(key) => Err(format!("{tag}.toml has {key}, which en.toml lacks")),
        None => Ok(()),
    }
}

fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name)).collect()
}

fn constants(reference: &Words, word: &str) -> Result<String, Box<dyn Error>> {
    let mut source = format!("/// How many words there are.\npub const COUNT: usize = {};\n", reference.len());
    let mut open = None;
    for (index, (key, text)) in reference.iter().enumerate() {
        let (section, name) = key.split_once('.').ok_or("a word without a section")?;
        if open != Some(section) {
            if open.is_some() {
                source.push_str("}\n");
            }
            writeln!(source, "/// The words of `[{section}]`.\npub mod {section} {{\n    use crate::{word};")?;
            open = Some(section);
        }
        let name = name.to_uppercase();
        writeln!(source, "    /// {text:?}\n    pub const {name}: {word} = {word}::new({index});")?;
    }
    source.push_str("}\n");
    Ok(source)
}

fn language_enum(languages: &BTreeMap<String, Words>) -> Result<String, Box<dyn Error>> {
    let mut variants = String::new();
    let mut all = String::new();
    let mut tags = Arms::default();
    let mut names = Arms::default();
    let mut directions = Arms::default();
    for (tag, words) in languages {
        let variant = variant(tag);
        let word = |key: &str| words.get(key).cloned().unwrap_or_default();
        writeln!(variants, "    /// {} (`{tag}`).\n    {variant},", word("language.name"))?;
        write!(all, "Self::{variant}, ")?;
        tags.add(&variant, tag.clone());
        names.add(&variant, word("language.name"));
        directions.add(&variant, word("language.direction"));
    }
    let [tags, names, directions] = [tags, names, directions].map(|arms| arms.source());
    Ok(format!(
        "/// A language that all words are in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {{
{variants}}}

impl Language {{
    /// Every language there is.
    pub const ALL: [Self; {count}] = [{all}];

    /// Its BCP 47 tag, for `lang` attributes.
    #[must_use]
    pub const fn tag(self) -> &'static str {{
        match self {{
{tags}        }}
    }}

    /// What it calls itself.
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
}}
",
        count = languages.len(),
    ))
}

/// The arms of a match on the language, one a value.
#[derive(Default)]
struct Arms(BTreeMap<String, Vec<String>>);

impl Arms {
    fn add(&mut self, variant: &str, value: String) {
        self.0.entry(value).or_default().push(format!("Self::{variant}"));
    }

    fn source(&self) -> String {
        let arm = |(value, variants): (&String, &Vec<String>)| {
            format!("            {} => {value:?},\n", variants.join(" | "))
        };
        self.0.iter().map(arm).collect()
    }
}

/// The keys of tables, in their order, without the one section that there is.
fn keys(languages: &BTreeMap<String, Words>) -> Result<String, Box<dyn Error>> {
    let reference = languages.get(REFERENCE).ok_or("en.toml is missing")?;
    let keys: Vec<&str> = reference.keys().filter_map(|key| key.split_once('.').map(|(_, key)| key)).collect();
    Ok(format!("const COUNT: usize = {};\nstatic KEYS: [&str; COUNT] = {keys:?};\n", keys.len()))
}

fn tables(languages: &BTreeMap<String, Words>) -> Result<String, Box<dyn Error>> {
    let mut source = String::new();
    let mut arms = String::new();
    for (tag, words) in languages {
        let name = tag.to_uppercase().replace('-', "_");
        writeln!(source, "static {name}: [&str; COUNT] = [")?;
        for text in words.values() {
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

/// `zh-Hans` -> `ZhHans`.
fn variant(tag: &str) -> String {
    tag.split('-')
        .map(|part| {
            let (first, rest) = part.split_at(1.min(part.len()));
            first.to_uppercase() + rest
        })
        .collect()
}
