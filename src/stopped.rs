//! For when the app can't start or has stopped: the page must not freeze in silence. The words are in the shell's own
//! HTML, because nothing of the app may work any more.

use std::panic;

use doorstep_contract::shell::id;
use leptos::prelude::document;

/// Which text of the block is shown; the attribute `data-reason` of the shell.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Reason {
    /// A part of the page did not arrive.
    Unloaded,
    /// A fault of the app.
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

/// Shows the block. What the person typed stays.
pub(crate) fn show(reason: Reason) {
    let Some(block) = document().get_element_by_id(id::STOPPED) else {
        return;
    };
    if let Ok(Some(text)) = block.query_selector(reason.selector()) {
        let _ = text.remove_attribute("hidden");
    }
    let _ = block.remove_attribute("hidden");
}

/// A panic is written to the console and shown to the person.
pub(crate) fn install_panic_hook() {
    panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        show(Reason::Crashed);
    }));
}
