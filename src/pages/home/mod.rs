//! `/`: who is signed in, and for how long.

use doorstep_contract::{
    auth::{BeganWith, Me, Role},
    route::ClientRoute,
};
use doorstep_locales::{
    Word,
    words::{begun, clients, home, projects, role},
};
use leptos::prelude::*;

use crate::{
    i18n::{date_time, t, t_with},
    session::Session,
    ui::{
        facts::{Fact, Facts},
        link::Link,
        page::Page,
    },
    widgets::account_notices::AccountNotices,
};

/// The page; nothing while no user is signed in.
#[component]
pub(crate) fn HomePage() -> impl IntoView {
    let session = Session::expect();
    move || session.me().map(|me| view! { <Welcome me /> })
}

#[component]
fn Welcome(me: Me) -> impl IntoView {
    let is_operator = me.account.role == Role::Operator;
    let clients = || {
        view! {
            <Link href=ClientRoute::Clients.path() class="button">
                {t(clients::TITLE)}
            </Link>
        }
    };
    view! {
        <Page title=t_with(home::WELCOME, "name", me.account.display_name())>
            <AccountNotices />
            <div class="buttons">
                <Link href=ClientRoute::Projects.path() class="button primary">
                    {t(projects::TITLE)}
                </Link>
                {is_operator.then(clients)}
            </div>
            <Facts class="facts" facts=facts_of(&me) />
        </Page>
    }
}

fn facts_of(Me { account, session, .. }: &Me) -> Vec<Fact> {
    let role = match account.role {
        Role::Operator => role::OPERATOR,
        Role::Member => role::MEMBER,
    };
    let ends = if session.temporary { home::TEMPORARY_ENDS } else { home::SESSION_ENDS };
    vec![
        (home::SIGNED_IN_AS, [&account.username, " (", &account.email, ")"].concat()),
        (home::ROLE, t(role).to_owned()),
        (home::SESSION_BEGAN, [&date_time(&session.created_at), ", ", t(how(session.began_with))].concat()),
        (ends, date_time(&session.expires_at)),
    ]
}

/// How a session began.
pub(crate) const fn how(began_with: BeganWith) -> Word {
    match began_with {
        BeganWith::Password => begun::PASSWORD,
        BeganWith::Totp => begun::TOTP,
        BeganWith::RecoveryCode => begun::RECOVERY_CODE,
        BeganWith::TemporaryToken => begun::TEMPORARY_TOKEN,
        BeganWith::Sso => begun::SSO,
    }
}
