//! Addresses in answers of the server that the browser may follow.

use doorstep_contract::return_url::ReturnUrl;
use leptos::prelude::window;

/// A page of Doorstep or an http(s) URL. Other schemes are refused: an answer can't run a script (`javascript:`) or
/// open a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Destination(String);

impl Destination {
    /// Parses an address of an answer; `None` if it may not be followed.
    pub(crate) fn parse(address: String) -> Option<Self> {
        let is_web = ["https://", "http://"].iter().any(|scheme| address.starts_with(scheme));
        (is_web || ReturnUrl::parse(&address).is_some()).then_some(Self(address))
    }

    /// The address, for a link.
    pub(crate) fn into_address(self) -> String {
        self.0
    }
}

/// Navigates to the address of an answer, or to the start page if it may not be followed.
pub(crate) fn go_to(address: String) {
    // On failure the user stays on this page.
    let _ = window().location().assign(&followed(address));
}

/// The same in place of this page: Back does not return to it.
pub(crate) fn replace_by(address: String) {
    let _ = window().location().replace(&followed(address));
}

fn followed(address: String) -> String {
    Destination::parse(address).map_or_else(|| ReturnUrl::default().as_str().to_owned(), |Destination(address)| address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_followed_and_nothing_else_is() {
        for address in ["/portal", "/account/identities?reason=email_taken", "https://idp.example/authorize?a=b#c"] {
            let destination = Destination::parse(address.to_owned());
            assert_eq!(destination.map(Destination::into_address).as_deref(), Some(address));
        }
        for address in [
            "javascript:alert(1)",
            " https://idp.example",
            "//idp.example",
            "/auth/login/okta",
            "data:,x",
            "file:///x",
            "",
        ] {
            assert_eq!(Destination::parse(address.to_owned()), None, "{address}");
        }
    }
}
