//! Quotas, whatever endpoint draws from them.

use jiff::SignedDuration;
use serde_json::json;

use crate::{
    device::{MOUNT, program},
    support::{Server, get},
    tokens::send,
};

/// Asks for a mail that resets a password, which an address may do ten times an hour: how many seconds to wait, if it was one
/// time too many.
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
async fn a_quota_is_so_many_times_in_a_window_that_begins_with_the_first() {
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
async fn a_hundred_times_at_once_are_ten() {
    let server = Server::start().await;
    let results = futures_util::future::join_all((0..100).map(|_| spend(&server, "192.0.2.1"))).await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 10);
}

#[tokio::test]
async fn what_is_given_back_does_not_count() {
    let server = Server::start().await;
    let asked = server.send(program(&format!("{MOUNT}/code"), &json!({ "client_id": "difyctl" }))).await.json();
    let look_up = |code: &str| server.send(get(&format!("{MOUNT}/lookup?user_code={code}")));
    // Twenty wrong codes are allowed, and a code counts as a wrong one until it is found to be right.
    for _ in 0..30 {
        assert_eq!(look_up(asked["user_code"].as_str().expect("is text")).await.json()["valid"], true);
    }
    assert_eq!(look_up("BCDF-GHJK").await.json()["valid"], false);
}

#[tokio::test]
async fn a_restart_forgets_nothing_and_pruning_only_what_has_ended() {
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
async fn all_networks_of_one_ipv6_customer_may_do_ten_times_as_much_as_one() {
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
