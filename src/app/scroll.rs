//! Restores the scroll position after Back and Forward. The browser does it at once, when a page that loads its content
//! is not tall enough yet.

use std::{collections::HashMap, time::Duration};

use leptos::{ev, prelude::*};

use crate::{
    address::{store_scroll_position, stored_scroll_position},
    ui::clock::Deadline,
};

/// The seconds to wait for a page to become tall enough: its content may come late.
const TIMEOUT_SECONDS: u32 = 10;
/// How long after the last scroll event the position is stored in the history entry, which survives a reload.
const DEBOUNCE: Duration = Duration::from_millis(150);
/// Positions within a pixel are equal.
const TOLERANCE: f64 = 1.0;

/// Keeps scroll positions from now on.
pub(super) fn keep_scroll_positions() {
    let places = StoredValue::new(HashMap::<String, f64>::new());
    // The position to restore, until it is reached or the user scrolls.
    let wanted = StoredValue::new(None::<f64>);
    let scrolled = window_event_listener_untyped("scroll", move |_| {
        if wanted.get_value().is_none() {
            let (address, top) = (address(), top());
            // Debounced: browsers limit the number of history updates, and refuse them while a page is being loaded.
            let note_if_it_rests = {
                let address = address.clone();
                move || {
                    let rests = places.try_with_value(|places| places.get(&address) == Some(&top)) == Some(true);
                    if rests && address == self::address() {
                        store_scroll_position(top);
                    }
                }
            };
            let _ = places.try_update_value(|places| places.insert(address, top));
            set_timeout(note_if_it_rests, DEBOUNCE);
        }
    });
    let go_down = move |place: Option<f64>| {
        wanted.set_value(place.filter(|place| *place > 0.0));
        scroll_until_reached(wanted, false, Deadline::after(TIMEOUT_SECONDS));
    };
    let went_back = window_event_listener(ev::popstate, move |_| {
        go_down(places.with_value(|places| places.get(&address()).copied()).or_else(stored_scroll_position));
    });
    go_down(stored_scroll_position());
    let cancel = move || wanted.set_value(None);
    let taken_over = [
        window_event_listener(ev::wheel, move |_| cancel()),
        window_event_listener(ev::pointerdown, move |_| cancel()),
        window_event_listener(ev::keydown, move |_| cancel()),
    ];
    on_cleanup(move || {
        scrolled.remove();
        went_back.remove();
        taken_over.into_iter().for_each(WindowListenerHandle::remove);
    });
}

/// Scrolls to the position in each frame until the page stays there: content and focus come later than the address.
fn scroll_until_reached(wanted: StoredValue<Option<f64>>, was_there: bool, deadline: Deadline) {
    request_animation_frame(move || {
        let Some(Some(place)) = wanted.try_get_value() else {
            return;
        };
        let is_there = (top() - place).abs() < TOLERANCE;
        if deadline.seconds_left() == 0 || (is_there && was_there) {
            wanted.set_value(None);
            return;
        }
        window().scroll_to_with_x_and_y(0.0, place);
        scroll_until_reached(wanted, is_there, deadline);
    });
}

fn top() -> f64 {
    window().scroll_y().unwrap_or_default()
}

fn address() -> String {
    window().location().href().unwrap_or_default()
}
