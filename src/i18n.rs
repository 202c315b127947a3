//! Translations: the table of the page's language, which the boot script fetched.

use std::sync::OnceLock;

use doorstep_contract::{
    auth::Timestamp,
    shell::{attribute, id},
};
use doorstep_locales::{Counted, PluralCategory, Word, words::app};
use leptos::{leptos_dom::logging::console_error, prelude::document};
use web_sys::{
    js_sys::{Array, Date, Intl, JsString, Number, Object, Reflect},
    wasm_bindgen::JsValue,
};

use crate::api::json;

static TABLE: OnceLock<Vec<String>> = OnceLock::new();

/// Reads the table that the boot script left in the page. `None` if it is missing or malformed.
pub(crate) fn load() -> Option<()> {
    let table = document().get_element_by_id(id::WORDS)?.get_attribute(attribute::WORDS)?;
    let table = json::from_str(&table)?;
    TABLE.set(table).ok()
}

/// The BCP 47 tag of the page's language.
pub(crate) fn language_tag() -> String {
    document().document_element().and_then(|root| root.get_attribute("lang")).unwrap_or_default()
}

/// The text of a word in the page's language; empty before [`load`].
pub(crate) fn t(word: Word) -> &'static str {
    let text = TABLE.get().and_then(|table| table.get(word.index())).map_or("", String::as_str);
    if text.is_empty() {
        // `apps` of its section in crates/locales/languages/en.toml does not name this app.
        console_error("a word is shown that this app does not have");
    }
    text
}

/// The text of a word with a value in place of `{name}`.
pub(crate) fn t_with(word: Word, name: &str, value: &str) -> String {
    doorstep_locales::fill(t(word), name, value)
}

/// The text of a counted word for this number, by the plural rules of the page's language, with the number in it.
pub(crate) fn t_count(word: Counted<Word>, count: u32) -> String {
    let rules = Intl::PluralRules::new(&locales(), &Object::new());
    let category = String::from(rules.select(count.into()));
    doorstep_locales::fill(word.form(PluralCategory::parse(&category), t), "count", &number(count))
}

/// Whether a text comes before another in the alphabet of the page's language.
pub(crate) fn is_before(text: &str, other: &str) -> bool {
    JsString::from(text).locale_compare(other, &locales(), &Object::new()) < 0
}

/// A number formatted for the page's language: `10,000`.
pub(crate) fn number(number: u32) -> String {
    Number::from(number).to_locale_string(&language_tag()).into()
}

/// Seconds formatted as minutes and seconds: `0:42`.
pub(crate) fn minutes(seconds: u32) -> String {
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// A time relative to now, in the page's language, within a day: `just now`, `3 minutes ago`, `in 2 hours`.
pub(crate) fn ago(time: &Timestamp) -> String {
    let seconds = (Date::parse(time.as_str()) - Date::now()) / 1e3;
    // Clocks may differ: a recent time is not shown as in the future.
    let Some((length, unit)) = UNITS.iter().find(|(length, _)| seconds.abs() >= *length) else {
        return t(app::JUST_NOW).to_owned();
    };
    relative((seconds / length).trunc(), unit)
}

/// For a time in the future, in place of `just now`: `in 1 minute`.
pub(crate) fn in_a_minute() -> String {
    relative(1.0, "minute")
}

fn relative(count: f64, unit: &str) -> String {
    Intl::RelativeTimeFormat::new(&locales(), &Object::new()).format(count, unit).into()
}

/// Units in seconds, longest first. Anything shorter is "just now".
const UNITS: [(f64, &str); 2] = [(3_600.0, "hour"), (60.0, "minute")];

/// A time in the page's language and the user's time zone: `27 Nov 2026, 14:05`.
pub(crate) fn date_time(time: &Timestamp) -> String {
    localized(time, &[("dateStyle", "medium"), ("timeStyle", "short")])
}

/// The same to the second, with the time zone: `27 Nov 2026, 14:05:33 UTC`.
pub(crate) fn exact_time(time: &Timestamp) -> String {
    localized(time, &[("dateStyle", "medium"), ("timeStyle", "long")])
}

/// The date of a time, in the page's language and the user's time zone: `Nov 27`, with the year unless it is this one.
pub(crate) fn short_date(time: &Timestamp) -> String {
    let day = Date::new(&JsValue::from_str(time.as_str()));
    if day.get_full_year() == Date::new_0().get_full_year() {
        localized(time, &[("month", "short"), ("day", "numeric")])
    } else {
        localized(time, &[("dateStyle", "medium")])
    }
}

/// The number of days until a time, rounded.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to what fits")]
pub(crate) fn days_until(time: &Timestamp) -> u32 {
    let days = (Date::parse(time.as_str()) - Date::now()) / (24.0 * 60.0 * 60.0 * 1e3);
    days.round().clamp(0.0, f64::from(u32::MAX)) as u32
}

/// The current time, formatted like [`date_time`].
pub(crate) fn now() -> String {
    date_time(&Timestamp::new(String::from(Date::new_0().to_iso_string())))
}

/// The date of a time: `Friday, 27 November 2026`.
pub(crate) fn day(time: &Timestamp) -> String {
    localized(time, &[("dateStyle", "full")])
}

/// The time of day: `14:05`.
pub(crate) fn time_of_day(time: &Timestamp) -> String {
    localized(time, &[("timeStyle", "short")])
}

/// A time formatted with options of `Intl.DateTimeFormat`.
fn localized(time: &Timestamp, chosen: &[(&str, &str)]) -> String {
    Date::new(&JsValue::from_str(time.as_str())).to_locale_string(&language_tag(), &options(chosen)).into()
}

/// The options object of a formatter.
fn options(options: &[(&str, &str)]) -> Object {
    let object = Object::new();
    for (key, value) in options {
        // Setting a property of a new object can't fail.
        let _ = Reflect::set(&object, &JsValue::from_str(key), &JsValue::from_str(value));
    }
    object
}

fn locales() -> Array {
    Array::of1(&JsValue::from_str(&language_tag()))
}
