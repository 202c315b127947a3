//! What a user should know of their account wherever they begin: that the session is a temporary one, that few recovery
//! codes are left.

use doorstep_contract::{auth::Me, route::ClientRoute};
use doorstep_locales::{
    Word,
    words::{account_notices as words, recovery_codes},
};
use leptos::prelude::*;

use crate::{
    i18n::{date_time, t, t_count, t_with},
    session::Session,
    ui::link::Link,
};

/// So many recovery codes are few.
const FEW: u32 = 2;

/// Whether the account has so few recovery codes that its user should make new ones.
pub(crate) fn has_few_codes(me: &Me) -> bool {
    me.account.totp_enabled && me.account.recovery_codes_left <= FEW
}

/// Silent when there is nothing to say.
#[component]
pub(crate) fn AccountNotices() -> impl IntoView {
    let session = Session::expect();
    let temporary = move || {
        let me = session.me().filter(|me| me.session.temporary)?;
        Some(t_with(words::TEMPORARY, "time", &date_time(&me.session.expires_at)))
    };
    let few_codes = move || {
        let me = session.me().filter(has_few_codes)?;
        Some(t_count(recovery_codes::LEFT, me.account.recovery_codes_left))
    };
    view! {
        {move || temporary().map(|text| view! { <Notice text remedy=words::SET_PASSWORD /> })}
        {move || few_codes().map(|text| view! { <Notice text remedy=words::RENEW_CODES /> })}
    }
}

/// A notice, with a link to where something can be done about it.
#[component]
fn Notice(text: String, remedy: Word) -> impl IntoView {
    view! {
        <p class="notice">{text} " " <Link href=ClientRoute::AccountSecurity.path()>{t(remedy)}</Link></p>
    }
}
