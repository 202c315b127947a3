//! Synchronizes sign-ins and sign-outs with the other tabs of the browser.

use web_sys::{
    BroadcastChannel, MessageEvent,
    wasm_bindgen::{JsCast as _, JsValue, closure::Closure},
};

thread_local! {
    /// One for the page: a channel does not receive its own messages, but those of other channels of the same page.
    /// `None` in a browser without `BroadcastChannel`: there the other tabs notice with their next request.
    static CHANNEL: Option<BroadcastChannel> = BroadcastChannel::new("doorstep-session").ok();
}

/// A message between tabs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Message {
    /// The user has signed in.
    SignedIn,
    /// The user has signed out.
    SignedOut,
}

impl Message {
    const fn as_str(self) -> &'static str {
        match self {
            Self::SignedIn => "arrived",
            Self::SignedOut => "departed",
        }
    }
}

/// Sends a message to the other tabs.
pub(super) fn post(message: Message) {
    CHANNEL.with(|channel| {
        if let Some(channel) = channel {
            // Fails only for a closed channel.
            let _ = channel.post_message(&JsValue::from_str(message.as_str()));
        }
    });
}

/// Calls `handle` for each message of another tab, for as long as the page lives.
pub(super) fn subscribe(handle: impl Fn(Message) + 'static) {
    let listener = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        let word = event.data().as_string();
        for message in [Message::SignedIn, Message::SignedOut] {
            if word.as_deref() == Some(message.as_str()) {
                handle(message);
            }
        }
    });
    CHANNEL.with(|channel| {
        if let Some(channel) = channel {
            channel.set_onmessage(Some(listener.into_js_value().unchecked_ref()));
        }
    });
}
