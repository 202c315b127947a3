//! How to say who one is: with an account here, or through another identity system.

use doorstep_contract::{auth::Provider, return_url::ReturnUrl, route::ClientRoute};
use doorstep_locales::words::device as words;
use leptos::prelude::*;
use leptos_router::components::A;

use super::Flow;
use crate::{
    api::device::sso_address,
    i18n::t,
    ui::part::{button, card, note},
};

/// The view. Each of `ways` leads over another identity system; one without a provider is the only one.
pub(super) fn chooser(flow: Flow, ways: &[Option<Provider>]) -> AnyView {
    let login = ReturnUrl::parse_or_home(Some(ClientRoute::Device.path())).via_login();
    let sign_in = view! {
        <A href=login attr:class="button primary">
            {t(words::USE_ACCOUNT)}
        </A>
    };
    let mut parts = vec![note(words::CHOOSER_TEXT), sign_in.into_any()];
    if let Some(code) = flow.whole_code() {
        parts.extend(ways.iter().map(|way| other_system(sso_address(&code, way.as_ref()), way.as_ref())));
    }
    parts.push(button("link", words::OTHER_CODE, move || flow.start_again()));
    card(words::CHOOSER_TITLE, parts)
}

/// A navigation, which the router leaves to the browser.
fn other_system(address: String, way: Option<&Provider>) -> AnyView {
    let name = way.map(|provider| [" (", &provider.display_name(), ")"].concat()).unwrap_or_default();
    view! {
        <a href=address rel="external" class="button">
            {[t(words::USE_SSO), &name].concat()}
        </a>
    }
    .into_any()
}
