//! Asks for a mail that resets a password. The answer is the same for every address.

use std::time::Duration;

use doorstep_contract::{account_name::is_email, envelope::ErrorCode, route::ClientRoute, tokens::PasswordRequest};
use doorstep_locales::words::{choose, error, forgot as words, login};
use leptos::prelude::*;

use crate::{
    api::tokens::request_reset,
    i18n::{t, t_with},
    problem::blame,
    ui::{
        button::Button,
        field::{Field, Kind},
        focus::{focus_heading, focus_when_drawn},
        form::{Form, FormAlert, FormState, Problem, Refusal},
        link::Link,
        page::Card,
    },
};

const EMAIL: &str = "email";
/// The `id` of the text that says what the field is for.
const TEXT: &str = "forgot-text";
/// How long to wait for a mail before another is asked for.
const PAUSE: Duration = Duration::from_mins(1);

/// What the page remembers.
#[derive(Clone, Copy)]
struct Mail {
    form: FormState,
    /// The address that is typed.
    email: RwSignal<String>,
    /// Whether a mail has been asked for.
    is_sent: RwSignal<bool>,
    /// Whether it is too early to ask for another.
    is_resting: RwSignal<bool>,
}

impl Mail {
    async fn ask(self) -> Result<(), Refusal> {
        let email = self.email.get_untracked().trim().to_owned();
        if !is_email(&email) {
            return Err(Problem { sentence: error::EMAIL_INVALID, field: Some(EMAIL) }.into());
        }
        let answer = request_reset(&PasswordRequest { email, reset_url: None }).await;
        answer.map_err(blame(|code| (code == ErrorCode::EmailInvalid).then_some(EMAIL)))
    }

    fn asked(self) {
        self.form.reset();
        self.is_resting.set(true);
        set_timeout(move || _ = self.is_resting.try_set(false), PAUSE);
        if !self.is_sent.get_untracked() {
            self.is_sent.set(true);
            focus_heading();
        }
    }
}

/// The page.
#[component]
pub(crate) fn ForgotPage() -> impl IntoView {
    let mail = Mail {
        form: FormState::new("forgot"),
        email: RwSignal::new(String::new()),
        is_sent: RwSignal::new(false),
        is_resting: RwSignal::new(false),
    };
    view! {
        <Card title=words::TITLE>
            <Show when=move || mail.is_sent.get() fallback=move || view! { <AskForMail mail /> }>
                <MailSent mail />
            </Show>
            <Link href=ClientRoute::Login.path()>{t(login::BACK)}</Link>
        </Card>
    }
}

/// Before: the form.
#[component]
fn AskForMail(mail: Mail) -> impl IntoView {
    let form = mail.form;
    // After the heading, which takes the focus when the page is entered.
    Effect::new(|_| focus_when_drawn(EMAIL));
    view! {
        <p id=TEXT class="note">
            {t(words::TEXT)}
        </p>
        <Form
            state=form
            submit=words::SUBMIT
            submitting=words::SUBMITTING
            on_submit=move || mail.ask()
            on_done=move || mail.asked()
        >
            <Field form id=EMAIL label=choose::EMAIL kind=Kind::Email value=mail.email hint=TEXT />
        </Form>
    }
}

/// After: what to expect, and a way to ask again.
#[component]
fn MailSent(mail: Mail) -> impl IntoView {
    let ask_again = move || mail.form.submit(mail.ask(), move || mail.asked());
    let busy = Signal::derive(move || mail.form.is_busy());
    view! {
        <p>{t_with(words::SENT, "email", mail.email.get_untracked().trim())}</p>
        <p>{t(words::SENT_TEXT)}</p>
        <FormAlert state=mail.form />
        <Show when=move || !mail.is_resting.get()>
            <Button busy on_press=ask_again>
                {t(words::AGAIN)}
            </Button>
        </Show>
    }
}
