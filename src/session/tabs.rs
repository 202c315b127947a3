//! The other tabs of this browser: who logs out in one is gone from all, at once.

use web_sys::{
    BroadcastChannel, MessageEvent,
    wasm_bindgen::{JsCast as _, JsValue, closure::Closure},
};

const CHANNEL: &str = "doorstep-session";
const DEPARTED: &str = "departed";

/// Tells the other tabs that the person has left.
pub(super) fn announce_departure() {
    // Without the channel the other tabs find out at their next request.
    if let Ok(channel) = BroadcastChannel::new(CHANNEL) {
        let _ = channel.post_message(&JsValue::from_str(DEPARTED));
        channel.close();
    }
}

/// Calls `handle` when another tab tells so, for as long as the page lives.
pub(super) fn on_departure(handle: impl Fn() + 'static) {
    let Ok(channel) = BroadcastChannel::new(CHANNEL) else {
        return;
    };
    let listener = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        if event.data().as_string().as_deref() == Some(DEPARTED) {
            handle();
        }
    });
    channel.set_onmessage(Some(listener.into_js_value().unchecked_ref()));
    // Dropping the handle does not close the channel; the browser keeps it as long as it has a listener.
}
