//! Back returns to where the page was: how far down is noted in the history of the browser as the page is left, and gone to
//! again once what belongs there has come. The browser tries it too, before there is anything to go down to.

use leptos::prelude::*;
use web_sys::wasm_bindgen::JsValue;

use super::{address_mark, noted};

/// Stands between the mark of an address and how far down its page was.
pub(super) const MARK: char = '\u{1f}';
/// How long to wait for the page to become long enough, in milliseconds.
const PATIENCE: f64 = 10_000.0;
/// How much shorter than before the page may be, in pixels.
const SHORTER: f64 = 100.0;

/// Notes how far down the page is, at its address.
pub(super) fn note() {
    // As a whole number: to write and read the others weighs 20 kB.
    #[expect(clippy::cast_possible_truncation, reason = "a page is not that long, and would be gone down to its end")]
    let down = window().scroll_y().unwrap_or_default().round() as i32;
    if let Ok(history) = window().history() {
        let mut noted = address_mark().unwrap_or_default();
        noted.push(MARK);
        noted.push_str(&down.to_string());
        let _ = history.replace_state_with_url(&JsValue::from_str(&noted), "", None);
    }
}

/// Goes as far down as was noted at this address, once the page is long enough.
pub(super) fn restore() {
    let down = noted().and_then(|noted| noted.rsplit_once(MARK)?.1.parse::<i32>().ok()).map(f64::from);
    if let (Some(down), Some(clock)) = (down.filter(|down| *down > 0.0), window().performance()) {
        let until = clock.now() + PATIENCE;
        go_down(Going { down, until, address: super::here().encoded() });
    }
}

struct Going {
    down: f64,
    until: f64,
    /// Another page is none of this.
    address: String,
}

/// Looks once a frame whether the page is long enough by now. Some rows may be gone meanwhile.
fn go_down(going: Going) {
    request_animation_frame(move || {
        let now = window().performance().map_or(f64::INFINITY, |clock| clock.now());
        if now > going.until || super::here().encoded() != going.address {
            return;
        }
        let length = document().document_element().map_or(0.0, |page| f64::from(page.scroll_height()));
        let shown = window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or_default();
        if length - shown >= going.down - SHORTER {
            window().scroll_to_with_x_and_y(0.0, going.down);
        } else {
            go_down(going);
        }
    });
}
