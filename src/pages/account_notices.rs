//! What a person should know of their account wherever they begin: that few recovery codes are left, that the session is
//! a temporary one.

use doorstep_contract::{auth::Me, route::ClientRoute};
use doorstep_locales::words::{account_notices as words, recovery_codes};
use leptos::prelude::*;

use crate::{
    i18n::{date_time, t_count, t_with},
    session::Session,
    ui::part::{block, dynamic, link, nothing, text},
};

/// So many recovery codes are few.
const FEW: u32 = 2;

/// Whether the account has so few recovery codes that its person should make new ones.
pub(crate) fn has_few_codes(me: &Me) -> bool {
    me.account.totp_enabled && me.account.recovery_codes_left <= FEW
}

/// Silent when there is nothing to say.
pub(crate) fn account_notices() -> AnyView {
    let session = Session::expect();
    dynamic(move || {
        let Some(me) = session.me() else {
            return nothing();
        };
        let few = has_few_codes(&me).then(|| t_count(recovery_codes::LEFT, me.account.recovery_codes_left));
        let temporary =
            me.session.temporary.then(|| t_with(words::TEMPORARY, "time", &date_time(&me.session.expires_at)));
        let notices = [temporary.map(|told| (told, words::SET_PASSWORD)), few.map(|told| (told, words::RENEW_CODES))];
        let notice = |(told, label)| {
            let link = link("", ClientRoute::AccountSecurity.path(), label);
            block("p", "notice", vec![text(told), text(" "), link])
        };
        notices.into_iter().flatten().map(notice).collect_view().into_any()
    })
}
