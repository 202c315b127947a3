//! The page without access to the portal, with nothing of the dashboard's sign-in. The server renders its markup.

use doorstep_contract::shell::id;
use leptos::prelude::*;
use leptos_meta::Title;
use web_sys::Element;

use crate::ui::adopt::Screen;

/// The page. It draws nothing itself. If the shell lacks the markup, the page is empty.
#[component]
pub(crate) fn NoAccessPage() -> impl IntoView {
    let heading = Screen::adopt(id::ACCESS_REQUIRED, id::ACCESS_REQUIRED_TEMPLATE, id::MAIN)
        .and_then(|screen| screen.find_first::<Element>("h1"));
    let title = heading.and_then(|heading| heading.text_content()).unwrap_or_default();
    view! { <Title text=title /> }
}
