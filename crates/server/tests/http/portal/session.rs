//! The portal's cookie: which values are valid, and what ends a session.

use axum::http::HeaderValue;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use doorstep_server::domain::secret_key::SecretKeys;
use jiff::SignedDuration;

use super::{Office, me};
use crate::support::get;

const OLD: &str = "q8dPzN1mVxT4sKfWb7YhRj2LcGaEuC9o";
const NEW: &str = "Zt5wXn0kBv3QyHs8MdUe6FpJiRl1AgT7";

/// Asserts that neither the page nor the API accepts the cookie, without a server error.
async fn assert_no_session(office: &Office, cookie: &[u8]) {
    for path in ["/portal", "/portal/api/me", "/portal/api/projects"] {
        let value = HeaderValue::from_bytes(cookie).expect("is a header");
        let answer = office.server.send(get(path).header_value("cookie", value)).await;
        if path == "/portal" {
            answer.assert_access_required(401);
        } else {
            answer.assert_portal_error(401, "portal_access_required");
        }
    }
}

#[tokio::test]
async fn an_invalid_cookie_is_no_session_and_no_error() {
    let office = Office::open().await;
    let cookie = office.enter().await;
    assert_eq!(office.server.send(me(&cookie)).await.status, 200);
    let value = cookie.strip_prefix("portal_session=").expect("is valid");
    let (claims, tag) = value.split_once('.').expect("has two parts");
    let claimed = URL_SAFE_NO_PAD.decode(claims).expect("is base64url");
    let forged = String::from_utf8(claimed).expect("is text").replace("\"iat\":1", "\"iat\":2");
    let other_tag = format!("{}{}", if tag.starts_with('0') { '1' } else { '0' }, &tag[1..]);
    for text in [
        "",
        "x",
        ".",
        "null",
        claims,
        tag,
        &value[..value.len() - 1],
        &value[1..],
        &format!("{claims}."),
        &format!(".{tag}"),
        &format!("{claims}.{other_tag}"),
        &format!("{}.{tag}", URL_SAFE_NO_PAD.encode(forged)),
        &format!("{value}.{value}"),
        &"A".repeat(6000),
        // The dashboard's session is not valid here.
        office.operator.split(['=', ';']).nth(1).expect("has a value"),
    ] {
        assert_no_session(&office, format!("portal_session={text}").as_bytes()).await;
    }
    assert_no_session(&office, b"portal_session=\xff\xfe.\xe4").await;
    assert_no_session(&office, format!("portal_session=ä{value}").as_bytes()).await;
    assert_no_session(&office, format!("portal_sessions={value}").as_bytes()).await;
    // A planted one does not hide the real one.
    assert_eq!(office.server.send(me(&format!("portal_session=x.y; a=b; {cookie}"))).await.status, 200);
}

#[tokio::test]
async fn a_portal_session_lasts_thirty_days() {
    let office = Office::open().await;
    let cookie = office.enter().await;
    office.server.wait(SignedDuration::from_hours(30 * 24) - SignedDuration::from_secs(1));
    assert_eq!(office.server.send(me(&cookie)).await.status, 200);
    office.server.wait(SignedDuration::from_hours(24));
    assert_no_session(&office, cookie.as_bytes()).await;
}

#[tokio::test]
async fn revoking_a_link_ends_its_sessions_and_no_others() {
    let office = Office::open().await;
    let (first, path) = office.link(&office.client).await;
    let opened = super::portal_cookie(&office.server.send(get(&path)).await);
    let other = office.enter().await;
    office.revoke(&office.client, &first).await;
    assert_no_session(&office, opened.as_bytes()).await;
    assert_eq!(office.server.send(me(&other)).await.status, 200);
}

#[tokio::test]
async fn deactivating_a_client_ends_its_sessions_at_the_next_request() {
    let office = Office::open().await;
    let cookie = office.enter().await;
    office.set_client_active(&office.client, false).await;
    assert_no_session(&office, cookie.as_bytes()).await;
    office.set_client_active(&office.client, true).await;
    assert_eq!(office.server.send(me(&cookie)).await.status, 200);
}

#[tokio::test]
async fn a_portal_session_survives_a_rotation_until_the_old_key_is_removed() {
    let mut office = Office::open().await;
    let old = office.enter().await;
    let keys = |text: &str| SecretKeys::parse(text).expect("is strong enough");
    office.server = office.server.restart_with(|builder| builder.secret_keys = keys(&format!("{NEW}\n{OLD}"))).await;
    assert_eq!(office.server.send(me(&old)).await.status, 200);
    let new = office.enter().await;
    office.server = office.server.restart_with(|builder| builder.secret_keys = keys(NEW)).await;
    assert_eq!(office.server.send(me(&new)).await.status, 200);
    assert_no_session(&office, old.as_bytes()).await;
}
