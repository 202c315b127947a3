//! Quotas, independent of the endpoint.

use jiff::SignedDuration;
use serde_json::json;

use crate::{
    device::{MOUNT, program},
    support::{Server, get},
    tokens::send,
};

/// Requests a password reset mail, which an address may do ten times an hour; the error is the number of seconds to
/// wait.
pub(crate) async fn spend(server: &Server, address: &str) -> Result<(), u64> {
    let asked = send("/auth/password/request", &json!({ "email": "nobody@example.org" })).from(address);
    let answer = server.send(asked).await;
    match answer.status.as_u16() {
        204 => Ok(()),
        429 => Err(answer.headers["retry-after"].to_str().expect("is text").parse().expect("is a number")),
        other => panic!("{other}: {}", answer.text),
    }
}

#[tokio::test]
async fn a_quota_allows_a_number_of_times_in_a_window_that_begins_with_the_first() {
    let server = Server::start().await;
    spend(&server, "192.0.2.1").await.expect("is the first");
    server.wait(SignedDuration::from_mins(30));
    for _ in 0..9 {
        spend(&server, "192.0.2.1").await.expect("is within the quota");
    }
    assert_eq!(spend(&server, "192.0.2.1").await, Err(30 * 60));
    spend(&server, "192.0.2.2").await.expect("is another address");
    server.wait(SignedDuration::from_mins(30));
    for _ in 0..10 {
        spend(&server, "192.0.2.1").await.expect("is a new window");
    }
    assert_eq!(spend(&server, "192.0.2.1").await, Err(60 * 60));
}

#[tokio::test]
async fn of_a_hundred_concurrent_requests_ten_are_allowed() {
    let server = Server::start().await;
    let results = futures_util::future::join_all((0..100).map(|_| spend(&server, "192.0.2.1"))).await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 10);
}

#[tokio::test]
async fn a_count_that_is_given_back_has_no_effect() {
    let server = Server::start().await;
    let asked = server.send(program(&format!("{MOUNT}/code"), &json!({ "client_id": "difyctl" }))).await.json();
    let look_up = |code: &str| server.send(get(&format!("{MOUNT}/lookup?user_code={code}")));
    // Twenty wrong codes are allowed, and each code counts as wrong until it is found to be right.
    for _ in 0..30 {
        assert_eq!(look_up(asked["user_code"].as_str().expect("is text")).await.json()["valid"], true);
    }
    assert_eq!(look_up("BCDF-GHJK").await.json()["valid"], false);
}

#[tokio::test]
async fn a_restart_keeps_all_counts_and_pruning_removes_only_ended_windows() {
    let server = Server::start().await;
    for _ in 0..10 {
        spend(&server, "192.0.2.1").await.expect("is within the quota");
    }
    let server = server.restart().await;
    server.service.prune().await;
    assert_eq!(spend(&server, "192.0.2.1").await, Err(60 * 60));
    server.wait(SignedDuration::from_hours(1));
    server.service.prune().await;
    spend(&server, "192.0.2.1").await.expect("is a new window");
}

#[tokio::test]
async fn all_networks_of_an_ipv6_customer_share_ten_times_the_quota() {
    let server = Server::start().await;
    for network in 0..10 {
        for _ in 0..10 {
            spend(&server, &format!("2001:db8:7:{network}::1")).await.expect("is within the quota");
        }
        assert_eq!(spend(&server, &format!("2001:db8:7:{network}::2")).await, Err(60 * 60));
    }
    assert_eq!(spend(&server, "2001:db8:7:99::1").await, Err(60 * 60));
    spend(&server, "2001:db8:8::1").await.expect("is another customer's");
}
