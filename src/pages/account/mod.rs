//! `/account/*`: profile, security, sessions, devices and linked accounts.
//!
//! ```text
//! submit -> a page's form -> api::account (re-authentication where required: api/reauth.rs)
//!        -> session.refresh() -> the page shows the server's state; an Announcement reports the outcome
//! ```

mod codes;
mod confirm_email;
mod devices;
mod enrolment;
mod identities;
mod password;
mod profile;
mod sessions;
mod setting;
mod two_factor;

pub(crate) use self::{confirm_email::EmailToken, enrolment::EnrolmentPage};

use doorstep_contract::{
    account::AccountEdit,
    route::{ACCOUNT_PAGES, Page},
};
use doorstep_locales::{title, words::account as words};
use leptos::prelude::*;
use leptos_router::components::A;

use self::{
    confirm_email::EmailConfirmer,
    devices::DeviceList,
    identities::Identities,
    password::PasswordSetting,
    profile::ProfilePanel,
    sessions::{SessionList, TrustedDeviceList},
    two_factor::TwoFactorSettings,
};
use crate::{
    api::{self, ApiError},
    i18n::t,
    session::Session,
    ui::{page::Panel, strip::Strip},
    widgets::account_notices::AccountNotices,
};

/// `/account`: the profile.
#[component]
pub(crate) fn ProfilePage() -> impl IntoView {
    view! {
        <AccountPage>
            <EmailConfirmer />
            <ProfilePanel />
        </AccountPage>
    }
}

/// `/account/security`: password and two-factor authentication.
#[component]
pub(crate) fn SecurityPage() -> impl IntoView {
    view! {
        <AccountPage>
            <Panel heading_id="security-heading" title=words::SECURITY>
                <PasswordSetting />
                <TwoFactorSettings />
            </Panel>
        </AccountPage>
    }
}

/// `/account/sessions`: sessions; with two-factor authentication also trusted browsers, which do not exist without it.
#[component]
pub(crate) fn SessionsPage() -> impl IntoView {
    let session = Session::expect();
    let trusts = Memo::new(move |_| session.me().is_some_and(|me| me.account.totp_enabled));
    view! {
        <AccountPage>
            <SessionList />
            {move || trusts.get().then(|| view! { <TrustedDeviceList /> })}
        </AccountPage>
    }
}

/// `/account/devices`: authorized devices.
#[component]
pub(crate) fn DevicesPage() -> impl IntoView {
    view! {
        <AccountPage>
            <DeviceList />
        </AccountPage>
    }
}

/// `/account/identities`: linked accounts.
#[component]
pub(crate) fn IdentitiesPage() -> impl IntoView {
    view! {
        <AccountPage>
            <Identities />
        </AccountPage>
    }
}

/// An account page, with links to the others. They share the `h1`; the `h2` of the first panel names the page, and gets
/// the focus on navigation.
#[component]
fn AccountPage(children: Children) -> impl IntoView {
    let tab = |page: Page| {
        view! {
            <A href=page.path() exact=true>
                {t(title(page))}
            </A>
        }
    };
    view! {
        <section class="page settings">
            <h1>{t(words::TITLE)}</h1>
            <Strip class="tabs" label=t(words::TITLE)>
                {ACCOUNT_PAGES.map(tab).collect_view()}
            </Strip>
            <div class="settings-content">
                <AccountNotices />
                {children()}
            </div>
        </section>
    }
}

/// Changes the account, and refreshes the session.
async fn save(change: &AccountEdit, session: Session) -> Result<(), ApiError> {
    api::account::edit(change).await?;
    session.refresh().await
}
