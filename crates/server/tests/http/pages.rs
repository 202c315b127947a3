//! Pages, assets and health checks.

use axum::http::Method;
use jiff::SignedDuration;

use crate::{
    rendered::painted,
    support::{Server, get, request, statements_of},
};

/// The policy with the hash of the only inline script of the test pages.
const CSP: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' \
    'sha256-FxOszkuOgRRFABRQ2La1zfA8EzCyR/tmEgfynnHhBpQ='; style-src 'self'; img-src 'self' data:; \
    font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

#[tokio::test]
async fn every_response_has_the_security_headers() {
    let server = Server::start().await;
    for path in [
        "/",
        "/login",
        "/nowhere",
        "/assets/app-0123456789abcdef.js",
        "/assets/nothing.js",
        "/api/auth/setup-status",
        "/api/nothing",
        "/healthz",
        "/readyz",
    ] {
        let answer = server.send(get(path)).await;
        for (name, value) in [
            ("content-security-policy", CSP),
            ("x-frame-options", "DENY"),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(answer.headers[name], value, "{path}");
        }
        let permissions = answer.headers["permissions-policy"].to_str().expect("is ASCII");
        assert!(permissions.split(", ").all(|permission| permission.ends_with("=()")), "{permissions}");
        assert!(!answer.headers.contains_key("strict-transport-security"), "{path}");
    }
}

#[tokio::test]
async fn a_page_has_one_canonical_path() {
    let server = Server::start().await;
    for (path, location) in [
        ("/projects/", "/projects"),
        ("/portal/", "/portal"),
        ("/login/?redirect=%2Fprojects", "/login?redirect=%2Fprojects"),
        ("/device/?user_code=BCDF-GHJK", "/device?user_code=BCDF-GHJK"),
        ("/projects/0198c2a5-7b1e-7c3f-9a44-0123456789ab/", "/projects/0198c2a5-7b1e-7c3f-9a44-0123456789ab"),
    ] {
        let answer = server.send(get(path)).await;
        assert_eq!((answer.status.as_u16(), &answer.headers["location"]), (308, &location.parse().expect("is valid")));
    }
    for (path, status) in [("/", 200), ("/projects", 200), ("//", 404), ("/projects//", 404), ("/audit?event=%", 200)] {
        assert_eq!(server.send(get(path)).await.status, status, "{path}");
    }
}

#[tokio::test]
async fn a_page_is_in_the_selected_language_or_one_that_the_browser_accepts() {
    let server = Server::start().await;
    for (accept, cookie, tag, heading) in [
        ("de-AT,de;q=0.9,en;q=0.8", "", "de", "Anmelden"),
        ("ru-UA,ru;q=0.9,en;q=0.8", "", "ru", "Вход"),
        ("zh-TW,zh;q=0.9,en;q=0.8", "", "zh-Hans", "登录"),
        ("zh-HK", "", "zh-Hans", "登录"),
        ("zh-Hant", "", "zh-Hans", "登录"),
        // For private use (ISO 639-2), so never translated to.
        ("qaa-CA,qaa;q=0.9", "", "en", "Sign in"),
        ("qaa,en;q=0.2,ru;q=0.4", "", "ru", "Вход"),
        ("de", "doorstep_language=ru", "ru", "Вход"),
        ("de", "doorstep_language=tlh", "de", "Anmelden"),
    ] {
        let answer = server.send(get("/login").header("accept-language", accept).cookie(cookie)).await;
        assert!(answer.text.contains(&format!("<html lang=\"{tag}\" dir=\"ltr\"")), "{accept}: {}", answer.text);
        assert!(answer.text.contains(&format!(">{heading}</h1>")), "{accept}: {}", answer.text);
    }
}

#[tokio::test]
async fn the_sign_in_form_is_rendered_when_it_is_needed() {
    let server = Server::start().await;
    for path in ["/login", "/", "/login?redirect=%2Fx"] {
        let answer = server.send(get(path)).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.headers["cache-control"], "no-cache");
        assert!(painted(&answer.text).contains("<form id=\"login-form\""), "{path}: {}", answer.text);
        assert!(answer.text.contains("<title>Sign in – Doorstep</title>"), "{path}");
    }
}

#[tokio::test]
async fn an_anonymous_page_is_rendered_once_without_database_calls() {
    let server = Server::start().await;
    server.sign_in_with_new_password().await;
    let sent = || get("/login").header("accept-encoding", "gzip, br");
    let first = server.send(sent()).await;
    let (second, asked) = statements_of(server.send(sent())).await;
    assert_eq!((asked.as_slice(), &second.text), (&[][..], &first.text));
    assert_eq!(second.headers["content-encoding"], "br");
    assert_eq!(second.headers["vary"], "accept-encoding, accept-language, cookie");
    // A browser that has it gets 304.
    let tag = second.headers["etag"].to_str().expect("is ASCII");
    let third = server.send(sent().header("if-none-match", tag)).await;
    assert_eq!((third.status.as_u16(), third.text.as_str()), (304, ""));
    assert_eq!(third.headers["etag"], tag);
    for known in [format!("W/{tag}"), format!("\"another\", {tag}"), "*".to_owned()] {
        assert_eq!(server.send(sent().header("if-none-match", &known)).await.status, 304, "{known}");
    }
    // An `ETag` identifies bytes: the response is not compressed again.
    for accepted in ["*", "x-gzip", "zstd"] {
        let plain = server.send(get("/login").header("accept-encoding", accepted)).await;
        let tag = plain.headers["etag"].to_str().expect("is ASCII");
        assert!(tag.ends_with("-plain\"") && !plain.headers.contains_key("content-encoding"), "{accepted}: {tag}");
    }
    let other = server.send(get("/login").header("accept-language", "de").header("if-none-match", tag)).await;
    assert_eq!(other.status, 200);
    assert!(other.text.contains("Anmelden"), "{}", other.text);
}

/// RFC 9110 §12.5.3: encodings are a preference.
#[tokio::test]
async fn a_client_that_refuses_every_encoding_gets_the_page_uncompressed() {
    let server = Server::start().await;
    let (cookie, _) = server.sign_in_with_new_password().await;
    for refused in ["identity;q=0", "*;q=0", "br;q=0, gzip;q=0, identity;q=0"] {
        for (path, cookie, status) in [("/login", "", 200), ("/projects", &cookie, 200), ("/portal", "", 401)] {
            let answer = server.send(get(path).cookie(cookie).header("accept-encoding", refused)).await;
            assert_eq!(answer.status, status, "{path} {refused}");
            assert!(answer.text.starts_with("<!DOCTYPE html>"), "{path} {refused}: {}", answer.text);
            assert!(!answer.headers.contains_key("content-encoding"), "{path} {refused}");
        }
    }
}

#[tokio::test]
async fn an_anonymous_page_is_up_to_date() {
    let server = Server::start().await;
    let page = async || server.send(get("/login")).await.text;
    let (token, required) = ("id=\"use-token\"", "\"setup_required\":true");
    let before = page().await;
    assert!(!before.contains(token) && before.contains(required), "{before}");
    server.service.sign_in().make_login_token(None).await.expect("is created");
    assert!(page().await.contains(token));
    server.sign_in_with_new_password().await;
    assert!(!page().await.contains(required));
    server.wait(SignedDuration::from_hours(2));
    assert!(!page().await.contains(token), "the token has expired");
    for (cookie, theme) in [("doorstep_theme=dark", true), ("", false)] {
        let text = server.send(get("/login").cookie(cookie)).await.text;
        assert_eq!(text.contains("data-theme=\"dark\""), theme, "{text}");
    }
}

#[tokio::test]
async fn a_token_created_by_another_process_is_offered_after_a_second() {
    let server = Server::start().await;
    let offers = async || server.send(get("/login")).await.text.contains("id=\"use-token\"");
    assert!(!offers().await);
    let other = server.another().await;
    other.sign_in().make_login_token(None).await.expect("is created");
    server.wait(SignedDuration::from_secs(1));
    assert!(offers().await);
}

#[tokio::test]
async fn no_cached_page_contains_data_of_a_user() {
    let server = Server::start().await;
    let cookie = server.sign_in().await;
    for path in ["/", "/login", "/device"] {
        let mine = server.send(get(path).cookie(&cookie)).await;
        assert!(mine.text.contains("\"username\":\"admin\"") && !mine.headers.contains_key("etag"), "{path}");
        let tag = server.send(get(path)).await.headers["etag"].to_str().expect("is ASCII").to_owned();
        let again = server.send(get(path).cookie(&cookie).header("if-none-match", &tag)).await;
        assert_eq!(again.status, 200, "{path}");
    }
    for (path, cookie) in [
        ("/login?redirect=%2Fprojects", ""),
        ("/login", "doorstep_provider=okta"),
        ("/device", "doorstep_user_code_8080=BCDFGHJK"),
    ] {
        let answer = server.send(get(path).cookie(cookie)).await;
        assert!(!answer.headers.contains_key("etag"), "{path} {cookie}");
    }
}

#[tokio::test]
async fn no_form_is_rendered_where_it_does_not_belong() {
    let server = Server::start().await;
    let cookie = server.sign_in().await;
    for (sent, status) in [
        (get("/").cookie(&cookie), 200),
        (get("/login").cookie(&cookie), 200),
        (get("/nowhere"), 404),
        (get("/nowhere").cookie(&cookie), 404),
    ] {
        let answer = server.send(sent).await;
        assert_eq!(answer.status, status);
        assert!(!painted(&answer.text).contains("<form"), "{}", answer.text);
        assert!(answer.text.contains("<template id=\"login-template\">"));
    }
}

#[tokio::test]
async fn a_page_with_account_data_is_not_cached() {
    let server = Server::start().await;
    let cookie = server.sign_in().await;
    let answer = server.send(get("/").cookie(&cookie)).await;
    assert_eq!(answer.headers["cache-control"], "no-store");
    assert!(answer.text.contains("\"username\":\"admin\""), "{}", answer.text);
}

#[tokio::test]
async fn branding_can_not_break_out_of_the_page() {
    let server = Server::start_with(|builder| {
        builder.branding.name = "</script><script>alert(1)</script>".to_owned();
        builder.branding.public_note = Some("<img src=x onerror=alert(1)> & more".to_owned());
    })
    .await;
    let text = server.send(get("/login")).await.text;
    assert!(!text.contains("<script>alert") && !text.contains("<img src=x"), "{text}");
    assert!(text.contains("&lt;img src=x"), "{text}");
}

#[tokio::test]
async fn pages_refuse_writes() {
    let server = Server::start().await;
    for path in ["/", "/login", "/nowhere"] {
        let answer = server.send(request(Method::POST, path)).await;
        assert_eq!(
            (answer.status.as_u16(), &answer.headers["allow"]),
            (405, &"GET, HEAD".parse().expect("is a header"))
        );
    }
}

#[tokio::test]
async fn assets_are_compressed_and_immutable() {
    let server = Server::start().await;
    let asset = get("/assets/app-0123456789abcdef.js").header("accept-encoding", "gzip, br");
    let answer = server.send(asset).await;
    assert_eq!(answer.text, "compressed");
    assert_eq!(answer.headers["content-encoding"], "br");
    assert_eq!(answer.headers["content-type"], "text/javascript; charset=utf-8");
    assert_eq!(answer.headers["cache-control"], "public, max-age=31536000, immutable");
    assert_eq!(answer.headers["vary"], "accept-encoding");
    for path in ["/assets/sign-in.html", "/assets/app-0123456789abcdef.js.br", "/assets/..%2fsign-in.html", "/assets/"]
    {
        assert_eq!(server.send(get(path)).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn the_server_is_ready_when_the_database_can_be_read_and_written() {
    let server = Server::start().await;
    assert_eq!(server.send(get("/healthz")).await.text, "ok\n");
    assert_eq!(server.send(get("/readyz")).await.status, 200);
    // It is written only once in a while, however often it is checked.
    for wait in [0, 0, 10] {
        server.wait(SignedDuration::from_secs(wait));
        let (answer, asked) = statements_of(server.send(get("/readyz"))).await;
        assert_eq!(answer.status, 200);
        assert_eq!(asked.iter().any(|statement| statement.starts_with("INSERT")), wait > 0, "{asked:?}");
    }
    server.store.close().await;
    assert_eq!(server.send(get("/healthz")).await.status, 200);
    assert_eq!(server.send(get("/readyz")).await.status, 503);
    let page = server.send(get("/login")).await;
    assert_eq!(page.status, 503);
    assert!(page.text.contains("<h1>The server can't respond</h1>"), "{}", page.text);
    server.send(get("/api/auth/setup-status")).await.assert_error(503, "service_unavailable");
}

#[tokio::test]
async fn password_managers_find_the_page_that_changes_a_password() {
    let server = Server::start().await;
    let answer = server.send(get("/.well-known/change-password")).await;
    assert_eq!(
        (answer.status.as_u16(), &answer.headers["location"]),
        (302, &"/account/security".parse().expect("is valid"))
    );
    // Missing pages get 404: password managers test this before they trust the redirect.
    let missing = "/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200";
    assert_eq!(server.send(get(missing)).await.status, 404);
}

#[tokio::test]
async fn no_field_of_the_sign_in_page_has_spell_checking_or_autocorrection() {
    let server = Server::start().await;
    let page = server.send(get("/login")).await.text;
    let fields: Vec<&str> = painted(&page).split("<input").skip(1).filter_map(|rest| rest.split('>').next()).collect();
    assert!(fields.len() >= 2, "{page}");
    for field in fields {
        for attribute in ["spellcheck=\"false\"", "autocapitalize=\"none\"", "autocorrect=\"off\""] {
            assert!(field.contains(attribute), "{attribute}: {field}");
        }
    }
}
