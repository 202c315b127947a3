//! JSON: the browser's own parser and writer, with `serde` between its values and ours. `serde_json` weighs more in the
//! bundle (docs/size.md); it stands in natively, where there is no browser, so that the tests of the API run on the host.

use serde::{Serialize, de::DeserializeOwned};
#[cfg(target_family = "wasm")]
use web_sys::js_sys::JSON;

/// Reads a value. `None` when the text is not JSON or not of this type.
#[cfg(target_family = "wasm")]
pub(crate) fn from_str<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_wasm_bindgen::from_value(JSON::parse(text).ok()?).ok()
}

/// Writes a value; what is `None` in it is absent, or null natively.
#[cfg(target_family = "wasm")]
pub(super) fn to_string(value: &impl Serialize) -> String {
    // Wire types have text for keys and finite numbers: neither step refuses one.
    let value = serde_wasm_bindgen::to_value(value).unwrap_or_default();
    JSON::stringify(&value).map(String::from).unwrap_or_default()
}

#[cfg(not(target_family = "wasm"))]
pub(crate) fn from_str<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_str(text).ok()
}

#[cfg(not(target_family = "wasm"))]
pub(super) fn to_string(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
