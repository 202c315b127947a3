//! The page was opened at another address than the server's public one, where signing in may not work.

use doorstep_locales::words::address as words;
use leptos::prelude::*;

use crate::{
    address::{fragment, path},
    i18n::t_with,
    ui::part::{block, nothing, paragraph},
};

/// Says which address to use. `public` is the origin of the server's public URL.
pub(crate) fn address_notice(public: &str) -> AnyView {
    let location = window().location();
    if location.origin().is_ok_and(|here| here == public) {
        return nothing();
    }
    let search = location.search().unwrap_or_default();
    let there = [public, &path(), &search, &fragment()].concat();
    let link = view! {
        <a href=there rel="external" class="button">
            {t_with(words::GO, "origin", public)}
        </a>
    };
    block("div", "notice", vec![paragraph(t_with(words::OTHER, "origin", public)), link.into_any()])
}
