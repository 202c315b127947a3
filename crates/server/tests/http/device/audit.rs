//! The audit events of devices.

use doorstep_server::domain::{
    account::Status,
    audit::{Entry, Event, Filter},
    page::Page,
};
use jiff::SignedDuration;
use serde_json::json;

use super::{MOUNT, approve, ask_with, authorize, codes, deny, is_live, poll, program};
use crate::support::{PASSWORD, Server, credentials, post};

/// The events of devices, oldest first.
async fn events(server: &Server) -> Vec<Entry> {
    let entries = server.events().await.into_iter();
    entries.filter(|entry| entry.event.as_str().starts_with("device_")).collect()
}

/// The names, sorted: events within a millisecond have no other order.
fn words(entries: &[Entry]) -> Vec<&'static str> {
    let mut words: Vec<_> = entries.iter().map(|entry| entry.event.as_str()).collect();
    words.sort_unstable();
    words
}

#[tokio::test]
async fn decisions_about_devices_are_recorded_without_secrets() {
    let server = Server::start().await;
    let (cookie, _) = server.sign_in_with_new_password().await;
    let body = json!({ "client_id": "difyctl", "device_label": "laptop" });
    let sent = program(&format!("{MOUNT}/code"), &body).from("192.0.2.1");
    let asked = codes(&server.send(sent).await);
    server.send(approve(&cookie, &asked).from("192.0.2.9")).await.ok();
    let token = server.send(poll(&asked).from("192.0.2.1")).await.ok()["token"].as_str().expect("is text").to_owned();
    server.wait(SignedDuration::from_secs(1));
    authorize(&server, &cookie, &body).await;
    let denied = ask_with(&server, &body).await;
    server.send(deny(&cookie, &denied)).await.ok();

    let entries = events(&server).await;
    assert_eq!(
        words(&entries),
        [
            "device_approved",
            "device_approved",
            "device_denied",
            "device_token_issued",
            "device_token_issued",
            "device_token_revoked"
        ]
    );
    let first = |event| entries.iter().find(|entry| entry.event == event).expect("exists");
    let (approved, issued) = (first(Event::DeviceApproved), first(Event::DeviceTokenIssued));
    let replaced = first(Event::DeviceTokenRevoked);
    assert_eq!((approved.actor.name.as_str(), approved.subject.as_str()), ("admin", "difyctl (laptop)"));
    assert_eq!(approved.address.map(|address| address.to_string()).as_deref(), Some("192.0.2.9"));
    assert_eq!(
        (&approved.detail["requested_from"], &approved.detail["same_network"]),
        (&json!("192.0.2.1"), &json!(true))
    );
    assert_eq!(issued.address.map(|address| address.to_string()).as_deref(), Some("192.0.2.1"));
    assert_eq!((&replaced.detail["why"], &replaced.detail["prefix"]), (&json!("replaced"), &json!(&token[..11])));
    let all = format!("{entries:?}");
    assert!(!all.contains(&token) && !all.contains(&asked.user_code) && !all.contains(&asked.device_code), "{all}");

    let filter =
        Filter { event: Some(Event::DeviceDenied), actor: Some(approved.actor.name.clone()), ..Filter::default() };
    assert_eq!(server.store.count_audit(&filter).await.expect("answers"), 1);
    let filter = Filter { since: Some(server.now()), until: None, ..filter };
    assert_eq!(
        words(&server.store.list_audit(&filter, Page { number: 1, limit: 10 }).await.expect("answers")),
        ["device_denied"]
    );
}

#[tokio::test]
async fn a_poll_from_another_network_is_recorded_once() {
    let server = Server::start().await;
    let (cookie, _) = server.sign_in_with_new_password().await;
    let sent = program(&format!("{MOUNT}/code"), &json!({ "client_id": "difyctl" })).from("192.0.2.1");
    let asked = codes(&server.send(sent).await);
    server.send(poll(&asked).from("192.0.2.77")).await.refused(400, "authorization_pending");
    assert!(events(&server).await.is_empty());
    for _ in 0..2 {
        server.wait(SignedDuration::from_secs(5));
        server.send(poll(&asked).from("203.0.113.5")).await.refused(400, "authorization_pending");
    }
    server.send(approve(&cookie, &asked)).await.ok();
    server.send(poll(&asked).from("203.0.113.5")).await.ok();
    let entries = events(&server).await;
    assert_eq!(words(&entries), ["device_approved", "device_cross_ip_poll", "device_token_issued"]);
    assert_eq!(entries[0].detail["requested_from"], "192.0.2.1");
    assert_eq!(entries[0].address.map(|address| address.to_string()).as_deref(), Some("203.0.113.5"));
}

#[tokio::test]
async fn an_expired_token_is_recorded_once_and_removed_after_thirty_days() {
    let server = Server::start().await;
    let (cookie, _) = server.sign_in_with_new_password().await;
    let token = super::token(&server, &cookie).await;
    server.wait(SignedDuration::from_hours(14 * 24));
    assert!(!is_live(&server, &token).await);
    server.service.devices().prune().await;
    server.service.devices().prune().await;
    let entries = events(&server).await;
    assert_eq!(words(&entries), ["device_approved", "device_token_expired", "device_token_issued"]);
    assert_eq!((entries[2].actor.name.as_str(), entries[2].address), ("", None));
    server.wait(SignedDuration::from_hours(30 * 24));
    server.service.devices().prune().await;
    assert_eq!(events(&server).await.len(), 3);
}

#[tokio::test]
async fn a_token_that_ended_with_its_account_is_recorded_with_the_reason() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let sign_in =
        async |password: &str| server.send(post("/api/auth/login").json(&credentials("ada", password))).await.cookie();
    super::token(&server, &sign_in(PASSWORD).await).await;
    server.wait(SignedDuration::from_secs(1));
    server.service.accounts().set_password("ada", "another long passphrase").await.expect("is set");
    super::token(&server, &sign_in("another long passphrase").await).await;
    server.wait(SignedDuration::from_secs(1));
    server.service.accounts().set_status("ada", Status::Suspended).await.expect("is suspended");
    server.wait(SignedDuration::from_mins(30));
    server.service.devices().prune().await;
    server.service.devices().prune().await;
    let entries = events(&server).await;
    let ended: Vec<_> = entries.iter().filter(|entry| entry.event == Event::DeviceTokenRevoked).collect();
    let told: Vec<_> = ended.iter().map(|entry| (entry.at.to_string(), entry.detail["why"].clone())).collect();
    let wanted = [("2026-01-01T12:00:01Z", "password_changed"), ("2026-01-01T12:00:02Z", "account_suspended")];
    assert_eq!(told, wanted.map(|(at, why)| (at.to_owned(), json!(why))));
    assert_eq!(ended[0].detail["holder"], "ada@example.org");
}

#[tokio::test]
async fn a_token_that_was_not_fetched_is_removed_with_its_request() {
    let server = Server::start().await;
    let (cookie, _) = server.sign_in_with_new_password().await;
    let asked = super::ask(&server).await;
    server.send(approve(&cookie, &asked)).await.ok();
    let total =
        async || server.send(crate::support::get("/api/auth/devices").cookie(&cookie)).await.data()["total"].clone();
    assert_eq!(total().await, 1);
    server.wait(SignedDuration::from_mins(15));
    server.service.devices().prune().await;
    assert_eq!(total().await, 0);
}
