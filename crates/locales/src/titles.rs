//! Titles of pages, for the document and for links to them.

use doorstep_contract::route::Page;

use crate::{
    Word,
    words::{account, audit, clients, device, forgot, home, login, portal, projects, reset, two_factor},
};

/// The title of a page, unless it sets another one.
#[must_use]
pub const fn title(page: Page) -> Word {
    match page {
        Page::Home => home::TITLE,
        Page::Login => login::TITLE,
        Page::ForgotPassword => forgot::TITLE,
        Page::ResetPassword => reset::TITLE,
        Page::Device => device::TITLE,
        Page::Account => account::PROFILE,
        Page::AccountSecurity => account::SECURITY,
        Page::AccountTwoFactor => two_factor::SET_UP,
        Page::AccountSessions => account::SESSIONS,
        Page::AccountDevices => account::DEVICES,
        Page::AccountIdentities => account::IDENTITIES,
        Page::Projects | Page::Project => projects::TITLE,
        Page::Clients | Page::Client => clients::TITLE,
        Page::Audit => audit::TITLE,
        Page::Portal | Page::PortalProject => portal::PROJECTS,
    }
}
