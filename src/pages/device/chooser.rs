//! The choice how to sign in: with an account, or with single sign-on.

use doorstep_contract::{auth::Provider, return_url::ReturnUrl, route::ClientRoute};
use doorstep_locales::words::{device as words, login};
use leptos::prelude::*;

use super::{
    Flow,
    card::{DeviceCard, Picture},
    outcome::OtherCode,
};
use crate::{
    api::device::sso_address,
    i18n::{t, t_with},
    ui::link::Link,
};

/// The view.
#[component]
pub(super) fn Chooser(
    flow: Flow,
    /// The links to single sign-on; without a provider if there is only one way.
    ways: Vec<Option<Provider>>,
) -> impl IntoView {
    let (text, label) = if ways.is_empty() {
        (words::CHOOSER_TEXT_ACCOUNT, login::SUBMIT)
    } else {
        (words::CHOOSER_TEXT, words::USE_ACCOUNT)
    };
    let login = ReturnUrl::parse_or_home(Some(ClientRoute::Device.path())).via_login();
    let other_systems = flow.whole_code().map(|code| {
        let link = |provider: Option<Provider>| {
            view! { <OtherSystem address=sso_address(&code, provider.as_ref()) provider /> }
        };
        ways.into_iter().map(link).collect_view()
    });
    view! {
        <DeviceCard picture=Picture::Terminal title=t(words::CHOOSER_TITLE)>
            <p class="note">{t(text)}</p>
            <Link href=login class="button primary">
                {t(label)}
            </Link>
            {other_systems}
            <OtherCode flow />
        </DeviceCard>
    }
}

/// A navigation by the browser, not the router.
#[component]
fn OtherSystem(address: String, provider: Option<Provider>) -> impl IntoView {
    let label = match provider {
        Some(provider) => t_with(login::WITH_PROVIDER, "name", &provider.display_name()),
        None => t(words::USE_SSO).to_owned(),
    };
    view! {
        <a href=address rel="external" class="button">
            {label}
        </a>
    }
}
