//! After GET `/portal/enter/{token}`, and around it.

use super::{Office, portal_cookie};
use crate::support::get;

#[tokio::test]
async fn a_cookie_that_the_browser_does_not_keep_has_its_own_page() {
    let office = Office::open().await;
    let (_, path) = office.link(&office.client).await;
    let entered = office.server.send(get(&path)).await;
    let lost = office.server.send(get("/portal?entered")).await;
    assert_eq!(lost.status, 401);
    assert!(lost.text.contains("blocked the portal") && !lost.text.contains("access-required"), "{}", lost.text);
    let opened = office.server.send(get("/portal?entered").cookie(&portal_cookie(&entered))).await;
    assert_eq!(opened.status, 200);
    for path in ["/portal", "/portal?x", "/portal/nowhere?entered"] {
        let answer = office.server.send(get(path)).await;
        answer.assert_access_required(if path.starts_with("/portal/") { 404 } else { 401 });
    }
}

#[tokio::test]
async fn a_trailing_slash_is_removed_from_a_link() {
    let office = Office::open().await;
    let (_, path) = office.link(&office.client).await;
    office.server.send(get(&format!("{path}/"))).await.assert_leads_to(308, &path);
    office.server.send(get("/.well-known/change-password/")).await.assert_leads_to(308, "/.well-known/change-password");
}
