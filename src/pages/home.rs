//! `/`: who is signed in, and for how long.

use doorstep_contract::auth::{BeganWith, Me, Role};
use doorstep_locales::{
    Word,
    words::{begun, home, role},
};
use leptos::prelude::*;

use crate::{
    i18n::{date_time, t, t_with},
    session::Session,
};

/// The page; nothing while nobody is signed in.
#[component]
pub(crate) fn HomePage() -> impl IntoView {
    let session = Session::expect();
    move || session.me().map(|me| view! { <Welcome me /> })
}

#[component]
fn Welcome(me: Me) -> impl IntoView {
    let Me { account, session, .. } = me;
    let role = t(match account.role {
        Role::Operator => role::OPERATOR,
        Role::Member => role::MEMBER,
    });
    let facts = [
        (home::SIGNED_IN_AS, format!("{} ({})", account.username, account.email)),
        (home::ROLE, role.to_owned()),
        (home::SESSION_BEGAN, format!("{}, {}", date_time(&session.created_at), t(how(session.began_with)))),
        (home::SESSION_ENDS, date_time(&session.expires_at)),
    ];
    view! {
        <section class="page">
            <h1 tabindex="-1">{t_with(home::WELCOME, "name", account.display_name())}</h1>
            <dl class="facts">
                {facts
                    .into_iter()
                    .map(|(name, value)| {
                        view! {
                            <div>
                                <dt>{t(name)}</dt>
                                <dd>{value}</dd>
                            </div>
                        }
                    })
                    .collect_view()}
            </dl>
        </section>
    }
}

const fn how(began_with: BeganWith) -> Word {
    match began_with {
        BeganWith::Password => begun::PASSWORD,
        BeganWith::Totp => begun::TOTP,
        BeganWith::RecoveryCode => begun::RECOVERY_CODE,
        BeganWith::TemporaryToken => begun::TEMPORARY_TOKEN,
        BeganWith::Sso => begun::SSO,
    }
}
