//! POST `/auth/password/request`.

use doorstep_server::domain::account::Status;
use serde_json::json;

use crate::{
    auth::hostile_urls,
    support::{Server, statements_of},
    tokens::send,
};

#[tokio::test]
async fn the_response_does_not_depend_on_the_account() {
    let server = Server::start().await;
    server.add_member("ada").await;
    server.add_member("sue").await;
    server.add_without_password("sam").await;
    server.service.accounts().set_status("sue", Status::Suspended).await.expect("is suspended");
    server.mails().await;
    for email in ["ada@example.org", "sue@example.org", "sam@example.org", "nobody@example.org", "ada", ""] {
        server.send(send("/auth/password/request", &json!({ "email": email }))).await.assert_nothing();
    }
    let mails = server.mails().await;
    assert_eq!(mails.len(), 1, "{mails:?}");
    assert_eq!(mails[0].to, "ada@example.org");
    assert!(mails[0].text.contains("http://127.0.0.1:8080/reset-password?token="), "{}", mails[0].text);
    assert!(mails[0].html.contains("href=\"http://127.0.0.1:8080/reset-password?token="), "{}", mails[0].html);
}

#[tokio::test]
async fn queued_mails_have_one_size_for_known_and_unknown_emails_in_every_language() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let _ = server.mails().await;
    let mut lengths = Vec::new();
    for (email, language) in
        [("nobody@example.org", "en"), ("ada@example.org", "en"), ("ada@example.org", "ru"), ("ada@example.org", "zh")]
    {
        let ask = send("/auth/password/request", &json!({ "email": email })).header("accept-language", language);
        server.send(ask).await.assert_nothing();
        server.service.account().process_password_requests().await;
        let claimed = server.store.claim_mail(server.now()).await.expect("answers").expect("waits");
        lengths.push(claimed.mail.sealed.len());
        server.store.remove_mail(&claimed.mail.id).await.expect("answers");
    }
    assert!(lengths.iter().all(|length| *length == lengths[0]), "{lengths:?}");
}

#[tokio::test]
async fn processing_causes_the_same_writes_at_an_independent_time() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let _ = server.mails().await;
    // Clears earlier notifications.
    let _ = futures_util::poll!(std::pin::pin!(server.service.mail_bell().rung()));
    let mut seen = Vec::new();
    for email in ["ada@example.org", "nobody@example.org"] {
        let asking = server.send(send("/auth/password/request", &json!({ "email": email })));
        let (answer, asked) = statements_of(asking).await;
        answer.assert_nothing();
        // Processing is not triggered by the request.
        let mut bell = std::pin::pin!(server.service.mail_bell().rung());
        assert!(futures_util::poll!(bell.as_mut()).is_pending());
        let ((), settled) = statements_of(server.service.account().process_password_requests()).await;
        bell.await;
        let post = server.post();
        let (delivered, sent) = statements_of(server.service.mails().deliver_next(&post)).await;
        assert!(delivered && !server.service.mails().deliver_next(&post).await, "there is one mail, possibly blank");
        let writes = |asked: Vec<String>| {
            let table = |statement: &String| statement.split(" (").next().map(str::to_owned);
            let mut writes: Vec<_> =
                asked.iter().filter(|asked| !asked.starts_with("SELECT")).filter_map(table).collect();
            // In the transaction of the other writes.
            writes.retain(|write| !write.contains("audit") && !write.contains("password_resets"));
            writes
        };
        seen.push([writes(asked), writes(settled), writes(sent)]);
    }
    assert_eq!(seen[0], seen[1]);
    assert!(seen[0].iter().all(|writes| !writes.is_empty()), "{seen:?}");
    assert_eq!(server.mails().await.len(), 1);
}

#[tokio::test]
async fn an_acknowledged_request_survives_a_restart() {
    let server = Server::start().await;
    server.add_member("ada").await;
    server.send(send("/auth/password/request", &json!({ "email": "ADA@example.org" }))).await.assert_nothing();
    let server = server.restart().await;
    assert_eq!(server.mails().await.len(), 1);
    assert!(server.mails().await.is_empty());
}

#[tokio::test]
async fn the_link_leads_only_to_allowed_pages_which_is_checked_first() {
    let allowed = "https://app.example.org/reset";
    let server =
        Server::start_with(|builder| builder.policy.reset_urls = vec![allowed.parse().expect("is a URL")]).await;
    server.add_member("ada").await;
    for email in ["ada@example.org", "nobody@example.org"] {
        for url in
            ["https://evil.example/reset", "//app.example.org/reset", "https://app.example.org.evil.example/reset"]
        {
            let body = json!({ "email": email, "reset_url": url });
            server.send(send("/auth/password/request", &body)).await.assert_refused(400, "INVALID_PAYLOAD");
        }
    }
    for url in hostile_urls() {
        let body = json!({ "email": "ada@example.org", "reset_url": url });
        server.send(send("/auth/password/request", &body)).await.assert_refused(400, "INVALID_PAYLOAD");
    }
    let body = json!({ "email": "ada@example.org", "reset_url": "https://app.example.org/reset?next=//evil.example" });
    server.send(send("/auth/password/request", &body)).await.assert_nothing();
    let mails = server.mails().await;
    assert!(mails[0].text.contains("https://app.example.org/reset?token="), "{}", mails[0].text);
    assert!(!mails[0].raw.contains("evil"), "{}", mails[0].raw);
}

#[tokio::test]
async fn the_host_header_has_no_effect() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let sent = send("/auth/password/request", &json!({ "email": "ada@example.org" }));
    server.send(sent.header("host", "evil.example").header("x-forwarded-host", "evil.example")).await.assert_nothing();
    assert!(!server.mails().await[0].raw.contains("evil.example"));
}

#[tokio::test]
async fn an_account_gets_three_an_hour_and_an_address_ten() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let body = json!({ "email": "ada@example.org" });
    for number in 0..10 {
        server.send(send("/auth/password/request", &body)).await.assert_nothing();
        assert_eq!(server.mails().await.len(), usize::from(number < 3));
    }
    server.send(send("/auth/password/request", &body)).await.assert_refused(429, "REQUESTS_EXCEEDED");
}

#[tokio::test]
async fn the_mail_is_in_the_language_of_the_account_else_of_the_request() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let sent = send("/auth/password/request", &json!({ "email": "ada@example.org" }));
    server.send(sent.header("accept-language", "zh-CN")).await.assert_nothing();
    assert!(server.mails().await[0].text.starts_with("ada，您好："));
}

#[tokio::test]
async fn pending_requests_are_sealed() {
    let server = Server::start().await;
    server.send(send("/auth/password/request", &json!({ "email": "secret.person@example.org" }))).await;
    assert!(!server.stores("secret.person").await);
}
