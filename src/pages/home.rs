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

use super::account_notices::account_notices;
use crate::{
    i18n::{date_time, t, t_with},
    session::Session,
    ui::part::{buttons, dynamic, facts, link, nothing, page},
};

/// The page; nothing while nobody is signed in.
pub(crate) fn home_page() -> AnyView {
    let session = Session::expect();
    dynamic(move || session.me().map_or_else(nothing, welcome))
}

fn welcome(me: Me) -> AnyView {
    let Me { account, session, .. } = me;
    let role = t(match account.role {
        Role::Operator => role::OPERATOR,
        Role::Member => role::MEMBER,
    });
    let known = vec![
        (home::SIGNED_IN_AS, [&account.username, " (", &account.email, ")"].concat()),
        (home::ROLE, role.to_owned()),
        (home::SESSION_BEGAN, [&date_time(&session.created_at), ", ", t(how(session.began_with))].concat()),
        (if session.temporary { home::TEMPORARY_ENDS } else { home::SESSION_ENDS }, date_time(&session.expires_at)),
    ];
    let mut ways = vec![link("button primary", ClientRoute::Projects.path(), projects::TITLE)];
    if account.role == Role::Operator {
        ways.push(link("button", ClientRoute::Clients.path(), clients::TITLE));
    }
    let title = t_with(home::WELCOME, "name", account.display_name());
    page(move || title.clone(), vec![account_notices(), buttons(ways), facts("facts", known)])
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
