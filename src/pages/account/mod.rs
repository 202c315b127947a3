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

use doorstep_contract::route::Page;
use doorstep_locales::{Word, words::account as words};
use leptos::prelude::*;
use leptos_router::components::A;

use super::account_notices::account_notices;
use crate::i18n::t;

/// The pages, and what their links say.
const PAGES: [(Page, Word); 5] = [
    (Page::Account, words::PROFILE),
    (Page::AccountSecurity, words::SECURITY),
    (Page::AccountSessions, words::SESSIONS),
    (Page::AccountDevices, words::DEVICES),
    (Page::AccountIdentities, words::IDENTITIES),
];

/// `/account`: the profile.
pub(crate) fn profile_page() -> AnyView {
    account_page(words::PROFILE, vec![confirm_email::confirm(), profile::section()])
}

/// `/account/security`: password and second factor.
pub(crate) fn security_page() -> AnyView {
    account_page(words::SECURITY, vec![password::section(), two_factor::section()])
}

/// `/account/sessions`: where the account is signed in.
pub(crate) fn sessions_page() -> AnyView {
    account_page(words::SESSIONS, sessions::lists())
}

/// `/account/devices`: what is authorized.
pub(crate) fn devices_page() -> AnyView {
    account_page(words::DEVICES, vec![devices::list()])
}

/// `/account/identities`: the linked accounts of other systems.
pub(crate) fn identities_page() -> AnyView {
    account_page(words::IDENTITIES, identities::list())
}

/// One of the pages, with links to the others.
fn account_page(title: Word, parts: Vec<AnyView>) -> AnyView {
    let link = |(page, title): (Page, Word)| {
        view! {
            <A href=page.path() exact=true>
                {t(title)}
            </A>
        }
    };
    view! {
        <section class="page">
            <h1 tabindex="-1">{t(title)}</h1>
            <nav class="tabs" aria-label=t(words::TITLE)>
                {PAGES.map(link).collect_view()}
            </nav>
            {account_notices()} {parts}
        </section>
    }
    .into_any()
}
