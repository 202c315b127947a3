//! Without access: what a client can do, and nothing of the sign-in of the dashboard. Its markup is that of the server.

use doorstep_contract::shell::id;
use leptos::prelude::AnyView;
use web_sys::Element;

use crate::{
    title,
    ui::{adopt::Screen, part::nothing},
};

/// The page. It draws nothing itself. A shell without it leaves an empty page, which lets nobody in either.
pub(super) fn no_access() -> AnyView {
    let heading = Screen::adopt(id::ACCESS_REQUIRED, id::ACCESS_REQUIRED_TEMPLATE, id::MAIN)
        .and_then(|screen| screen.find_first::<Element>("h1"));
    if let Some(heading) = heading.and_then(|heading| heading.text_content()) {
        title::show_name(&heading);
    }
    nothing()
}
