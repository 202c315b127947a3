//! The API descriptions of this surface's endpoints; the table of routes adds authentication and limits.

use doorstep_contract::{
    password::{DEFAULT_MIN, Weakness},
    paths,
    tokens::{PasswordRequest, PasswordReset},
};
use serde_json::json;

use super::{
    graphql, me, operation,
    operation::{Login, Refresh, TfaDisable, TfaEnable, TfaGenerate},
    providers,
};
use crate::{error::Error, http::openapi::Operation};

/// All endpoints of the surface.
pub(in crate::http) fn operations() -> Vec<Operation> {
    [signing_in(), through_providers(), account()].into_iter().flatten().collect()
}

/// The errors of a sign-in with a password.
fn wrong() -> [Error; 5] {
    let misread = Error::InvalidRequest(String::new());
    [Error::InvalidCredentials, Error::CodeRequired, Error::InvalidCode, Error::UnknownProvider, misread]
}

fn signing_in() -> Vec<Operation> {
    vec![
        Operation::post("/auth/login", "Sign in with email and password")
            .takes::<Login>()
            .answers::<operation::Tokens>()
            .refuses(wrong()),
        Operation::post("/auth/refresh", "Renew tokens")
            .may_take::<Refresh>()
            .answers::<operation::Tokens>()
            .refuses([Error::InvalidCredentials, Error::TokenExpired]),
        Operation::post("/auth/logout", "End what tokens and cookies name").may_take::<Refresh>().answers_nothing(),
        Operation::post(paths::PASSWORD_REQUEST, "Ask for a mail that resets a password")
            .takes::<PasswordRequest>()
            .answers_nothing(),
        Operation::post(paths::PASSWORD_RESET, "Choose a new password by the token of that mail")
            .takes::<PasswordReset>()
            .answers_nothing()
            .refuses([Error::TokenExpired, Error::InvalidToken, Error::TokenUsed])
            .refuses([Error::PasswordPolicy { weakness: Weakness::TooShort, min_chars: DEFAULT_MIN }]),
        Operation::post("/graphql/system", "The same operations as GraphQL mutations, one a request")
            .takes::<graphql::Document>()
            .answers_bare::<graphql::Answered>(),
    ]
}

fn through_providers() -> Vec<Operation> {
    const HTML: &str = "text/html";
    const PLAIN: &str = "text/plain";
    const UNREADABLE: &str = "With `link`, what the button of the page does not send.";
    let flag = json!({ "type": "string", "enum": ["1", "true"] });
    vec![
        Operation::get(paths::TOKENS, "List the ways to sign in through other identity systems")
            .query("sessionOnly", &json!({}), "Only those whose sign-in sets a session cookie.")
            .answers_bare::<providers::Providers>(),
        Operation::get("/auth/login/{provider}", "Begin a sign-in through a provider, as a navigation")
            .text("redirect", "Where to go in the end.")
            .text("mode", "`session`, or `cookie`.")
            .query("reauth", &flag, "Prove again who is signed in.")
            .query("link", &flag, "Ask whether to link an identity to the account.")
            .leads(302, "To the provider, or on with a reason.")
            .answers_text(200, HTML, "With `link`, a page that asks.")
            .answers_text(403, HTML, "The same, when another site led there.")
            .only_navigation()
            .refuses([Error::UnknownProvider]),
        Operation::post("/auth/login/{provider}", "Sign in at `default`, or press the button of the page that links")
            .query("link", &flag, "The button of that page.")
            .text("redirect", "Where to go in the end.")
            .may_take::<Login>()
            .answers::<operation::Tokens>()
            .answers_text(200, HTML, "With `link`, a page that leads to the provider.")
            .answers_text(403, HTML, "With `link`, a page that asks again.")
            .answers_text(400, PLAIN, UNREADABLE)
            .answers_text(413, PLAIN, UNREADABLE)
            .answers_text(415, PLAIN, UNREADABLE)
            .answers_text(503, PLAIN, UNREADABLE)
            .leads(303, "With `link`, on with a reason.")
            .leads(302, "With `link`, to sign in first.")
            .refuses(wrong()),
        Operation::get("/auth/login/{provider}/callback", "Return from a provider, as a navigation")
            .text("state", "As it was sent there.")
            .text("code", "The authorization code.")
            .text("error", "Why there is none.")
            .text("iss", "The issuer (RFC 9207).")
            .leads(302, "Where the sign-in was to lead, with a session, or on with a reason.")
            .only_navigation()
            .refuses([Error::UnknownProvider]),
    ]
}

fn account() -> Vec<Operation> {
    let wrong = || [Error::InvalidCredentials, Error::AlreadyEnabled];
    vec![
        Operation::get("/users/me", "Read the account of the token")
            .text("fields", "Which fields, with commas between them; all without it.")
            .answers_part_of::<me::User<'_>>(),
        Operation::post("/users/me/tfa/generate", "Begin to turn two-factor authentication on")
            .takes::<TfaGenerate>()
            .answers::<operation::Enrolment>()
            .refuses(wrong()),
        Operation::post("/users/me/tfa/enable", "Turn two-factor authentication on")
            .takes::<TfaEnable>()
            .answers_nothing()
            .refuses(wrong()),
        Operation::post("/users/me/tfa/disable", "Turn two-factor authentication off")
            .takes::<TfaDisable>()
            .answers_nothing()
            .refuses(wrong()),
    ]
}
