//! Toasts: the outcome of an action, shown for a while and announced by screen readers.

use std::time::Duration;

use leptos::prelude::*;

/// How long a toast is shown. Its information is on the page as well.
const SHOWN_FOR: Duration = Duration::from_secs(6);

/// The context.
#[derive(Clone, Copy)]
pub(crate) struct Announcement {
    text: RwSignal<String>,
    /// Counts the toasts, so that only the last one's timer hides it.
    count: StoredValue<u32>,
    /// The toast for the next page.
    next: StoredValue<Option<String>>,
}

impl Announcement {
    /// Provides the context.
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

    /// Shows a toast, in place of an earlier one.
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

    /// Shows a toast after the navigation to the next page.
    pub(crate) fn tell_there(self, text: String) {
        let _ = self.next.try_set_value(Some(text));
    }

    /// Called after a navigation.
    pub(crate) fn turn(self) {
        match self.next.try_update_value(Option::take).flatten() {
            Some(text) => self.tell(text),
            None => self.clear(),
        }
    }

    /// Hides the toast.
    pub(crate) fn clear(self) {
        let _ = self.text.try_set(String::new());
    }

    /// The text of the toast; `None` if there is none.
    fn text(self) -> Option<String> {
        Some(self.text.get()).filter(|text| !text.is_empty())
    }
}

/// The live region of the toast, at the bottom of the window.
#[component]
pub(crate) fn AnnouncementPlace() -> impl IntoView {
    let announcement = Announcement::expect();
    view! {
        <div role="status" class="toast-place">
            {move || announcement.text().map(|text| view! { <p class="notice done">{text}</p> })}
        </div>
    }
}
