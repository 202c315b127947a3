//! Sets a new password with the token of the mail.

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
use leptos_meta::Title;
use web_sys::UrlSearchParams;

use crate::{
    address::replace_address,
    api::{ApiError, tokens::reset},
    i18n::t,
    problem::blame,
    ui::{
        field::UsernameForManagers,
        focus::{focus_heading, focus_when_drawn},
        form::{Form, FormState},
        link::Link,
        page::{Card, who},
    },
    widgets::new_password::{NEW_PASSWORD, NewPassword, NewPasswordField, PASSWORD_TEXT},
};

/// The parameters of the link.
#[derive(Clone, Copy)]
pub(crate) struct ResetToken {
    token: StoredValue<Option<Secret>>,
    /// The account's username.
    username: StoredValue<String>,
}

impl ResetToken {
    /// Removes the token from the address bar, before anything else reads the address.
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

/// The view of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum View {
    Choose,
    Done,
    /// The link can't be used, and why.
    Void(Word),
}

impl View {
    /// The heading, and the title of the document.
    const fn title(self) -> Word {
        match self {
            Self::Choose => words::TITLE,
            Self::Done => words::DONE_TITLE,
            Self::Void(_) => words::VOID_TITLE,
        }
    }
}

/// The page.
#[component]
pub(crate) fn ResetPage() -> impl IntoView {
    let opened = use_context::<ResetToken>();
    let has_token = opened.is_some_and(|opened| opened.token.with_value(Option::is_some));
    let shown = RwSignal::new(if has_token { View::Choose } else { View::Void(words::WRONG) });
    Effect::new(move |earlier: Option<View>| {
        let now = shown.get();
        if earlier.is_some_and(|earlier| earlier != now) {
            focus_heading();
        }
        now
    });
    view! {
        <Title text=move || t(shown.get().title()) />
        {move || match shown.get() {
            View::Choose => view! { <ChoosePassword shown /> }.into_any(),
            View::Done => view! { <Done /> }.into_any(),
            View::Void(why) => view! { <Void why /> }.into_any(),
        }}
    }
}

/// The form.
#[component]
fn ChoosePassword(shown: RwSignal<View>) -> impl IntoView {
    let opened = use_context::<ResetToken>();
    let token = opened.and_then(|opened| opened.token.get_value()).unwrap_or_default();
    let username = opened.map(|opened| opened.username.get_value()).unwrap_or_default();
    let password = NewPassword::new(Signal::stored(vec![username.clone()]));
    let form = FormState::new("reset");
    let choose = async move || {
        password.check()?;
        let answer = reset(&PasswordReset { token: token.clone(), password: password.secret() }).await;
        if let Some(void) = answer.err().and_then(void) {
            let _ = shown.try_set(View::Void(void));
        }
        answer.map_err(blame(|code| password.blame(code)))
    };
    let done = move || {
        password.clear();
        shown.set(View::Done);
    };
    // After the heading, which gets the focus on navigation.
    Effect::new(|_| focus_when_drawn(NEW_PASSWORD));
    view! {
        <Card title=View::Choose.title()>
            {who(words::ACCOUNT, &username)}
            <p id=PASSWORD_TEXT class="note">
                {t(words::TEXT)}
            </p>
            <Form
                state=form
                submit=words::SUBMIT
                submitting=choose::SUBMITTING
                on_submit=choose
                on_done=done
            >
                <UsernameForManagers username />
                <NewPasswordField form password alone=true />
            </Form>
        </Card>
    }
}

/// The password is set.
#[component]
fn Done() -> impl IntoView {
    view! {
        <Card title=View::Done.title()>
            <p>{t(words::DONE_TEXT)}</p>
            <Link href=ClientRoute::Login.path() class="button primary">
                {t(login::SUBMIT)}
            </Link>
        </Card>
    }
}

/// The link can't be used.
#[component]
fn Void(why: Word) -> impl IntoView {
    view! {
        <Card title=View::Void(why).title()>
            <p>{t(why)}</p>
            <Link href=ClientRoute::ForgotPassword.path() class="button primary">
                {t(words::ANOTHER)}
            </Link>
            <Link href=ClientRoute::Login.path()>{t(login::BACK)}</Link>
        </Card>
    }
}

/// Why the link can't be used; `None` if it can be tried again.
const fn void(error: ApiError) -> Option<Word> {
    match error {
        ApiError::Refused(ErrorCode::TokenExpired) => Some(words::EXPIRED),
        ApiError::Refused(ErrorCode::TokenUsed) => Some(words::USED),
        ApiError::Refused(ErrorCode::InvalidToken) => Some(words::WRONG),
        _ => None,
    }
}
