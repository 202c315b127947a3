//! Every write, over all surfaces, comes from a page of this origin, or from a program that brings no cookie.

use axum::http::Method;

use crate::support::{ORIGIN, Server, request, statements_of};

#[tokio::test]
async fn no_page_of_another_origin_writes_anywhere() {
    let server = Server::start().await;
    let (cookie, _) = server.sign_in_for_good().await;
    let writes: Vec<_> = server.endpoints().into_iter().filter(|endpoint| !endpoint.method.is_safe()).collect();
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
