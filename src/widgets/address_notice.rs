//! The notice that the page was opened at another origin than the server's public one, where signing in may fail.

use doorstep_locales::words::address as words;
use leptos::prelude::*;

use crate::{
    address::{fragment, path},
    i18n::t_with,
};

/// The notice, with a link to the public origin; nothing there.
#[component]
pub(crate) fn AddressNotice(
    /// The origin of the server's public URL.
    origin: String,
) -> impl IntoView {
    let location = window().location();
    let is_here = location.origin().is_ok_and(|here| here == origin);
    let search = location.search().unwrap_or_default();
    let address = [origin.as_str(), &path(), &search, &fragment()].concat();
    (!is_here).then(move || {
        view! {
            <div class="notice">
                <p>{t_with(words::OTHER, "origin", &origin)}</p>
                <a href=address rel="external" class="button">
                    {t_with(words::GO, "origin", &origin)}
                </a>
            </div>
        }
    })
}
