//! Requests a mail to reset the password. The answer is the same for every address.

use doorstep_contract::{account_name::is_email, envelope::ErrorCode, route::ClientRoute, tokens::PasswordRequest};
use doorstep_locales::words::{choose, error, forgot as words, login};
use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    api::tokens::request_reset,
    i18n::{t, t_with},
    problem::blame,
    ui::{
        button::Look,
        field::{Field, Kind},
        focus::{focus_heading, focus_when_drawn},
        form::{Form, FormState, Problem, Refusal},
        link::Link,
        page::Card,
    },
};

const EMAIL: &str = "email";
/// The `id` of the text about the field.
const TEXT: &str = "forgot-text";
/// The seconds to wait before another mail can be requested.
const PAUSE: u32 = 60;

/// The state of the page.
#[derive(Clone, Copy)]
struct Mail {
    form: FormState,
    /// The address that is typed.
    email: RwSignal<String>,
    /// Whether a mail has been requested.
    is_sent: RwSignal<bool>,
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
        self.form.rest(PAUSE);
        if !self.is_sent.get_untracked() {
            self.is_sent.set(true);
            focus_heading();
        }
    }
}

/// The page: the form, then the confirmation with a button to request another mail.
#[component]
pub(crate) fn ForgotPage() -> impl IntoView {
    let mail =
        Mail { form: FormState::new("forgot"), email: RwSignal::new(String::new()), is_sent: RwSignal::new(false) };
    // After the heading, which gets the focus on navigation.
    Effect::new(|_| focus_when_drawn(EMAIL));
    move || {
        let is_sent = mail.is_sent.get();
        let (title, submit, look) = if is_sent {
            (words::SENT_TITLE, words::AGAIN, Look::Secondary)
        } else {
            (words::TITLE, words::SUBMIT, Look::Primary)
        };
        let text = if is_sent {
            view! {
                <p>{t_with(words::SENT, "email", mail.email.get_untracked().trim())}</p>
                <p>{t(words::SENT_TEXT)}</p>
            }
            .into_any()
        } else {
            view! {
                <p id=TEXT class="note">
                    {t(words::TEXT)}
                </p>
            }
            .into_any()
        };
        view! {
            <Title text=t(title) />
            <Card title>
                {text}
                <Form
                    state=mail.form
                    submit
                    submitting=words::SUBMITTING
                    look
                    on_submit=move || mail.ask()
                    on_done=move || mail.asked()
                >
                    {(!is_sent)
                        .then(|| {
                            view! {
                                <Field form=mail.form id=EMAIL label=choose::EMAIL kind=Kind::Email value=mail.email hint=TEXT />
                            }
                        })}
                </Form>
                <Link href=ClientRoute::Login.path()>{t(login::BACK)}</Link>
            </Card>
        }
    }
}
