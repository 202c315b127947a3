//! A row of links to related pages. Where there is no room for all, it scrolls sideways, fades out at the ends, and
//! scrolls the current link to the middle.

use leptos::{ev, html, prelude::*, text_prop::TextProp};
use leptos_router::hooks::use_location;

/// The row; the links are its children.
#[component]
pub(crate) fn Strip(class: &'static str, #[prop(into)] label: TextProp, children: Children) -> impl IntoView {
    let strip = NodeRef::<html::Div>::new();
    let path = use_location().pathname;
    Effect::new(move |_| {
        path.track();
        // After the router has marked the current link.
        request_animation_frame(move || show_current(strip));
    });
    // The strip may not have scrolled before.
    let resized = window_event_listener(ev::resize, move |_| show_current(strip));
    on_cleanup(move || resized.remove());
    view! {
        <nav class=class aria-label=move || label.get()>
            <div class="strip" node_ref=strip>
                {children()}
            </div>
        </nav>
    }
}

/// Scrolls the strip, but not the page.
fn show_current(strip: NodeRef<html::Div>) {
    let Some(strip) = strip.try_get_untracked().flatten() else { return };
    let Ok(Some(current)) = strip.query_selector("[aria-current=page]") else { return };
    let (whole, link) = (strip.get_bounding_client_rect(), current.get_bounding_client_rect());
    let way = (link.left() + link.right() - whole.left() - whole.right()) / 2.0;
    strip.scroll_by_with_x_and_y(way, 0.0);
}
