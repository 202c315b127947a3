//! Downloads of generated files.

use leptos::prelude::document;
use web_sys::{
    Blob, HtmlAnchorElement, Url,
    js_sys::Array,
    wasm_bindgen::{JsCast as _, JsValue},
};

/// Has the browser save a text. The text is in no URL: an object URL is an identifier, and is revoked at once.
pub(crate) fn download_text(name: &str, text: &str) {
    let parts = Array::of1(&JsValue::from_str(text));
    let url = Blob::new_with_str_sequence(&parts).and_then(|blob| Url::create_object_url_with_blob(&blob));
    let link = document().create_element("a").ok().and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok());
    if let (Ok(url), Some(link)) = (url, link) {
        link.set_href(&url);
        link.set_download(name);
        link.click();
        let _ = Url::revoke_object_url(&url);
    }
}
