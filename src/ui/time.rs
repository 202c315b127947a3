//! Times of what has happened: relative while they are recent, which is easier to judge, and absolute otherwise.

use doorstep_contract::auth::Timestamp;
use leptos::prelude::*;
use web_sys::js_sys::Date;

use crate::i18n::{ago, date_time};

/// For how long a time is recent, in milliseconds: a day.
const RECENT: f64 = 24.0 * 60.0 * 60.0 * 1e3;

/// A time. The absolute one is always there, for the pointer and for programs.
#[component]
pub(crate) fn Time(at: Timestamp) -> impl IntoView {
    let absolute = date_time(&at);
    let is_recent = (0.0..RECENT).contains(&(Date::now() - Date::parse(at.as_str())));
    let shown = if is_recent { ago(&at) } else { absolute.clone() };
    view! {
        <time datetime=move || at.as_str().to_owned() title=absolute>
            {shown}
        </time>
    }
}
