//! A row of links to related pages. Where there is no room for all, it scrolls sideways, fades out at the ends, and
//! scrolls the current link to the middle.

use leptos::{ev, html, prelude::*, text_prop::TextProp};
use leptos_router::hooks::use_location;

/// A position this close to an end is the end, in CSS pixels: the margin, in which links fade out.
const NEAR: f64 = 16.0;

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
    // From right to left, positions are negative.
    let (middle, end) = (f64::from(strip.scroll_left()) + way, f64::from(strip.scroll_width() - strip.client_width()));
    let position = match middle.abs() {
        from_start if from_start < NEAR => 0.0,
        from_start if from_start > end - NEAR => end.copysign(middle),
        _ => middle,
    };
    strip.scroll_to_with_x_and_y(position, 0.0);
}
