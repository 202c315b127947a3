//! The limits on wrong passwords, over all surfaces that check one.

use std::net::Ipv4Addr;

use axum::http::StatusCode;
use doorstep_server::{domain::id::Id, service::passwords::Party};
use jiff::SignedDuration;
use serde_json::json;

use crate::support::{Answer, PASSWORD, RequestBuilder, Server, credentials, get, post, statements_of};

fn login(name: &str, password: &str) -> RequestBuilder {
    post("/api/auth/login").json(&credentials(name, password))
}

#[track_caller]
fn assert_limited(answer: &Answer, seconds: &str) {
    answer.assert_error(429, "rate_limited");
    assert_eq!(answer.headers["retry-after"], seconds, "{}", answer.text);
}

/// Sends five wrong passwords, each refused as wrong.
async fn use_up(server: &Server, name: &str, address: &str) {
    for _ in 0..5 {
        server.send(login(name, "wrong").from(address)).await.assert_error(401, "invalid_credentials");
    }
}

#[tokio::test]
async fn after_five_wrong_passwords_even_the_right_one_has_to_wait() {
    let server = Server::start().await;
    use_up(&server, "admin", "192.0.2.1").await;
    assert_limited(&server.send(login("admin", PASSWORD).from("192.0.2.1")).await, "10");
    server.wait(SignedDuration::from_millis(8_500));
    assert_limited(&server.send(login("admin", PASSWORD).from("192.0.2.1")).await, "2");
    server.wait(SignedDuration::from_secs(2));
    assert_eq!(server.send(login("admin", PASSWORD).from("192.0.2.1")).await.status, StatusCode::OK);
    // Neither the name nor the address has been cleared.
    server.send(login("admin", "wrong").from("192.0.2.2")).await.assert_error(401, "invalid_credentials");
    assert_limited(&server.send(login("admin", "wrong").from("192.0.2.3")).await, "20");
    server.send(login("nobody", "wrong").from("192.0.2.1")).await.assert_error(401, "invalid_credentials");
    assert_limited(&server.send(login("nobody", "wrong").from("192.0.2.1")).await, "20");
}

#[tokio::test]
async fn each_failure_after_the_free_ones_lengthens_the_wait() {
    let server = Server::start().await;
    use_up(&server, "admin", "192.0.2.1").await;
    for wait in [10, 20, 40, 80, 160, 320, 640, 900, 900] {
        assert_limited(&server.send(login("admin", "wrong").from("192.0.2.1")).await, &wait.to_string());
        server.wait(SignedDuration::from_secs(wait));
        server.send(login("admin", "wrong").from("192.0.2.1")).await.assert_error(401, "invalid_credentials");
    }
}

#[tokio::test]
async fn of_two_hundred_concurrent_wrong_passwords_five_are_checked_also_on_two_servers() {
    for others in 0..2 {
        let mut server = Server::start().await;
        server.join(others).await;
        let attempts = (0..200).map(|_| server.send(login("admin", "wrong")));
        let answers = futures_util::future::join_all(attempts).await;
        let checked = answers.iter().filter(|answer| answer.status == StatusCode::UNAUTHORIZED).count();
        assert_eq!(checked, 5);
        for answer in answers.iter().filter(|answer| answer.status != StatusCode::UNAUTHORIZED) {
            assert_limited(answer, "10");
        }
    }
}

#[tokio::test]
async fn an_attacker_can_not_lock_the_user_out_of_a_known_browser() {
    let server = Server::start().await;
    let owner = server.sign_in().await;
    server.send(post("/api/auth/logout").cookie(&owner)).await;
    use_up(&server, "admin", "127.0.0.1").await;
    assert_limited(&server.send(login("admin", PASSWORD)).await, "10");
    assert_eq!(server.send(login("admin", PASSWORD).cookie(&owner)).await.status, StatusCode::OK);

    // A known browser has its own limit.
    for _ in 0..5 {
        server.send(login("admin", "wrong").cookie(&owner)).await.assert_error(401, "invalid_credentials");
    }
    assert_limited(&server.send(login("admin", PASSWORD).cookie(&owner)).await, "10");
    // It does not apply to another account.
    assert_limited(&server.send(login("nobody", "wrong").cookie(&owner)).await, "10");
}

#[tokio::test]
async fn a_forged_known_browser_proof_has_no_effect() {
    let server = Server::start().await;
    let owner = server.sign_in().await;
    use_up(&server, "admin", "192.0.2.1").await;
    for forged in
        [owner.replace("doorstep_known_", "doorstep_known_x="), format!("doorstep_known_1={}", "A".repeat(64))]
    {
        assert_limited(&server.send(login("admin", PASSWORD).from("192.0.2.1").cookie(&forged)).await, "10");
    }
}

#[tokio::test]
async fn a_browser_is_not_known_any_more_after_a_new_password() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let ada = server.send(login("ada", PASSWORD)).await.cookie();
    server.wait(SignedDuration::from_secs(1));
    server.service.accounts().set_password("ada", "another long passphrase").await.expect("is set");
    use_up(&server, "ada", "192.0.2.1").await;
    assert_limited(&server.send(login("ada", "another long passphrase").cookie(&ada)).await, "10");
}

#[tokio::test]
async fn the_limit_of_an_address_ends_an_hour_after_its_last_failure_despite_successes() {
    let server = Server::start().await;
    server.add_member("ada").await;
    use_up(&server, "nobody", "192.0.2.1").await;
    server.wait(SignedDuration::from_mins(50));
    assert_eq!(server.send(login("ada", PASSWORD).from("192.0.2.1")).await.status, StatusCode::OK);
    server.wait(SignedDuration::from_mins(11));
    use_up(&server, "somebody", "192.0.2.1").await;
    assert_limited(&server.send(login("ada", PASSWORD).from("192.0.2.1")).await, "10");
}

#[tokio::test]
async fn a_restart_clears_no_failures() {
    let server = Server::start().await;
    use_up(&server, "admin", "192.0.2.1").await;
    let server = server.restart().await;
    assert_limited(&server.send(login("admin", PASSWORD).from("192.0.2.1")).await, "10");
}

#[tokio::test]
async fn a_name_has_one_bucket_for_all_spellings_and_addresses() {
    let server = Server::start().await;
    for names in [
        ["admin", "ADMIN", " Admin ", "aDmin", "admin "],
        ["a@b.example", "A@B.example", " a@b.example", "a@b.EXAMPLE", "A@b.example"],
    ] {
        for (number, name) in names.into_iter().enumerate() {
            let attempt = login(name, "wrong").from(&format!("192.0.{}.1", number * 2 + names[0].len() * 20));
            server.send(attempt).await.assert_error(401, "invalid_credentials");
        }
        assert_limited(&server.send(login(names[0], PASSWORD).from("198.51.100.1")).await, "10");
    }
}

#[tokio::test]
async fn limits_do_not_reveal_that_a_name_and_an_email_belong_together() {
    let server = Server::start().await;
    server.add_member("ada").await;
    for (name, email) in [("ada", "ada@example.org"), ("nobody", "nobody@example.org")] {
        let address = |number: usize| format!("198.51.{}.{number}", name.len());
        for number in 0..5 {
            let attempt = login(name, "wrong").from(&address(number));
            server.send(attempt).await.assert_error(401, "invalid_credentials");
        }
        assert_limited(&server.send(login(name, "wrong").from(&address(5))).await, "10");
        for number in 6..11 {
            let attempt = login(email, "wrong").from(&address(number));
            server.send(attempt).await.assert_error(401, "invalid_credentials");
        }
        assert_limited(&server.send(login(email, "wrong").from(&address(11))).await, "10");
    }
}

#[tokio::test]
async fn limits_do_not_reveal_that_the_user_has_signed_in() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let tries = async |name: &str, times: u8| {
        let mut seen = Vec::new();
        for number in 0..times {
            let attempt =
                login(name, "wrong").from(&format!("198.51.{}.{number}", usize::from(times) * 10 + name.len()));
            seen.push(server.send(attempt).await.status.as_u16());
        }
        seen
    };
    for (name, owner) in [("ada", true), ("nobody", false)] {
        assert_eq!(tries(name, 4).await, [401; 4]);
        if owner {
            assert_eq!(server.send(login(name, PASSWORD).from("203.0.113.1")).await.status, StatusCode::OK);
            let program = post("/auth/login").json(&json!({ "email": name, "password": PASSWORD }));
            assert_eq!(server.send(program.from("203.0.113.2")).await.status, StatusCode::OK);
        }
        assert_eq!(tries(name, 2).await, [401, 429], "{name}");
    }
}

#[tokio::test]
async fn an_id_typed_as_a_name_does_not_affect_the_account_s_limits() {
    let server = Server::start().await;
    let (cookie, password) = server.sign_in_with_new_password().await;
    let me = server.send(get("/api/auth/me").cookie(&cookie)).await.data();
    for id in [&me["account"]["id"], &me["session"]["id"]] {
        for number in 0..5 {
            let attempt = login(id.as_str().expect("is text"), "wrong").from(&format!("192.0.2.{number}"));
            server.send(attempt).await;
        }
    }
    assert_eq!(server.send(login("admin", &password).from("198.51.100.1")).await.status, StatusCode::OK);
}

#[tokio::test]
async fn attempts_of_a_signed_in_user_count_against_both_names() {
    let server = Server::start().await;
    let (cookie, password) = server.sign_in_with_new_password().await;
    // Without the known-browser proof.
    let session = cookie.split("; ").find(|pair| pair.contains("session=")).expect("exists");
    for number in 0..5 {
        let reauth = post("/api/auth/reauth").cookie(session).json(&json!({ "password": "wrong" }));
        let reauth = reauth.from(&format!("192.0.2.{number}"));
        server.send(reauth).await.assert_error(401, "wrong_password");
    }
    for name in ["admin", "admin@example.org"] {
        assert_limited(&server.send(login(name, &password).from("198.51.100.1")).await, "10");
    }
}

#[tokio::test]
async fn limited_requests_are_refused_without_a_write() {
    let server = Server::start().await;
    use_up(&server, "admin", "192.0.2.1").await;
    let attempt = server.send(login("admin", PASSWORD).from("192.0.2.2"));
    let (answer, asked) = statements_of(attempt).await;
    assert_limited(&answer, "10");
    assert!(!asked.is_empty() && asked.iter().all(|statement| statement.starts_with("SELECT")), "{asked:?}");
}

#[tokio::test]
async fn all_networks_of_an_ipv6_customer_share_ten_times_the_limit() {
    let server = Server::start().await;
    for number in 0..50 {
        let attempt = login(&format!("user{number}"), "wrong").from(&format!("2001:db8:7:{number}::1"));
        server.send(attempt).await.assert_error(401, "invalid_credentials");
    }
    assert_limited(&server.send(login("admin", PASSWORD).from("2001:db8:7:ffff::1")).await, "10");
    assert_eq!(server.send(login("admin", PASSWORD).from("2001:db8:8::1")).await.status, StatusCode::OK);
}

/// A place in the queue, from a distinct network.
fn stranger(number: u32) -> Party {
    Party::Stranger(Ipv4Addr::from(0x2c00_0001 + number * 0x100).into())
}

#[tokio::test]
async fn a_known_browser_gets_a_place_when_strangers_have_filled_the_queue() {
    let server = Server::start().await;
    let owner = server.sign_in().await;
    let passwords = server.service.passwords();
    let _flood: Vec<_> = (0..10_000).map_while(|number| passwords.seat(&stranger(number)).ok()).collect();
    server.send(login("admin", PASSWORD).from("192.0.2.1")).await.assert_error(503, "service_unavailable");
    for _ in 0..20 {
        assert_eq!(server.send(login("admin", PASSWORD).cookie(&owner)).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn the_strength_of_a_new_password_is_estimated_by_the_workers() {
    let server = Server::start().await;
    let cookie = server.sign_in().await;
    let passwords = server.service.passwords();
    let friend = |number: u32| Party::Friend(Id::stored(number.to_string()));
    let friends: Vec<_> = (0..10_000).map_while(|number| passwords.seat(&friend(number)).ok()).collect();
    let weak = json!({ "username": "admin", "password": "password1234", "confirm_password": "password1234" });
    let setup = || server.send(post("/api/auth/setup-authenticated").cookie(&cookie).json(&weak));
    setup().await.assert_error(503, "service_unavailable");
    drop(friends);
    setup().await.assert_error(422, "password_policy");
}

#[tokio::test]
async fn all_sign_ins_from_a_known_browser_succeed_during_a_flood() {
    let server = Server::start().await;
    let owner = server.sign_in().await;
    let attempts = (0..420_u32).map(|number| {
        let (server, owner) = (&server, &owner);
        async move {
            if number % 21 == 20 {
                let answer = server.send(login("admin", PASSWORD).cookie(owner)).await;
                assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
                return 1;
            }
            let address = Ipv4Addr::from(0x2c00_0001 + number * 0x100).to_string();
            let answer = server.send(login(&format!("user{number}"), "wrong").from(&address)).await;
            assert!([401, 503].contains(&answer.status.as_u16()), "{}", answer.text);
            0
        }
    });
    let owners = futures_util::future::join_all(attempts).await;
    assert_eq!(owners.into_iter().sum::<u32>(), 20);
}

#[tokio::test]
async fn an_unknown_name_is_limited_like_a_known_one() {
    let server = Server::start().await;
    for name in ["admin", "nobody"] {
        for number in 0..5 {
            let attempt = login(name, "wrong")
                .from(&format!("{}::{number}", if name == "admin" { "2001:db8" } else { "2001:db9" }));
            server.send(attempt).await.assert_error(401, "invalid_credentials");
        }
        let known_or_not = server.send(login(name, "wrong").from("198.51.100.1")).await;
        assert_limited(&known_or_not, "10");
    }
}

#[tokio::test]
async fn an_address_has_one_bucket_for_all_names() {
    let server = Server::start().await;
    for number in 0..5 {
        let attempt = login(&format!("user{number}"), "wrong").from("192.0.2.1");
        server.send(attempt).await.assert_error(401, "invalid_credentials");
    }
    assert_limited(&server.send(login("admin", PASSWORD).from("192.0.2.1")).await, "10");
    assert_eq!(server.send(login("admin", PASSWORD).from("192.0.2.2")).await.status, StatusCode::OK);
    // A user's own success does not allow further guesses at others.
    assert_limited(&server.send(login("user9", "wrong").from("192.0.2.1")).await, "10");
    server.wait(SignedDuration::from_hours(1));
    server.send(login("user9", "wrong").from("192.0.2.1")).await.assert_error(401, "invalid_credentials");
}

#[tokio::test]
async fn an_ipv6_network_of_64_bits_counts_as_one_address() {
    let server = Server::start().await;
    for number in 0..5 {
        let attempt = login(&format!("user{number}"), "wrong").from(&format!("2001:db8:0:1:{number}::1"));
        server.send(attempt).await.assert_error(401, "invalid_credentials");
    }
    assert_limited(&server.send(login("admin", PASSWORD).from("2001:db8:0:1::77")).await, "10");
    assert_eq!(server.send(login("admin", PASSWORD).from("2001:db8:0:2::77")).await.status, StatusCode::OK);
}

#[tokio::test]
async fn forwarded_addresses_count_only_from_trusted_proxies() {
    let server = Server::start().await;
    for number in 0..5 {
        let lie = login(&format!("user{number}"), "wrong").from("192.0.2.1");
        let lie = lie.header("x-forwarded-for", &format!("198.51.100.{number}"));
        server.send(lie).await.assert_error(401, "invalid_credentials");
    }
    let lie = login("admin", PASSWORD).from("192.0.2.1").header("x-forwarded-for", "198.51.100.99");
    assert_limited(&server.send(lie).await, "10");

    let through_proxy = |client: &str| login("other", "wrong").from("10.0.0.1").header("x-forwarded-for", client);
    for _ in 0..5 {
        server.send(through_proxy("203.0.113.5")).await.assert_error(401, "invalid_credentials");
    }
    assert_limited(&server.send(through_proxy("8.8.8.8, 203.0.113.5")).await, "10");
    let right = login("admin", PASSWORD).from("10.0.0.1").header("x-forwarded-for", "203.0.113.6");
    assert_eq!(server.send(right).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_session_continues_while_its_account_is_limited() {
    let server = Server::start().await;
    let owner = server.sign_in().await;
    use_up(&server, "admin", "192.0.2.1").await;
    assert_eq!(server.send(get("/api/auth/me").cookie(&owner)).await.status, StatusCode::OK);
}
