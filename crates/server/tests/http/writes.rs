//! Every write, on all surfaces, must come from a page of this origin, or from a program without cookies.

use axum::http::Method;
use doorstep_server::http::routes::{Authentication, Surface};

use crate::support::{ORIGIN, Server, request, statements_of};

#[tokio::test]
async fn no_page_of_another_origin_writes_anywhere() {
    let server = Server::start().await;
    let (cookie, _) = server.sign_in_with_new_password().await;
    let writes: Vec<_> = server.endpoints().iter().filter(|endpoint| !endpoint.method.is_safe()).collect();
    assert!(writes.iter().any(|endpoint| endpoint.method == Method::DELETE), "{writes:?}");
    for endpoint in writes {
        for headers in [
            &[("sec-fetch-site", "cross-site")][..],
            &[("sec-fetch-site", "same-site"), ("origin", ORIGIN)],
            &[("sec-fetch-site", "none")],
            &[("origin", "null")],
            &[("origin", "https://evil.example")],
            &[("origin", "http://sub.127.0.0.1:8080")],
            &[("origin", "http://127.0.0.1:8081")],
        ] {
            let mut sent =
                request(endpoint.method.clone(), &endpoint.path).cookie(&cookie).json(&serde_json::json!({}));
            for (name, value) in headers {
                sent = sent.header(name, value);
            }
            let (answer, asked) = statements_of(server.send(sent)).await;
            assert_eq!(answer.status, 403, "{endpoint:?} {headers:?}: {}", answer.text);
            let read = |statement: &String| statement.starts_with("SELECT");
            assert!(asked.iter().all(read), "{endpoint:?} {headers:?}: {asked:?}");
        }
    }
}

/// Browsers state the origin of a write; programs need not. So a write without one is accepted only where no cookie
/// of a browser session authenticates it.
#[tokio::test]
async fn a_write_without_an_origin_is_refused_where_a_cookie_authenticates() {
    let server = Server::start().await;
    for endpoint in server.endpoints().iter().filter(|endpoint| !endpoint.method.is_safe()) {
        let sent = request(endpoint.method.clone(), &endpoint.path).json(&serde_json::json!({}));
        let answer = server.send(sent).await;
        let by_cookie = match (endpoint.surface, endpoint.needs.authentication) {
            (Surface::Tokens, _) | (Surface::Device, Authentication::Anyone | Authentication::DeviceToken) => false,
            (Surface::Dashboard | Surface::Portal | Surface::Pages | Surface::Device, _) => true,
        };
        let refused = answer.status == 403
            && (endpoint.surface == Surface::Pages
                || ["csrf_rejected", "access_denied"].iter().any(|code| answer.text.contains(code)));
        assert_eq!(refused, by_cookie, "{endpoint:?}: {} {}", answer.status, answer.text);
    }
}
