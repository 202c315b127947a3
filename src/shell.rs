//! What the server's shell already says.

use doorstep_contract::{password::DEFAULT_MIN, shell::id};
use leptos::prelude::document;
use serde::de::DeserializeOwned;
use web_sys::{HtmlElement, wasm_bindgen::JsCast as _};

use crate::api::json;

/// The shortest password that the server takes, in characters.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PasswordMinLength(pub(crate) u32);

impl Default for PasswordMinLength {
    fn default() -> Self {
        Self(u32::try_from(DEFAULT_MIN).unwrap_or(u32::MAX))
    }
}

/// The JSON data block; `None` when it is not there or not what this app expects.
pub(crate) fn read<T: DeserializeOwned>() -> Option<T> {
    let text = document().get_element_by_id(id::DATA)?.text_content()?;
    json::from_str(&text)
}

/// A place where an app mounts.
pub(crate) fn place(id: &str) -> Option<HtmlElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}
