//! There is nothing at this address.

use doorstep_contract::route::ClientRoute;
use doorstep_locales::words::not_found;
use leptos::prelude::*;

use crate::{
    i18n::t,
    ui::part::{card, link, paragraph},
};

/// The page, with a link to where to begin.
pub(crate) fn not_found_page(start: ClientRoute) -> AnyView {
    card(not_found::TITLE, vec![paragraph(t(not_found::TEXT)), link("button primary", start.path(), not_found::HOME)])
}
