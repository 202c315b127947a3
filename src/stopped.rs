//! The message that the app can't start or has crashed. Its text is in the shell's HTML, because the app may not work
//! any more.

use std::panic;

use doorstep_contract::shell::id;
use leptos::prelude::document;

/// The text to show; the attribute `data-reason` of the shell.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Reason {
    /// A file of the page was not loaded.
    Unloaded,
    /// The app panicked.
    Crashed,
}

impl Reason {
    const fn selector(self) -> &'static str {
        match self {
            Self::Unloaded => "[data-reason=unloaded]",
            Self::Crashed => "[data-reason=crashed]",
        }
    }
}

/// Shows the message. What the user typed stays.
pub(crate) fn show(reason: Reason) {
    let Some(block) = document().get_element_by_id(id::STOPPED) else {
        return;
    };
    if let Ok(Some(text)) = block.query_selector(reason.selector()) {
        let _ = text.remove_attribute("hidden");
    }
    let _ = block.remove_attribute("hidden");
}

/// Writes a panic to the console, and shows the message.
pub(crate) fn install_panic_hook() {
    panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        show(Reason::Crashed);
    }));
}
