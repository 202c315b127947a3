//! The second step: a one-time or recovery code.

use axum::http::StatusCode;
use doorstep_server::domain::account::Status;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::support::{Authenticator, PASSWORD, RequestBuilder, Server, credentials, get, post, second_step};

fn login(body: &Value) -> RequestBuilder {
    post("/api/auth/login").json(body)
}

/// A sign-in with password and code in one request.
fn both(code: &str) -> RequestBuilder {
    login(&json!({ "username": "ada", "password": PASSWORD, "code": code }))
}

async fn with_totp() -> (Server, Authenticator) {
    let server = Server::start().await;
    let app = server.add_with_totp("ada").await;
    (server, app)
}

#[tokio::test]
async fn a_right_password_requires_a_code_and_grants_no_access() {
    let (server, app) = with_totp().await;
    let answer = server.send(login(&credentials("ada", PASSWORD))).await;
    answer.assert_error(401, "totp_required");
    assert!(answer.headers.get("set-cookie").is_none());
    let data = &answer.json()["data"];
    assert_eq!(data["totp_required"], true);
    let challenge = data["challenge"].as_str().expect("is text");
    assert_eq!((challenge.len(), data.as_object().map(serde_json::Map::len)), (43, Some(2)), "256 bits: {data}");

    let answer = server.send(login(&second_step(challenge, &app.code(&server)))).await;
    let data = answer.data();
    assert_eq!((&data["username"], &data["session"]["began_with"]), (&json!("ada"), &json!("totp")));
    assert_eq!(server.send(get("/api/auth/me").cookie(&answer.cookie())).await.status, StatusCode::OK);
    // A challenge works once.
    let again = login(&second_step(challenge, &app.code_after(&server, 1)));
    server.send(again).await.assert_error(401, "challenge_expired");
}

#[tokio::test]
async fn a_wrong_password_does_not_reveal_the_second_step() {
    let (server, app) = with_totp().await;
    server.send(login(&credentials("ada", "wrong"))).await.assert_error(401, "invalid_credentials");
    let body = json!({ "username": "ada", "password": "wrong", "code": app.code(&server) });
    server.send(login(&body)).await.assert_error(401, "invalid_credentials");
    // The code was not checked.
    assert_eq!(server.send(both(&app.code(&server))).await.data()["session"]["began_with"], "totp");
}

#[tokio::test]
async fn codes_of_one_step_before_and_after_work_once_each() {
    let (server, app) = with_totp().await;
    server.wait(SignedDuration::from_mins(1));
    for steps in [-1, 0, 1] {
        let code = app.code_after(&server, steps);
        assert_eq!(server.send(both(&code)).await.status, StatusCode::OK, "{steps}");
        server.send(both(&code)).await.assert_error(401, "invalid_code");
    }
    server.send(both(&app.code_after(&server, 2))).await.assert_error(401, "invalid_code");
}

#[tokio::test]
async fn of_two_concurrent_identical_codes_one_signs_in_also_on_two_servers() {
    for others in 0..2 {
        let (mut server, app) = with_totp().await;
        server.join(others).await;
        let (one, other) = (server.challenge("ada").await, server.challenge("ada").await);
        let code = app.code(&server);
        let attempts = [one, other].map(|challenge| server.send(login(&second_step(&challenge, &code))));
        let answers = futures_util::future::join_all(attempts).await;
        let worked = answers.iter().filter(|answer| answer.status == StatusCode::OK).count();
        assert_eq!(worked, 1, "{answers:?}");
    }
}

#[tokio::test]
async fn a_used_code_stays_used_after_a_restart() {
    let (server, app) = with_totp().await;
    let code = app.code(&server);
    assert_eq!(server.send(both(&code)).await.status, StatusCode::OK);
    let server = server.restart().await;
    server.send(both(&code)).await.assert_error(401, "invalid_code");
}

#[tokio::test]
async fn a_challenge_allows_five_codes_within_five_minutes() {
    let (server, app) = with_totp().await;
    let challenge = server.challenge("ada").await;
    server.wait(SignedDuration::from_mins(5));
    let late = login(&second_step(&challenge, &app.code(&server)));
    server.send(late).await.assert_error(401, "challenge_expired");

    let challenge = server.challenge("ada").await;
    let wrong = app.wrong_code(&server);
    for _ in 0..5 {
        server.send(login(&second_step(&challenge, &wrong))).await.assert_error(401, "invalid_code");
    }
    let sixth = login(&second_step(&challenge, &app.code(&server)));
    server.send(sixth).await.assert_error(401, "challenge_expired");
    for garbage in ["", "x", &"A".repeat(43), &"A".repeat(5000)] {
        server.send(login(&second_step(garbage, "123456"))).await.assert_error(401, "challenge_expired");
    }
}

#[tokio::test]
async fn wrong_codes_are_failures_and_a_right_password_does_not_clear_them() {
    let (server, app) = with_totp().await;
    let wrong = app.wrong_code(&server);
    for _ in 0..5 {
        // Requesting a challenge is not a failure, and clears none.
        let challenge = server.challenge("ada").await;
        server.send(login(&second_step(&challenge, &wrong))).await.assert_error(401, "invalid_code");
    }
    let limited = server.send(login(&credentials("ada", PASSWORD))).await;
    limited.assert_error(429, "rate_limited");
    assert_eq!(limited.headers["retry-after"], "10");
    server.wait(SignedDuration::from_secs(30));
    let challenge = server.challenge("ada").await;
    let right = login(&second_step(&challenge, &app.code(&server)));
    assert_eq!(server.send(right).await.status, StatusCode::OK);
    // Password and code together do not count; the failures of name and address remain.
    let wrong = both(&app.wrong_code(&server)).from("192.0.2.1");
    server.send(wrong).await.assert_error(401, "invalid_code");
}

#[tokio::test]
async fn a_missing_code_does_not_count_as_a_failure() {
    let (server, _) = with_totp().await;
    for _ in 0..20 {
        server.challenge("ada").await;
    }
}

#[tokio::test]
async fn of_two_hundred_concurrent_wrong_codes_five_are_checked_also_on_two_servers() {
    for others in 0..2 {
        let (mut server, app) = with_totp().await;
        server.join(others).await;
        let mut challenges = Vec::new();
        for _ in 0..40 {
            challenges.push(server.challenge("ada").await);
        }
        let wrong = app.wrong_code(&server);
        let attempts = (0..200).map(|n: usize| server.send(login(&second_step(&challenges[n % 40], &wrong))));
        let answers = futures_util::future::join_all(attempts).await;
        let checked = answers.iter().filter(|answer| answer.status == StatusCode::UNAUTHORIZED).count();
        assert_eq!(checked, 5);
    }
}

#[tokio::test]
async fn after_a_hundred_wrong_codes_only_a_recovery_code_or_an_operator_helps() {
    let (server, app) = with_totp().await;
    for _ in 0..100 {
        server.send(both(&app.wrong_code(&server))).await.assert_error(401, "invalid_code");
        server.wait(SignedDuration::from_mins(15));
    }
    server.send(both(&app.code(&server))).await.assert_error(401, "invalid_code");
    server.wait(SignedDuration::from_mins(15));
    let recovered = server.send(both(&app.recovery_codes[0])).await;
    assert_eq!(recovered.data()["session"]["began_with"], "recovery_code");
    assert_eq!(server.send(both(&app.code(&server))).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_recovery_code_signs_in_once_in_any_case_and_grouping() {
    let (server, app) = with_totp().await;
    let [first, second, ..] = &app.recovery_codes[..] else { panic!("there are ten") };
    let challenge = server.challenge("ada").await;
    let answer = server.send(login(&second_step(&challenge, &first.to_uppercase().replace('-', " ")))).await;
    assert_eq!(answer.data()["session"]["began_with"], "recovery_code");
    server.send(both(first)).await.assert_error(401, "invalid_code");
    let answer = server.send(both(&format!(" {} ", second.replace('-', "")))).await;
    let me = server.send(get("/api/auth/me").cookie(&answer.cookie())).await.data();
    assert_eq!((&me["account"]["totp_enabled"], &me["account"]["recovery_codes_left"]), (&json!(true), &json!(8)));
}

#[tokio::test]
async fn of_two_concurrent_identical_recovery_codes_one_signs_in() {
    let (server, app) = with_totp().await;
    let code = &app.recovery_codes[0];
    let (one, other) = tokio::join!(server.send(both(code)), server.send(both(code)));
    let worked = [&one, &other].iter().filter(|answer| answer.status == StatusCode::OK).count();
    assert_eq!(worked, 1, "{one:?} {other:?}");
}

#[tokio::test]
async fn a_challenge_ends_when_password_or_status_change() {
    let (server, app) = with_totp().await;
    for number in 0..3 {
        let challenge = server.challenge("ada").await;
        match number {
            0 => {
                server.service.accounts().set_status("ada", Status::Suspended).await.expect("is suspended");
                server.service.accounts().set_status("ada", Status::Active).await.expect("is active");
            }
            1 => drop(server.service.accounts().set_password("ada", PASSWORD).await.expect("is set")),
            _ => drop(server.service.accounts().reset_totp("ada").await.expect("is reset")),
        }
        let late = login(&second_step(&challenge, &app.code(&server)));
        server.send(late).await.assert_error(401, "challenge_expired");
    }
}

#[tokio::test]
async fn garbage_is_a_wrong_code() {
    let (server, _) = with_totp().await;
    for code in ["", "12345", "1234567", "abcdef", "ä", "\u{0}", "１２３４５６"] {
        server.send(both(code)).await.assert_error(401, "invalid_code");
        server.wait(SignedDuration::from_mins(15));
    }
    server.send(both(&"9".repeat(60_000))).await.assert_error(401, "invalid_code");
}

#[tokio::test]
async fn an_unnecessary_code_is_ignored() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let answer = server.send(both("123456")).await;
    assert_eq!(answer.data()["session"]["began_with"], "password");
}

#[tokio::test]
async fn only_expired_rows_are_removed() {
    let (server, _) = with_totp().await;
    server.add_member("bob").await;
    let bob = server.send(login(&credentials("bob", PASSWORD))).await.cookie();
    server.send(post("/api/auth/totp/setup").cookie(&bob).json(&json!({}))).await.data();
    server.challenge("ada").await;
    let prune = async || server.store.prune_second_factors(server.now()).await.expect("answers");
    assert_eq!(prune().await, 0);
    server.wait(SignedDuration::from_mins(5));
    assert_eq!(prune().await, 1, "the challenge");
    server.wait(SignedDuration::from_mins(5));
    assert_eq!(prune().await, 1, "the enrolment");
}

/// The code in full-width digits, as East Asian keyboards enter it.
fn wide(code: &str) -> String {
    code.chars().map(|c| char::from_u32(u32::from(c) + 0xfee0).expect("is valid")).collect()
}

#[tokio::test]
async fn full_width_codes_are_accepted_on_every_surface() {
    let (server, app) = with_totp().await;
    server.send(both(&wide(&app.code(&server)))).await.data();
    server.wait(SignedDuration::from_mins(1));
    let otp = wide(&app.code(&server));
    let tokens = json!({ "email": "ada@example.org", "password": PASSWORD, "otp": otp });
    server.send(crate::tokens::send("/auth/login", &tokens)).await.tokens_data();
    let recovery: String = app.recovery_codes[0].split('-').map(wide).collect::<Vec<_>>().join("\u{2013}");
    assert_eq!(server.send(both(&recovery)).await.data()["session"]["began_with"], "recovery_code");
}
