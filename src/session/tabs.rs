//! The other tabs of this browser: who logs out in one is gone from all, at once; who signs in in one is there in all.

use web_sys::{
    BroadcastChannel, MessageEvent,
    wasm_bindgen::{JsCast as _, JsValue, closure::Closure},
};

thread_local! {
    /// One for the page: a channel does not hear what it tells, but would hear another one of the same page. `None` in a
    /// browser without channels: there the other tabs go on showing what they know, and what they ask for is refused.
    static CHANNEL: Option<BroadcastChannel> = BroadcastChannel::new("doorstep-session").ok();
}

/// What tabs tell each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum News {
    /// Somebody has signed in.
    Arrived,
    /// Somebody has logged out.
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

/// Tells the other tabs.
pub(super) fn tell(news: News) {
    CHANNEL.with(|channel| {
        if let Some(channel) = channel {
            // Refused only by a channel that was closed.
            let _ = channel.post_message(&JsValue::from_str(news.word()));
        }
    });
}

/// Calls `handle` with what another tab tells, for as long as the page lives.
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
