//! What the server's shell already says.

use doorstep_contract::shell::{ShellData, id};
use leptos::prelude::document;

/// The JSON data block; `None` when it is not there or not what this app expects.
pub(crate) fn read() -> Option<ShellData> {
    let text = document().get_element_by_id(id::DATA)?.text_content()?;
    miniserde::json::from_str(&text).ok()
}
