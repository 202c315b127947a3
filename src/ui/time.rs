//! Times: relative within a day, else the date; the exact time is in the tooltip and the `datetime` attribute. All
//! pages use them, except the audit log, which groups events by day.

use doorstep_contract::auth::Timestamp;
use doorstep_locales::Word;
use leptos::prelude::*;
use web_sys::js_sys::Date;

use crate::i18n::{ago, date_time, in_a_minute, short_date, t_with};

/// Times within this distance are relative, in milliseconds: a day.
const NEAR: f64 = 24.0 * 60.0 * 60.0 * 1e3;
/// A minute, in milliseconds.
const MINUTE: f64 = 60.0 * 1e3;

/// A time, with the absolute one as tooltip and `datetime`.
#[component]
pub(crate) fn Time(at: Timestamp) -> impl IntoView {
    let text = near_or_day(&at);
    let absolute = date_time(&at);
    shown(at, text, absolute.clone(), absolute)
}

/// The date of a time, for expiries.
#[component]
pub(crate) fn Day(at: Timestamp) -> impl IntoView {
    let text = short_date(&at);
    let absolute = date_time(&at);
    shown(at, text, absolute.clone(), absolute)
}

/// A sentence with a time in place of its `{time}`.
#[component]
pub(crate) fn TimeSentence(
    word: Word,
    at: Timestamp,
    /// Whether the time is in the future, so that it is never `just now`.
    #[prop(optional)]
    to_come: bool,
) -> impl IntoView {
    let is_next = to_come && (0.0..MINUTE).contains(&(Date::parse(at.as_str()) - Date::now()));
    let text = t_with(word, "time", &if is_next { in_a_minute() } else { near_or_day(&at) });
    let absolute = date_time(&at);
    let on_paper = t_with(word, "time", &absolute);
    shown(at, text, absolute, on_paper)
}

/// Relative times are soon wrong on paper, which has another text.
fn shown(at: Timestamp, text: String, absolute: String, on_paper: String) -> impl IntoView {
    view! {
        <time datetime=move || at.as_str().to_owned() title=absolute data-paper=on_paper>
            <span>{text}</span>
        </time>
    }
}

/// `3 minutes ago`, `in 2 hours`, `Nov 28`, `Nov 28, 2025`.
pub(crate) fn near_or_day(at: &Timestamp) -> String {
    let distance = (Date::now() - Date::parse(at.as_str())).abs();
    if distance < NEAR { ago(at) } else { short_date(at) }
}
