//! Without access: what a client can do, and nothing of the sign-in of the dashboard. Its markup is that of the server.

use doorstep_contract::shell::id;
use leptos::prelude::*;
use leptos_meta::Title;
use web_sys::Element;

use crate::ui::adopt::Screen;

/// The page. It draws nothing itself. A shell without it leaves an empty page, which gives no access either.
#[component]
pub(crate) fn NoAccessPage() -> impl IntoView {
    let heading = Screen::adopt(id::ACCESS_REQUIRED, id::ACCESS_REQUIRED_TEMPLATE, id::MAIN)
        .and_then(|screen| screen.find_first::<Element>("h1"));
    let title = heading.and_then(|heading| heading.text_content()).unwrap_or_default();
    view! { <Title text=title /> }
}
