//! What has just been done, said once, in one place of the page: to the eye and to screen readers.

use std::time::Duration;

use leptos::prelude::*;

/// How long it is shown. It says nothing that the page does not show as well.
const SHOWN_FOR: Duration = Duration::from_secs(6);

/// The context.
#[derive(Clone, Copy)]
pub(crate) struct Announcement {
    text: RwSignal<String>,
    /// Counts the announcements, so that only the last one's time ends it.
    count: StoredValue<u32>,
    /// What the next page announces.
    next: StoredValue<Option<String>>,
}

impl Announcement {
    /// Makes itself known to the pages.
    pub(crate) fn provide() -> Self {
        let announcement =
            Self { text: RwSignal::new(String::new()), count: StoredValue::new(0), next: StoredValue::new(None) };
        provide_context(announcement);
        announcement
    }

    /// The context of the app.
    pub(crate) fn expect() -> Self {
        use_context().unwrap_or_else(Self::provide)
    }

    /// Announces something, in place of what was announced before.
    pub(crate) fn tell(self, text: String) {
        let own = self.count.try_update_value(|count| {
            *count = count.wrapping_add(1);
            *count
        });
        let _ = self.text.try_set(text);
        let end = move || {
            if self.count.try_get_value() == own {
                self.clear();
            }
        };
        set_timeout(end, SHOWN_FOR);
    }

    /// Announces something on the page that is gone to.
    pub(crate) fn tell_there(self, text: String) {
        let _ = self.next.try_set_value(Some(text));
    }

    /// The page is another one now.
    pub(crate) fn turn(self) {
        match self.next.try_update_value(Option::take).flatten() {
            Some(text) => self.tell(text),
            None => self.clear(),
        }
    }

    /// Falls silent.
    pub(crate) fn clear(self) {
        let _ = self.text.try_set(String::new());
    }

    /// What it announces; `None` when it is silent.
    fn text(self) -> Option<String> {
        Some(self.text.get()).filter(|text| !text.is_empty())
    }
}

/// Where it is announced: a live region, at the lower edge of the window.
#[component]
pub(crate) fn AnnouncementPlace() -> impl IntoView {
    let announcement = Announcement::expect();
    view! {
        <div role="status" class="toast-place">
            {move || announcement.text().map(|text| view! { <p class="notice done">{text}</p> })}
        </div>
    }
}
