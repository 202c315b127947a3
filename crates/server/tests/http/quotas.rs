//! Quotas, whatever endpoint draws from them.

use doorstep_server::{
    domain::{limits::Whose, quota::Quota},
    error::Error,
    service::Service,
};
use jiff::SignedDuration;

use crate::support::Server;

async fn spend(service: &Service, address: &str) -> Result<(), u64> {
    let address = Whose::Address(address.parse().expect("is an address"));
    match service.limits().spend(Quota::TemporaryToken, address).await {
        Ok(spent) => {
            spent.keep();
            Ok(())
        }
        Err(Error::RateLimited(seconds)) => Err(seconds),
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test]
async fn a_quota_is_so_many_times_in_a_window_that_begins_with_the_first() {
    let server = Server::start().await;
    spend(&server.service, "192.0.2.1").await.expect("is the first");
    server.wait(SignedDuration::from_mins(30));
    for _ in 0..9 {
        spend(&server.service, "192.0.2.1").await.expect("is within the quota");
    }
    assert_eq!(spend(&server.service, "192.0.2.1").await, Err(30 * 60));
    spend(&server.service, "192.0.2.2").await.expect("is another address");
    server.wait(SignedDuration::from_mins(30));
    for _ in 0..10 {
        spend(&server.service, "192.0.2.1").await.expect("is a new window");
    }
    assert_eq!(spend(&server.service, "192.0.2.1").await, Err(60 * 60));
}

#[tokio::test]
async fn a_hundred_times_at_once_are_ten() {
    let server = Server::start().await;
    let results = futures_util::future::join_all((0..100).map(|_| spend(&server.service, "192.0.2.1"))).await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 10);
}

#[tokio::test]
async fn what_is_given_back_does_not_count() {
    let server = Server::start().await;
    for _ in 0..30 {
        let spent =
            server.service.limits().spend(Quota::TemporaryToken, Whose::Name("x")).await.expect("is within the quota");
        spent.give_back().await;
    }
}

#[tokio::test]
async fn a_restart_forgets_nothing_and_pruning_only_what_has_ended() {
    let server = Server::start().await;
    for _ in 0..10 {
        spend(&server.service, "192.0.2.1").await.expect("is within the quota");
    }
    let server = server.restart().await;
    server.service.limits().prune().await;
    assert_eq!(spend(&server.service, "192.0.2.1").await, Err(60 * 60));
    server.wait(SignedDuration::from_hours(1));
    server.service.limits().prune().await;
    spend(&server.service, "192.0.2.1").await.expect("is a new window");
}

#[tokio::test]
async fn all_networks_of_one_ipv6_customer_may_do_ten_times_as_much_as_one() {
    let server = Server::start().await;
    for network in 0..10 {
        for _ in 0..10 {
            spend(&server.service, &format!("2001:db8:7:{network}::1")).await.expect("is within the quota");
        }
        assert_eq!(spend(&server.service, &format!("2001:db8:7:{network}::2")).await, Err(60 * 60));
    }
    assert_eq!(spend(&server.service, "2001:db8:7:99::1").await, Err(60 * 60));
    spend(&server.service, "2001:db8:8::1").await.expect("is another customer's");
}
