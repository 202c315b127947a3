//! Words: the table of the page's language, which the boot script fetched before the app.

use std::sync::OnceLock;

use doorstep_contract::{
    auth::Timestamp,
    shell::{attribute, id},
};
use doorstep_locales::{Counted, PluralCategory, Word};
use leptos::{leptos_dom::logging::console_error, prelude::document};
use web_sys::{
    js_sys::{Array, Date, Intl, Number, Object, Reflect},
    wasm_bindgen::JsValue,
};

use crate::{api::json, preferences::language_tag};

static TABLE: OnceLock<Vec<String>> = OnceLock::new();

/// Reads the table that the boot script left. `None` when it is not there or not a table.
pub(crate) fn load() -> Option<()> {
    let table = document().get_element_by_id(id::WORDS)?.get_attribute(attribute::WORDS)?;
    let table = json::from_str(&table)?;
    TABLE.set(table).ok()
}

/// The word in the page's language; nothing before [`load`].
pub(crate) fn t(word: Word) -> &'static str {
    let text = TABLE.get().and_then(|table| table.get(word.index())).map_or("", String::as_str);
    if text.is_empty() {
        // `apps` of its section in crates/locales/words/en.toml does not name this app.
        console_error("a word is shown that this app does not have");
    }
    text
}

/// The word, with a value where `{name}` stands.
pub(crate) fn t_with(word: Word, name: &str, value: &str) -> String {
    doorstep_locales::fill(t(word), name, value)
}

/// The word that counts this many, with the number in it, by the plural rules of the page's language.
pub(crate) fn t_count(word: Counted<Word>, count: u32) -> String {
    let rules = Intl::PluralRules::new(&locales(), &Object::new());
    let category = String::from(rules.select(count.into()));
    doorstep_locales::fill(word.form(PluralCategory::parse(&category), t), "count", &number(count))
}

/// A number as the page's language writes it: `10,000`.
pub(crate) fn number(number: u32) -> String {
    Number::from(number).to_locale_string(&language_tag()).into()
}

/// Seconds as minutes and seconds: `0:42`.
pub(crate) fn minutes(seconds: u32) -> String {
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// How long ago it was, in the page's language: `3 minutes ago`.
pub(crate) fn ago(time: &Timestamp) -> String {
    let seconds = ((Date::now() - Date::parse(time.as_str())) / 1e3).max(0.0);
    let (count, unit) = match seconds {
        ..60.0 => (seconds, "second"),
        ..3600.0 => (seconds / 60.0, "minute"),
        _ => (seconds / 3600.0, "hour"),
    };
    // "now", not "0 seconds ago".
    let format = Intl::RelativeTimeFormat::new(&locales(), &options(&[("numeric", "auto")]));
    format.format(-count.floor(), unit).into()
}

/// A time in the page's language and the user's time zone.
pub(crate) fn date_time(time: &Timestamp) -> String {
    localized(time, &[("dateStyle", "medium"), ("timeStyle", "short")])
}

/// The day of a time, in the page's language and the user's time zone.
pub(crate) fn date(time: &Timestamp) -> String {
    localized(time, &[("dateStyle", "long")])
}

/// How many days there are until then, to the nearest.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to what fits")]
pub(crate) fn days_until(time: &Timestamp) -> u32 {
    let days = (Date::parse(time.as_str()) - Date::now()) / (24.0 * 60.0 * 60.0 * 1e3);
    days.round().clamp(0.0, f64::from(u32::MAX)) as u32
}

fn localized(time: &Timestamp, style: &[(&str, &str)]) -> String {
    let date = Date::new(&JsValue::from_str(time.as_str()));
    date.to_locale_string(&language_tag(), &options(style)).into()
}

fn options(options: &[(&str, &str)]) -> Object {
    let object = Object::new();
    for (key, value) in options {
        // Setting a property of a fresh object can't fail.
        let _ = Reflect::set(&object, &JsValue::from_str(key), &JsValue::from_str(value));
    }
    object
}

fn locales() -> Array {
    Array::of1(&JsValue::from_str(&language_tag()))
}
