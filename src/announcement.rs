//! What has just been done, told once, in one place of the page: to the eye and to screen readers.

use leptos::prelude::*;

use crate::ui::part::{block, nothing, status, text};

/// The context.
#[derive(Clone, Copy)]
pub(crate) struct Announcement(RwSignal<String>);

impl Announcement {
    /// Makes itself known to the pages.
    pub(crate) fn provide() -> Self {
        let announcement = Self(RwSignal::new(String::new()));
        provide_context(announcement);
        announcement
    }

    /// The context of the app.
    pub(crate) fn expect() -> Self {
        use_context().unwrap_or_else(Self::provide)
    }

    /// Tells something, in place of what was told before.
    pub(crate) fn tell(self, text: String) {
        let _ = self.0.try_set(text);
    }

    /// Falls silent: the page is another one now.
    pub(crate) fn clear(self) {
        self.tell(String::new());
    }

    /// What it tells.
    pub(crate) fn text(self) -> String {
        self.0.get()
    }
}

/// Where it is told.
pub(crate) fn announcement_place() -> AnyView {
    let announcement = Announcement::expect();
    status(move || {
        let told = announcement.text();
        if told.is_empty() { nothing() } else { block("p", "notice done", vec![text(told)]) }
    })
}
