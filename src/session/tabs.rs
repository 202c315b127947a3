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
pub(super) enum News {
    /// The user has signed in.
    Arrived,
    /// The user has signed out.
    Departed,
}

impl News {
    const fn word(self) -> &'static str {
        match self {
            Self::Arrived => "arrived",
            Self::Departed => "departed",
        }
    }
}

/// Sends a message to the other tabs.
pub(super) fn tell(news: News) {
    CHANNEL.with(|channel| {
        if let Some(channel) = channel {
            // Fails only for a closed channel.
            let _ = channel.post_message(&JsValue::from_str(news.word()));
        }
    });
}

/// Calls `handle` for each message of another tab, for as long as the page lives.
pub(super) fn hear(handle: impl Fn(News) + 'static) {
    let listener = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        let word = event.data().as_string();
        for news in [News::Arrived, News::Departed] {
            if word.as_deref() == Some(news.word()) {
                handle(news);
            }
        }
    });
    CHANNEL.with(|channel| {
        if let Some(channel) = channel {
            channel.set_onmessage(Some(listener.into_js_value().unchecked_ref()));
        }
    });
}
