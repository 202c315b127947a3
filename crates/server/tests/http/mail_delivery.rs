//! Mail delivery: mails are queued first, sealed, delivered later, neither lost nor needlessly repeated.

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    net::{SocketAddr, TcpListener},
    thread::{self, JoinHandle},
};

use doorstep_contract::secret::Secret;
use doorstep_server::{
    domain::{account::NameKey, secret_key::SecretKeys},
    post::{Post, Smtp, SmtpUrl},
};
use jiff::SignedDuration;
use serde_json::json;

use crate::support::{PASSWORD, Server, credentials, post};

/// Queues one mail.
async fn queue_one(server: &Server) {
    server.service.accounts().set_password("ada", &format!("{PASSWORD} again")).await.expect("is set");
    assert_eq!(waiting(server).await, 1);
}

async fn waiting(server: &Server) -> u64 {
    server.store.count_mails().await.expect("answers")
}

async fn with_ada() -> Server {
    let server = Server::start().await;
    server.add_member("ada").await;
    server
}

/// A mail server.
fn smtp(url: &str) -> Post {
    let url = SmtpUrl::parse(&Secret::new(url)).expect("is valid");
    Post::smtp("doorstep@localhost".parse().expect("is an address"), Smtp::new(&url, Some("login.example.org")))
}

/// An address without a mail server.
fn broken() -> Post {
    smtp("smtp://127.0.0.1:1")
}

/// A mail server that serves one client, answers its data with `verdict`, and returns what the client sent.
fn talk(verdict: &'static str) -> (SocketAddr, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("listens");
    let address = listener.local_addr().expect("exists");
    let said = thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("is called");
        let mut lines = BufReader::new(stream.try_clone().expect("is shared")).lines();
        let mut answer = |line: &str| write!(stream, "{line}\r\n").expect("is stated");
        let (mut said, mut in_data) = (String::new(), false);
        answer("220 mail.example.org");
        while let Some(Ok(line)) = lines.next() {
            said.push_str(&line);
            said.push('\n');
            match line.split(' ').next().unwrap_or_default() {
                "." => answer(verdict),
                _ if in_data => continue,
                "EHLO" => answer("250-mail.example.org\r\n250 AUTH PLAIN"),
                "AUTH" => answer("235 welcome"),
                "DATA" => answer("354 go on"),
                "QUIT" => answer("221 bye"),
                _ => answer("250 ok"),
            }
            in_data = line == "DATA";
        }
        said
    });
    (address, said)
}

#[tokio::test]
async fn a_queued_mail_survives_a_restart_and_is_unreadable_in_the_database() {
    let server = with_ada().await;
    queue_one(&server).await;
    for text in ["password was changed", "Hello ada"] {
        assert!(!server.stores(text).await, "{text}");
    }
    let server = server.restart().await;
    assert_eq!(server.mails().await[0].to, "ada@example.org");
    assert_eq!(waiting(&server).await, 0);
    assert!(server.mails().await.is_empty());
}

#[cfg(unix)]
#[tokio::test]
async fn files_in_the_outbox_are_private_and_sort_by_time() {
    use std::os::unix::fs::PermissionsExt as _;
    let server = with_ada().await;
    queue_one(&server).await;
    server.wait(SignedDuration::from_secs(1));
    server.service.accounts().set_password("ada", PASSWORD).await.expect("is set");
    let post = server.post();
    while server.service.mails().deliver_next(&post).await {}
    let mode = |path: &std::path::Path| fs::metadata(path).expect("exists").permissions().mode() & 0o777;
    assert_eq!(mode(&server.outbox()), 0o700);
    let mut names = Vec::new();
    for file in fs::read_dir(server.outbox()).expect("is read") {
        let path = file.expect("is read").path();
        assert_eq!(mode(&path), 0o600);
        names.push(path.file_name().expect("exists").to_string_lossy().into_owned());
    }
    names.sort();
    assert_eq!(names.len(), 2);
    assert!(names[0].starts_with("20260101T120000.000Z-"), "{names:?}");
    assert!(names[1].starts_with("20260101T120001.000Z-"), "{names:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_is_given_the_mail_and_its_name_and_password() {
    let server = with_ada().await;
    queue_one(&server).await;
    let (address, said) = talk("250 taken");
    // As in any URL, all characters except letters and digits are escaped.
    assert!(server.service.mails().deliver_next(&smtp(&format!("smtp://door:s%40fe@{address}"))).await);
    let said = said.join().expect("ends");
    for line in [
        "EHLO login.example.org",
        // NUL, door, NUL, s@fe in base64 (RFC 4616).
        "AUTH PLAIN AGRvb3IAc0BmZQ==",
        "MAIL FROM:<doorstep@localhost>",
        "RCPT TO:<ada@example.org>",
        "Subject: Your Doorstep password was changed",
        "Hello ada,",
    ] {
        assert!(said.lines().any(|found| found == line), "{line}: {said}");
    }
    assert_eq!(waiting(&server).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_mail_is_retried_with_the_same_id() {
    let server = with_ada().await;
    queue_one(&server).await;
    let mut ids = Vec::new();
    for verdict in ["451 not now", "550 never", "250 taken"] {
        let (address, said) = talk(verdict);
        assert!(server.service.mails().deliver_next(&smtp(&format!("smtp://{address}"))).await);
        let said = said.join().expect("ends");
        ids.push(said.lines().find(|line| line.starts_with("Message-ID: ")).expect("exists").to_owned());
        server.wait(SignedDuration::from_mins(5));
    }
    assert_eq!(waiting(&server).await, 0);
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
}

#[tokio::test]
async fn an_undeliverable_mail_is_retried_less_and_less_often_and_given_up_after_a_day() {
    let server = with_ada().await;
    queue_one(&server).await;
    let broken = broken();
    let mut attempts = 0;
    for _ in 0..25 * 60 {
        if server.service.mails().deliver_next(&broken).await {
            attempts += 1;
            assert!(!server.service.mails().deliver_next(&broken).await, "the next attempt waits");
        }
        server.wait(SignedDuration::from_mins(1));
    }
    // After 0, 1, 3, 7, 15, 31, 63 minutes, then every hour.
    assert_eq!(attempts, 29);
    assert_eq!(waiting(&server).await, 0);
}

#[tokio::test]
async fn queued_mails_are_delivered_once_the_mail_server_is_back() {
    let server = with_ada().await;
    queue_one(&server).await;
    assert!(server.service.mails().deliver_next(&broken()).await);
    assert!(server.mails().await.is_empty(), "it is not due yet");
    server.wait(SignedDuration::from_mins(1));
    assert_eq!(server.mails().await.len(), 1);
}

#[tokio::test]
async fn an_outbox_that_can_t_be_written_loses_nothing() {
    let server = with_ada().await;
    queue_one(&server).await;
    fs::write(server.outbox(), "a file, not a folder").expect("is written");
    assert!(server.service.mails().deliver_next(&server.post()).await);
    assert_eq!(waiting(&server).await, 1);
    fs::remove_file(server.outbox()).expect("is removed");
    server.wait(SignedDuration::from_mins(1));
    assert_eq!(server.mails().await.len(), 1);
}

#[tokio::test]
async fn two_servers_on_one_database_do_not_send_a_mail_twice() {
    let server = with_ada().await;
    queue_one(&server).await;
    let post = server.post();
    let (one, other) =
        tokio::join!(server.service.mails().deliver_next(&post), server.service.mails().deliver_next(&post));
    assert!(one != other);
    assert_eq!(server.mails().await.len(), 1);
}

#[tokio::test]
async fn a_mail_whose_secret_key_is_gone_is_given_up() {
    let server = with_ada().await;
    queue_one(&server).await;
    let keys = SecretKeys::parse("Zt5wXn0kBv3QyHs8MdUe6FpJiRl1AgT7").expect("is strong enough");
    let other = server.another_with(|builder| builder.secret_keys = keys).await;
    assert!(other.mails().deliver_next(&server.post()).await);
    assert_eq!(waiting(&server).await, 0);
}

#[tokio::test]
async fn a_mail_to_a_host_beyond_ascii_is_addressed_in_ascii() {
    let server = with_ada().await;
    let account = server.store.find_login(&NameKey::new("ada")).await.expect("answers").expect("exists");
    let cookie = server.send(post("/api/auth/login").json(&credentials("ada", PASSWORD))).await.cookie();
    let body = json!({ "password": PASSWORD, "new_email": "ada@m\u{fc}ller.example" });
    let edited = server.send(post("/api/auth/account/edit").cookie(&cookie).json(&body)).await;
    edited.data();
    let to: Vec<String> = server.mails().await.into_iter().map(|mail| mail.to).collect();
    assert!(to.contains(&"ada@xn--mller-kva.example".to_owned()), "{to:?}");
    assert_eq!(account.account.email, "ada@example.org");
}
