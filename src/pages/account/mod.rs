//! `/account/*`: who one is here, how one signs in, and where one is signed in.
//!
//! ```text
//! press -> a page's form -> session/proof.rs (asks again who it is, when the server wants to know) -> api::account
//!       -> session.refresh() -> the page shows what the server says now; an Announcement tells the outcome
//! ```

mod codes;
mod confirm_email;
mod devices;
mod enrolment;
mod identities;
mod password;
mod profile;
mod sessions;
mod two_factor;

pub(crate) use self::confirm_email::EmailToken;

use doorstep_contract::route::ClientRoute;
use doorstep_locales::{Word, words::account as words};
use leptos::prelude::*;

use super::account_notices::account_notices;
use crate::{i18n::t, router::Router};

/// The pages, and what their links say.
const PAGES: [(ClientRoute, Word); 5] = [
    (ClientRoute::Account, words::PROFILE),
    (ClientRoute::AccountSecurity, words::SECURITY),
    (ClientRoute::AccountSessions, words::SESSIONS),
    (ClientRoute::AccountDevices, words::DEVICES),
    (ClientRoute::AccountIdentities, words::IDENTITIES),
];

/// The title of one of the pages.
pub(crate) fn title(route: ClientRoute) -> Word {
    PAGES.into_iter().find(|(page, _)| *page == route).map_or(words::PROFILE, |(_, title)| title)
}

/// One of the pages, with links to the others.
pub(crate) fn account_page(route: ClientRoute) -> AnyView {
    let router = Router::expect();
    let link = move |(page, title): (ClientRoute, Word)| {
        view! {
            <a href=page.path() aria-current=move || (router.route() == Some(page)).then_some("page")>
                {t(title)}
            </a>
        }
    };
    let parts = match route {
        ClientRoute::AccountSecurity => vec![password::section(), two_factor::section()],
        ClientRoute::AccountSessions => sessions::lists(),
        ClientRoute::AccountDevices => vec![devices::list()],
        ClientRoute::AccountIdentities => identities::list(),
        _ => vec![confirm_email::confirm(), profile::section()],
    };
    view! {
        <section class="page">
            <h1 tabindex="-1">{t(title(route))}</h1>
            <nav class="tabs" aria-label=t(words::TITLE)>
                {PAGES.map(link).collect_view()}
            </nav>
            {account_notices()} {parts}
        </section>
    }
    .into_any()
}
