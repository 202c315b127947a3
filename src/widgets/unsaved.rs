//! Text that is typed and not saved: the user is asked before the page is left, and it is kept in memory when the session
//! ends, for the same user and the same form. It is never in the browser's storage.
//!
//! ```text
//! watch -> a form of the page -> its text differs from the saved one -> DiscardGuard
//! the session ends -> the page is removed -> KEPT -> the same user signs in -> watch fills the form
//! ```

use std::{cell::RefCell, sync::OnceLock};

use doorstep_locales::words::unsaved as words;
use leptos::{ev, prelude::*};
use leptos_router::hooks::use_location;

use super::discard_guard::{DiscardGuard, lift};
use crate::session::{Session, SignedOutReason};

/// A form of the page.
#[derive(Clone)]
struct Watched {
    fields: Vec<RwSignal<String>>,
    /// The text that needs no saving.
    saved: Vec<String>,
}

impl Watched {
    /// Whether its text differs from the saved one; tracked.
    fn is_changed(&self) -> bool {
        self.fields.iter().zip(&self.saved).any(|(field, saved)| field.try_with(|typed| typed != saved) == Some(true))
    }
}

/// Identifies a form, for one user.
#[derive(Clone, PartialEq, Eq)]
struct Key {
    account: String,
    path: String,
    form: String,
}

impl Key {
    /// Of a form of this page; `None` if no user is signed in.
    fn of(form: &str) -> Option<Self> {
        let account = untrack(|| Session::expect().me())?.account.id;
        Some(Self { account, path: use_location().pathname.get_untracked(), form: form.to_owned() })
    }
}

thread_local! {
    /// The text of the forms that were on the page when the session ended.
    static KEPT: RefCell<Vec<(Key, Vec<String>)>> = const { RefCell::new(Vec::new()) };
}

/// The forms of the page, as a signal.
fn watched() -> ArcRwSignal<Vec<Watched>> {
    static WATCHED: OnceLock<ArcRwSignal<Vec<Watched>>> = OnceLock::new();
    WATCHED.get_or_init(|| ArcRwSignal::new(Vec::new())).clone()
}

/// Watches the fields of a form, which must not be secret, while its component exists. Fills them with the text that was
/// kept when the session ended.
pub(crate) fn watch(form: &str, fields: Vec<RwSignal<String>>) {
    let (Some(key), session) = (Key::of(form), Session::expect()) else { return };
    let saved = fields.iter().map(|field| field.get_untracked()).collect();
    for (field, text) in fields.iter().zip(take(&key).unwrap_or_default()) {
        field.set(text);
    }
    let own = Watched { fields, saved };
    watched().update(|all| all.push(own.clone()));
    on_cleanup(move || {
        if untrack(|| session.signed_out_reason()) == Some(SignedOutReason::Ended) && untrack(|| own.is_changed()) {
            let typed = own.fields.iter().map(|field| field.try_get_untracked().unwrap_or_default()).collect();
            KEPT.with_borrow_mut(|kept| kept.push((key, typed)));
        }
        watched().update(|all| all.retain(|other| other.fields != own.fields));
    });
}

/// Whether text of this form was kept.
pub(crate) fn is_kept(form: &str) -> bool {
    let key = Key::of(form);
    KEPT.with_borrow(|kept| kept.iter().any(|(other, _)| Some(other) == key.as_ref()))
}

fn take(key: &Key) -> Option<Vec<String>> {
    KEPT.with_borrow_mut(|kept| {
        let at = kept.iter().position(|(other, _)| other == key)?;
        Some(kept.swap_remove(at).1)
    })
}

/// Asks before the page is left while a form has unsaved text. One for the app.
#[component]
pub(crate) fn UnsavedGuard() -> impl IntoView {
    let session = Session::expect();
    let allowed = StoredValue::new(false);
    let is_changed =
        Memo::new(move |_| session.is_ready() && watched().with(|all| all.iter().any(Watched::is_changed)));
    Effect::new(move |earlier: Option<bool>| {
        let is_changed = is_changed.get();
        if earlier == Some(true) && !is_changed && !allowed.get_value() && untrack(|| session.is_ready()) {
            lift();
        }
        is_changed
    });
    // Kept text is for the same user, and is forgotten when that one signs out.
    Effect::new(move |_| {
        let (account, reason) = (session.me().map(|me| me.account.id), session.signed_out_reason());
        KEPT.with_borrow_mut(|kept| {
            kept.retain(|(key, _)| reason == Some(SignedOutReason::Ended) || account.as_ref() == Some(&key.account));
        });
    });
    let unloading = window_event_listener(ev::beforeunload, |event| {
        if KEPT.with_borrow(|kept| !kept.is_empty()) {
            event.prevent_default();
        }
    });
    on_cleanup(move || unloading.remove());
    view! {
        <Show when=move || is_changed.get()>
            <DiscardGuard title=words::QUESTION meaning=words::TEXT label=words::DISCARD allowed />
        </Show>
    }
}
