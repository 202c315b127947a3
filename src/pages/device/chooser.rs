//! How to say who one is: with an account here, or through another identity system.

use doorstep_contract::{return_url::ReturnUrl, route::ClientRoute};
use doorstep_locales::words::device as words;
use leptos::prelude::*;

use super::Flow;
use crate::{
    api::device::sso_address,
    i18n::t,
    ui::part::{button, card, note},
};

/// The view.
pub(super) fn chooser(flow: Flow, sso: bool) -> AnyView {
    let login = ReturnUrl::parse_or_home(Some(ClientRoute::Device.path())).via_login();
    let sso = flow.whole_code().filter(|_| sso).map(|code| {
        // A navigation, which the router leaves to the browser.
        view! {
            <a href=sso_address(&code) rel="external" class="button">
                {t(words::USE_SSO)}
            </a>
        }
    });
    let sign_in = view! {
        <a href=login class="button primary">
            {t(words::USE_ACCOUNT)}
        </a>
    };
    card(
        words::CHOOSER_TITLE,
        vec![
            note(words::CHOOSER_TEXT),
            sign_in.into_any(),
            sso.into_any(),
            button("link", words::OTHER_CODE, move || flow.start_again()),
        ],
    )
}
