//! Notices about the account: a temporary session, few recovery codes; on the home page also other recommendations.

use doorstep_contract::{
    account_name::is_placeholder,
    auth::{Me, Timestamp},
    route::ClientRoute,
};
use doorstep_locales::{Word, words::account_notices as words};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::{
    i18n::{t, t_count, t_with},
    session::Session,
    ui::{link::Link, page::Panel, time::TimeSentence},
};

/// This many recovery codes are few.
const FEW: u32 = 2;

/// Whether the account has so few recovery codes that the user should generate new ones.
pub(crate) fn has_few_codes(me: &Me) -> bool {
    me.account.totp_enabled && me.account.recovery_codes_left <= FEW
}

/// A notice.
#[derive(Clone, PartialEq, Eq)]
struct Concern {
    text: Text,
    remedy: Word,
    route: ClientRoute,
}

/// The text of a notice.
#[derive(Clone, PartialEq, Eq)]
enum Text {
    Plain(String),
    /// A sentence with a time in the future.
    Until(Word, Timestamp),
}

impl Text {
    fn view(self) -> AnyView {
        match self {
            Self::Plain(text) => text.into_any(),
            Self::Until(word, at) => view! { <TimeSentence word at to_come=true /> }.into_any(),
        }
    }
}

/// Urgent notices.
fn urgent(me: &Me) -> Vec<Concern> {
    let security = |text, remedy| Concern { text, remedy, route: ClientRoute::AccountSecurity };
    let temporary = || security(Text::Until(words::TEMPORARY, me.session.expires_at.clone()), words::SET_PASSWORD);
    let few_codes = || {
        let left = t_count(words::FEW_CODES, me.account.recovery_codes_left);
        security(Text::Plain(left), words::RENEW_CODES)
    };
    let concerns = [me.session.temporary.then(temporary), has_few_codes(me).then(few_codes)];
    concerns.into_iter().flatten().collect()
}

/// All notices.
fn all(me: &Me) -> Vec<Concern> {
    let concern = |text, remedy, route| Concern { text: Text::Plain(text), remedy, route };
    // In a temporary session, the password comes first.
    let no_second_factor = !me.account.totp_enabled && !me.session.temporary;
    let placeholder_email = is_placeholder(&me.account.email) && me.account.pending_email.is_none();
    let mut concerns = urgent(me);
    concerns.extend(
        no_second_factor
            .then(|| concern(t(words::TOTP_OFF).to_owned(), words::TURN_ON_TOTP, ClientRoute::AccountTwoFactor)),
    );
    concerns.extend(placeholder_email.then(|| {
        let text = t_with(words::PLACEHOLDER_EMAIL, "email", &me.account.email);
        concern(text, words::CHANGE_EMAIL, ClientRoute::Account)
    }));
    concerns
}

/// The urgent notices; empty if there are none.
#[component]
pub(crate) fn AccountNotices() -> impl IntoView {
    let (session, path) = (Session::expect(), use_location().pathname);
    // The page with the recovery codes says itself that they are few.
    let is_shown =
        move |concern: &Concern| concern.remedy != words::RENEW_CODES || *path.read() != concern.route.path();
    let concerns = Memo::new(move |_| {
        let mut concerns = session.me().map_or_else(Vec::new, |me| urgent(&me));
        concerns.retain(is_shown);
        concerns
    });
    let notice = |Concern { text, remedy, route }: Concern| {
        view! {
            <p class="notice">{text.view()} " " <Link href=route.path()>{t(remedy)}</Link></p>
        }
    };
    move || concerns.get().into_iter().map(notice).collect_view()
}

/// All notices, with one action each; nothing if there are none.
#[component]
pub(crate) fn NeedsAttention() -> impl IntoView {
    let session = Session::expect();
    let concerns = Memo::new(move |_| session.me().map_or_else(Vec::new, |me| all(&me)));
    let row = |Concern { text, remedy, route }: Concern| {
        view! {
            <li>
                <p>{text.view()}</p>
                <Link href=route.path() class="button small">
                    {t(remedy)}
                </Link>
            </li>
        }
    };
    move || {
        let concerns = Some(concerns.get()).filter(|concerns| !concerns.is_empty())?;
        Some(view! {
            <Panel heading_id="attention-heading" title=words::TITLE>
                <ul class="attention">{concerns.into_iter().map(row).collect_view()}</ul>
            </Panel>
        })
    }
}
