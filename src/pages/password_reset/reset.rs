//! A new password, with the token of the mail.

use doorstep_contract::{
    envelope::ErrorCode,
    paths::{RESET_TOKEN_PARAMETER, RESET_USERNAME_PARAMETER},
    route::ClientRoute,
    secret::Secret,
    tokens::PasswordReset,
};
use doorstep_locales::{
    Word,
    words::{choose, login, reset as words},
};
use leptos::prelude::*;
use web_sys::UrlSearchParams;

use crate::{
    address::replace_address,
    api::{ApiError, tokens::reset},
    i18n::t,
    pages::new_password::NewPassword,
    problem::refusal,
    ui::{
        field::username_for_managers,
        focus::focus_heading,
        form::{Form, form_view},
        part::{card, dynamic, link, note, paragraph},
    },
};

/// What the page was opened with.
#[derive(Clone, Copy)]
pub(crate) struct ResetToken {
    token: StoredValue<Option<Secret>>,
    /// Whose password it is.
    username: StoredValue<String>,
}

impl ResetToken {
    /// Takes it out of the address bar, before anything else looks at the address.
    pub(crate) fn take() -> Self {
        let here = window().location();
        let on_page = here.pathname().is_ok_and(|path| ClientRoute::parse(&path) == Some(ClientRoute::ResetPassword));
        let query = here.search().ok().filter(|_| on_page);
        let query = query.and_then(|query| UrlSearchParams::new_with_str(&query).ok());
        let token = query.and_then(|query| query.get(RESET_TOKEN_PARAMETER));
        let named = here.hash().ok().filter(|_| on_page);
        let named = named.and_then(|named| UrlSearchParams::new_with_str(named.trim_start_matches('#')).ok());
        let username = named.and_then(|named| named.get(RESET_USERNAME_PARAMETER)).unwrap_or_default();
        if token.is_some() {
            replace_address(ClientRoute::ResetPassword.path());
        }
        Self { token: StoredValue::new(token.map(Secret::new)), username: StoredValue::new(username) }
    }
}

/// What the page shows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum View {
    Choose,
    Done,
    /// The link is good for nothing: why.
    Void(Word),
}

/// The page.
pub(crate) fn reset_page() -> AnyView {
    let opened = use_context::<ResetToken>();
    let token = opened.and_then(|opened| opened.token.get_value());
    let username = opened.map(|opened| opened.username.get_value()).unwrap_or_default();
    let view = RwSignal::new(if token.is_some() { View::Choose } else { View::Void(words::WRONG) });
    let token = StoredValue::new(token);
    let form = Form::new("reset");
    let password = NewPassword::new(Signal::stored(Vec::new()));
    let send = move || {
        let send = move || {
            let request =
                PasswordReset { token: token.get_value().unwrap_or_default(), password: password.secrets().0 };
            Box::pin(async move {
                let answer = reset(&request).await;
                if let Some(void) = answer.err().and_then(void) {
                    let _ = view.try_set(View::Void(void));
                }
                answer.map_err(|error| refusal(error, NewPassword::blame))
            }) as _
        };
        let done = move || {
            password.clear();
            view.set(View::Done);
        };
        form.submit(password.problem(), send, done);
    };
    Effect::new(move |earlier: Option<View>| {
        let now = view.get();
        if earlier.is_some_and(|earlier| earlier != now) {
            focus_heading();
        }
        now
    });
    dynamic(move || match view.get() {
        View::Choose => {
            let mut fields = vec![username_for_managers(username.clone())];
            fields.extend(password.fields(form));
            card(
                words::TITLE,
                vec![note(words::TEXT), form_view(form, words::SUBMIT, choose::SUBMITTING, fields, send)],
            )
        }
        View::Done => card(
            words::DONE_TITLE,
            vec![paragraph(t(words::DONE_TEXT)), link("button primary", ClientRoute::Login.path(), login::SUBMIT)],
        ),
        View::Void(why) => card(
            words::VOID_TITLE,
            vec![
                paragraph(t(why)),
                link("button primary", ClientRoute::ForgotPassword.path(), words::ANOTHER),
                link("", ClientRoute::Login.path(), login::BACK),
            ],
        ),
    })
}

/// What makes the link good for nothing; `None` when it can be tried again.
const fn void(error: ApiError) -> Option<Word> {
    match error {
        ApiError::Refused(ErrorCode::TokenExpired) => Some(words::EXPIRED),
        ApiError::Refused(ErrorCode::TokenUsed) => Some(words::USED),
        ApiError::Refused(ErrorCode::InvalidToken) => Some(words::WRONG),
        _ => None,
    }
}
