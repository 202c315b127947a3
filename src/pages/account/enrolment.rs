//! Turning one-time codes on: the secret as a picture and as text, and a first code that shows that the app has it.

use doorstep_contract::{
    account::{TotpPending, TotpSetup},
    envelope::ErrorCode,
    secret::Secret,
    typed,
};
use doorstep_locales::words::{dialog, totp, two_factor as words};
use leptos::prelude::*;

use super::two_factor::Section;
use crate::{
    api::{ApiError, account::confirm_totp},
    i18n::t,
    problem::refusal,
    ui::{
        copy::copy_button,
        field::{Kind, field},
        form::{Form, Problem, form_view},
        part::{block, button, paragraph, text},
        qr::qr,
    },
};

const CODE: &str = "first-code";

/// The view.
pub(super) fn enrolment(section: Section, pending: TotpPending) -> AnyView {
    let form = Form::new("enrolment");
    let code = RwSignal::new(String::new());
    let secret = StoredValue::new(pending.secret.clone());
    let send = move || {
        let typed = typed::code(&code.get_untracked());
        let found = typed.is_empty().then_some(Problem { sentence: totp::CODE_MISSING, field: Some(CODE) });
        let send = move || {
            let request =
                TotpSetup { password: None, secret: Some(secret.get_value()), code: Some(Secret::new(typed)) };
            Box::pin(async move {
                let confirmed = match section.proof.with(async || confirm_totp(&request).await).await {
                    Ok(codes) => section.show_codes(codes).await,
                    Err(error) => Err(error),
                };
                if confirmed == Err(ApiError::Refused(ErrorCode::InvalidCode)) {
                    let _ = code.try_set(String::new());
                }
                confirmed.map_err(|error| refusal(error, |code| (code == ErrorCode::InvalidCode).then_some(CODE)))
            }) as _
        };
        form.submit(found, send, || {});
    };
    let readable = grouped(pending.secret.reveal());
    let fields = vec![field(form, CODE, totp::CODE, Kind::OneTimeCode, code)];
    block(
        "div",
        "stack",
        vec![
            paragraph(t(words::SCAN)),
            qr(pending.qr, t(words::QR)),
            paragraph(t(words::TYPE)),
            block("p", "secret", vec![block("code", "", vec![text(readable)]), copy_button(pending.secret)]),
            form_view(form, words::CONFIRM, words::CONFIRMING, fields, send),
            button("button", dialog::CANCEL, move || section.rest()),
        ],
    )
}

/// In groups of four, which are easier to type.
fn grouped(secret: &str) -> String {
    let mut grouped = String::with_capacity(secret.len() * 5 / 4);
    for (index, character) in secret.chars().enumerate() {
        if index > 0 && index % 4 == 0 {
            grouped.push(' ');
        }
        grouped.push(character);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_shown_in_groups_of_four() {
        assert_eq!(grouped("ABCDEFGHIJ"), "ABCD EFGH IJ");
        assert_eq!(grouped("ABCD"), "ABCD");
    }
}
