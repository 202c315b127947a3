//! GET `lookup`, and guessing at user codes.

use jiff::SignedDuration;
use serde_json::json;

use super::{Codes, MOUNT, approve, ask, decide, deny, poll};
use crate::support::{RequestBuilder, Server, get};

fn look_up(user_code: &str) -> RequestBuilder {
    get(&format!("{MOUNT}/lookup?user_code={user_code}"))
}

#[tokio::test]
async fn a_pending_code_is_valid_in_any_spelling() {
    let server = Server::start().await;
    let codes = ask(&server).await;
    server.wait(SignedDuration::from_secs(100));
    let plain = codes.user_code.to_lowercase().replace('-', "%20");
    let pasted = format!("Code:%20{}", codes.user_code);
    let link = format!("http%3A%2F%2F127.0.0.1%3A8080%2Fdevice%3Fuser_code%3D{}", codes.user_code);
    for spelling in [codes.user_code.clone(), plain, codes.user_code.replace('-', ""), pasted, link] {
        let answer = server.send(look_up(&spelling)).await.ok();
        let wanted = json!({ "valid": true, "expires_in_remaining": 800, "client_id": "difyctl", "sso_enabled": false, "sso_providers": [] });
        assert_eq!(answer, wanted, "{spelling}");
    }
    server.wait(SignedDuration::from_secs(800));
    assert_eq!(server.send(look_up(&codes.user_code)).await.ok()["valid"], false);
}

#[tokio::test]
async fn unknown_expired_and_resolved_codes_get_the_same_response() {
    let server = Server::start().await;
    let (cookie, _) = server.sign_in_with_new_password().await;
    let expired = ask(&server).await;
    server.wait(SignedDuration::from_mins(15));
    let (approved, denied, consumed) = (ask(&server).await, ask(&server).await, ask(&server).await);
    server.send(approve(&cookie, &approved)).await.ok();
    server.send(deny(&cookie, &denied)).await.ok();
    server.send(approve(&cookie, &consumed)).await.ok();
    server.send(poll(&consumed)).await.ok();
    let known = [expired, approved, denied, consumed].map(|codes| codes.user_code);
    for user_code in known.iter().map(String::as_str).chain(["BCDF-GHJK", "nonsense", "AAAA-AAAA"]) {
        let answer = server.send(look_up(user_code)).await.ok();
        let wanted = json!({ "valid": false, "expires_in_remaining": 0, "client_id": null, "sso_enabled": false, "sso_providers": [] });
        assert_eq!(answer, wanted, "{user_code}");
    }
    for query in ["", "?", "?user_code=", "?user_code=BCDF-GHJK&user_code=BCDF-GHJK"] {
        server.send(get(&format!("{MOUNT}/lookup{query}"))).await.refused(400, "invalid_request");
    }
}

#[tokio::test]
async fn guessing_from_one_address_stops_after_twenty_wrong_codes_over_all_endpoints() {
    let server = Server::start().await;
    let (cookie, _) = server.sign_in_with_new_password().await;
    let right = ask(&server).await;
    let wrong = Codes { user_code: "BCDF-GHJK".to_owned(), ..right.clone() };
    let context = |code: &str| get(&format!("/console/api/oauth/device/context?user_code={code}")).cookie(&cookie);
    let on_mount = |what: &str, codes: &Codes| {
        let sent = crate::support::post(&format!("/openapi/v1/oauth/device/{what}")).cookie(&cookie);
        sent.json(&json!({ "user_code": codes.user_code }))
    };
    for round in 0..4 {
        assert_eq!(server.send(look_up(&wrong.user_code)).await.ok()["valid"], false);
        // Right codes do not count.
        assert_eq!(server.send(look_up(&right.user_code)).await.ok()["valid"], true);
        server.send(context(&right.user_code)).await.ok();
        server.send(context(&wrong.user_code)).await.refused(404, "expired_or_unknown");
        server.send(look_up("nonsense")).await.ok();
        let guess = if round % 2 == 0 { decide("approve", &cookie, &wrong) } else { on_mount("approve", &wrong) };
        server.send(guess).await.refused(404, "expired_or_unknown");
        let guess = if round % 2 == 0 { decide("deny", &cookie, &wrong) } else { on_mount("deny", &wrong) };
        server.send(guess).await.refused(404, "expired_or_unknown");
    }
    for sent in [look_up(&right.user_code), context(&right.user_code), approve(&cookie, &right), deny(&cookie, &right)]
    {
        let answer = server.send(sent).await;
        answer.refused(429, "rate_limited");
        assert_eq!(answer.headers["retry-after"], "300");
    }
    assert_eq!(server.send(look_up(&right.user_code).from("192.0.2.7")).await.ok()["valid"], true);
    server.wait(SignedDuration::from_mins(5));
    assert_eq!(server.send(look_up(&right.user_code)).await.ok()["valid"], true);
}

#[tokio::test]
async fn of_two_hundred_concurrent_guesses_twenty_are_checked_also_on_two_servers() {
    for others in 0..2 {
        let mut server = Server::start_with(|builder| {
            builder.policy.quotas.set(doorstep_server::domain::quota::Quota::DeviceLookup, 1000);
        })
        .await;
        server.join(others).await;
        let guesses = (0..200).map(|_| server.send(look_up("BCDF-GHJK")));
        let answers = futures_util::future::join_all(guesses).await;
        assert_eq!(answers.iter().filter(|answer| answer.status.is_success()).count(), 20);
    }
}

#[tokio::test]
async fn an_address_has_sixty_lookups_in_five_minutes() {
    let server = Server::start().await;
    let codes = ask(&server).await;
    for _ in 0..60 {
        server.send(look_up(&codes.user_code)).await.ok();
    }
    server.send(look_up(&codes.user_code)).await.refused(429, "rate_limited");
}
