//! Links to pages that belong together, side by side. Where there is no room for all, they scroll sideways and fade out at
//! the ends, and the present one is brought into sight.

use leptos::{ev, html, prelude::*, text_prop::TextProp};
use leptos_router::hooks::use_location;

/// The links, which are children of it.
#[component]
pub(crate) fn Strip(class: &'static str, #[prop(into)] label: TextProp, children: Children) -> impl IntoView {
    let strip = NodeRef::<html::Div>::new();
    let path = use_location().pathname;
    Effect::new(move |_| {
        path.track();
        // Once the link is marked.
        request_animation_frame(move || show_current(strip));
    });
    // It may have had room for all before, or not been a strip.
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

/// So many pixels fade out at each end (style/dashboard/strip.css).
const FADE: f64 = 16.0;

/// Scrolls the strip alone, not the page.
fn show_current(strip: NodeRef<html::Div>) {
    let Some(strip) = strip.try_get_untracked().flatten() else { return };
    let Ok(Some(current)) = strip.query_selector("[aria-current=page]") else { return };
    let (whole, link) = (strip.get_bounding_client_rect(), current.get_bounding_client_rect());
    if link.left() < whole.left() + FADE || link.right() > whole.right() - FADE {
        let way = (link.left() + link.right() - whole.left() - whole.right()) / 2.0;
        strip.scroll_by_with_x_and_y(way, 0.0);
    }
}
