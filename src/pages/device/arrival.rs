//! What the page starts with: half a code from a link, a code from before the sign-in, or an outcome.
//!
//! A link fills in the first half of its code, and the user types the second half from the device. So a link in a
//! phishing mail cannot be approved with one press, and every code that is looked up has been typed.

use doorstep_contract::{
    device::{Resolution, SSO_ERROR, SSO_VERIFIED, SsoError},
    route::ClientRoute,
    secret::Secret,
    shell::id,
    user_code::{self, PARAMETER, UserCode},
};
use leptos::{prelude::*, task::spawn_local};
use web_sys::UrlSearchParams;

use super::{
    Flow,
    view::{Ending, View},
};
use crate::{
    address::{current_mark, is_new_visit, replace_address, set_mark},
    api::device as api,
    ui::focus::focus_on,
};

/// The context. It outlives the page, so that the code survives the visit to the sign-in page.
#[derive(Clone, Copy)]
pub(crate) struct Arrival {
    /// The code as displayed: `ABCD-EFGH`.
    code: RwSignal<String>,
    /// Whether a link has filled in the first half of the code.
    by_link: RwSignal<bool>,
    /// Whether the code has been looked up before.
    looked_up: StoredValue<bool>,
    /// The outcome of single sign-on, if the user has just come back from it.
    from_sso: StoredValue<Option<Result<(), SsoError>>>,
}

impl Arrival {
    /// Removes the code from the address bar. `kept` is the code from the server's cookie.
    pub(crate) fn provide(kept: Option<&Secret>) {
        let here = window().location();
        let on_page = here.pathname().is_ok_and(|path| ClientRoute::parse(&path) == Some(ClientRoute::Device));
        let query = here.search().ok().filter(|_| on_page);
        let query = query.and_then(|query| UrlSearchParams::new_with_str(&query).ok());
        let parameter = |name| query.as_ref().and_then(|query| query.get(name));
        let linked = parameter(PARAMETER).map(|code| user_code::first_half(&user_code::typed(&code)).to_owned());
        let failed = parameter(SSO_ERROR).map(|word| Err(SsoError::parse(&word).unwrap_or(SsoError::Unknown)));
        let from_sso = failed.or_else(|| parameter(SSO_VERIFIED).map(|_| Ok(())));
        if linked.is_some() || from_sso.is_some() {
            replace_address(ClientRoute::Device.path());
        }
        // A mark left here belongs to an earlier device: a new visit starts with the field for a code (RFC 8628 §3.3).
        if on_page && is_new_visit() && current_mark().is_some() {
            set_mark("");
        }
        let looked_up = linked.is_none() && kept.is_some();
        let by_link = linked.is_some();
        let code = linked.or_else(|| kept.map(|code| code.reveal().to_owned())).unwrap_or_default();
        provide_context(Self {
            code: RwSignal::new(code),
            by_link: RwSignal::new(by_link),
            looked_up: StoredValue::new(looked_up),
            from_sso: StoredValue::new(from_sso),
        });
    }

    /// The context of the app.
    pub(super) fn expect() -> Self {
        use_context().unwrap_or_else(|| Self {
            code: RwSignal::new(String::new()),
            by_link: RwSignal::new(false),
            looked_up: StoredValue::new(false),
            from_sso: StoredValue::new(None),
        })
    }

    pub(super) fn code(self) -> RwSignal<String> {
        self.code
    }

    /// Whether a link has filled in the first half of the code; tracked.
    pub(super) fn is_by_link(self) -> bool {
        self.by_link.get()
    }

    /// Whether the code is missing or incomplete.
    pub(super) fn is_without_code(self) -> bool {
        self.code.with_untracked(|code| UserCode::parse(code).is_none())
    }

    /// Records that the code was typed and is pending.
    pub(super) fn typed(self) {
        self.by_link.set(false);
        self.looked_up.set_value(true);
    }

    /// Forgets the code: it was decided, or another one is needed.
    pub(super) fn forget(self) {
        let _ = self.by_link.try_set(false);
        let _ = self.looked_up.try_set_value(false);
    }

    /// The view before any request.
    pub(super) fn first_view(self) -> View {
        // A reload keeps a finished view.
        if let Some(resolution) = current_mark().as_deref().and_then(Resolution::parse) {
            return View::finished(resolution, None);
        }
        match self.from_sso.get_value() {
            Some(Err(error)) => View::Ended(Ending::Sso(error)),
            _ => View::Entry,
        }
    }

    /// Continues with the identity from single sign-on, or with a code that was looked up before.
    pub(super) fn go_on(self, flow: Flow) {
        if flow.view.get_untracked() != View::Entry {
            return;
        }
        let back = self.from_sso.try_update_value(Option::take).flatten().is_some();
        let again = self.looked_up.get_value() && flow.whole_code().is_some();
        if back {
            spawn_local(async move {
                match api::approval_context().await {
                    Ok(context) => flow.show(View::External(Box::new(context))),
                    Err(error) => {
                        if flow.end(error).is_some() {
                            flow.show(View::Ended(Ending::Sso(SsoError::SsoFailed)));
                        }
                    }
                }
            });
        } else if again {
            spawn_local(async move {
                // A code that is no longer pending needs no message: the empty field is shown.
                if flow.go_on().await != Ok(true) {
                    self.forget();
                    let _ = flow.code.try_set(String::new());
                    focus_on(id::USER_CODE);
                }
            });
        }
    }
}
