//! What is rendered on a page before its app runs.

use serde_json::json;

use crate::support::{Server, get, post};

/// The content of `main`.
pub(crate) fn painted(text: &str) -> &str {
    text.split_once("<main id=\"main\">").and_then(|(_, rest)| rest.split_once("</main>")).expect("has a main").0
}

#[tokio::test]
async fn the_code_field_is_rendered_on_a_page_cached_for_all() {
    let server = Server::start().await;
    let first = server.send(get("/device")).await;
    let main = painted(&first.text);
    assert!(
        main.contains("<input id=\"user-code\"") && main.contains("autofocus") && !main.contains("value="),
        "{main}"
    );
    assert!(main.contains("<p id=\"user-code-half\" hidden>"), "{main}");
    assert!(first.text.contains("<title>Authorize a device – Doorstep</title>"), "{}", first.text);
    assert!(first.headers.contains_key("etag"));
    // An unknown parameter has no effect.
    let again = server.send(get("/device?nothing=1")).await;
    assert_eq!((&again.text, again.headers.get("etag")), (&first.text, first.headers.get("etag")));
    let cookie = server.sign_in().await;
    assert!(painted(&server.send(get("/device").cookie(&cookie)).await.text).contains("<input id=\"user-code\""));
}

#[tokio::test]
async fn half_of_a_linked_code_is_rendered_and_not_cached() {
    let server = Server::start().await;
    for (query, value) in [
        ("user_code=BCDF-GHJK", "BCDF"),
        ("user_code=bcdfghjk&user_code=KJHG", "BCDF"),
        ("x=1&user_code=b%20c", "BC"),
        ("user_code=", ""),
        ("user_code=%22%3E%3Cscript%3Ealert(1)%3C/script%3E", "SCRP"),
        ("user_code=%22+onfocus%3D%22alert(1)", "NFCS"),
        ("user_code=%00%ff%26lt%3B", "LT"),
    ] {
        let answer = server.send(get(&format!("/device?{query}"))).await;
        let main = painted(&answer.text);
        assert!(main.contains(&format!(" value=\"{value}\" aria-describedby")), "{query}: {main}");
        assert!(main.contains("<p id=\"user-code-half\">"), "{query}: {main}");
        for hostile in ["<script>alert", "onfocus", "alert(1)"] {
            assert!(!answer.text.contains(hostile), "{query}: {}", answer.text);
        }
        assert_eq!(answer.headers["cache-control"], "no-store", "{query}");
        assert!(!answer.headers.contains_key("etag"), "{query}");
    }
    // The cached page is still the one without a code.
    let main = server.send(get("/device")).await.text;
    assert!(!painted(&main).contains("value="), "{main}");
    // A code on another page has no effect.
    assert!(server.send(get("/login?user_code=BCDFGHJK")).await.headers.contains_key("etag"));
}

#[tokio::test]
async fn a_looked_up_code_is_rendered_completely_without_focus() {
    let server = Server::start().await;
    let sent = get("/device").cookie("doorstep_user_code_8080=BCDFGHJK");
    let answer = server.send(sent).await;
    let main = painted(&answer.text);
    assert!(main.contains(" value=\"BCDF-GHJK\"") && !main.contains("autofocus"), "{main}");
    assert_eq!(answer.headers["cache-control"], "no-store");
}

#[tokio::test]
async fn the_known_parts_of_a_page_are_rendered_for_its_user_only() {
    let server = Server::start().await;
    let (cookie, _) = server.sign_in_with_new_password().await;
    for (path, heading) in [
        ("/", "<h1 tabindex=\"-1\">Welcome, admin</h1>"),
        ("/projects", "<h1 tabindex=\"-1\">Projects</h1>"),
        ("/audit", "<h1 tabindex=\"-1\">Audit log</h1>"),
        ("/account/security", "<a href=\"/account/security\" aria-current=\"page\">Security</a>"),
        ("/device", "<input id=\"user-code\""),
    ] {
        let text = server.send(get(path).cookie(&cookie)).await.text;
        assert!(painted(&text).contains(heading), "{path}: {text}");
        assert!(
            text.contains("<header class=\"header\">") && text.contains("<span class=\"menu-name\">admin</span>"),
            "{path}"
        );
        let text = server.send(get(path)).await.text;
        assert!(!text.contains("<header") && !text.contains("id=\"outline\""), "{path}: {text}");
    }
}

#[tokio::test]
async fn a_name_can_not_break_out_of_the_header() {
    let server = Server::start().await;
    let (cookie, _) = server.sign_in_with_new_password().await;
    let name = "\"><script>alert(1)</script>";
    let edit = post("/api/auth/account/edit").cookie(&cookie).json(&json!({ "new_name": name }));
    server.send(edit).await.data();
    let text = server.send(get("/").cookie(&cookie)).await.text;
    assert!(
        text.contains("Welcome, \"&gt;&lt;script&gt;") || text.contains("Welcome, &quot;&gt;&lt;script&gt;"),
        "{text}"
    );
    assert!(!text.contains("<script>alert"), "{text}");
}

#[tokio::test]
async fn an_sso_result_is_not_covered_by_a_field() {
    let server = Server::start().await;
    for query in ["sso_error=access_denied", "sso_verified=1", "user_code=BCDFGHJK&sso_error=x"] {
        let text = server.send(get(&format!("/device?{query}"))).await.text;
        assert!(!painted(&text).contains("<form"), "{query}: {text}");
        assert!(text.contains("<template id=\"device-template\">"), "{text}");
    }
}
