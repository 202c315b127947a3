//! What holds for every path of the token surface.

use crate::support::{Server, get, post};

/// The writes of the surface, as they are mounted.
fn writes(server: &Server) -> Vec<String> {
    let surface = ["/auth", "/users/me", "/graphql"];
    let of_surface = |path: &String| surface.iter().any(|prefix| path.starts_with(prefix));
    let writes =
        server.endpoints().into_iter().filter(|endpoint| !endpoint.method.is_safe()).map(|endpoint| endpoint.path);
    writes.filter(of_surface).map(|path| path.replace("{provider}", "default")).collect()
}

#[tokio::test]
async fn bodies_that_do_not_fit_are_refused_in_the_dialect() {
    let server = Server::start().await;
    let bodies: [&[u8]; 8] = [b"{", b"[]", b"[{}]", b"null", b"\"x\"", b"\xff", b"{}{}", b"7"];
    for path in writes(&server) {
        for body in bodies {
            let sent = post(&path).header("content-type", "application/json").body(body.to_vec());
            server.send(sent).await.assert_refused(400, "INVALID_PAYLOAD");
        }
        let large = format!("{{\"email\":\"{}\"}}", "a".repeat(70_000));
        let sent = post(&path).header("content-type", "application/json").body(large);
        server.send(sent).await.assert_refused(413, "CONTENT_TOO_LARGE");
        let sent = post(&path).header("content-type", "text/plain").body("{}");
        server.send(sent).await.assert_refused(415, "UNSUPPORTED_MEDIA_TYPE");
    }
    for path in ["/auth/login", "/auth/password/request", "/auth/password/reset", "/graphql/system"] {
        for body in ["{}", "{\"email\":7,\"password\":[],\"token\":{},\"query\":1}"] {
            let sent = post(path).header("content-type", "application/json").body(body);
            server.send(sent).await.assert_refused(400, "INVALID_PAYLOAD");
        }
    }
}

#[tokio::test]
async fn what_is_wrong_is_told_without_what_was_sent() {
    let server = Server::start().await;
    let sent = post("/auth/login").header("content-type", "application/json");
    let answer = server.send(sent.body("{\"email\":\"a\",\"password\":\"hunter2\",\"otp\":[\"hunter2\"]}")).await;
    answer.assert_refused(400, "INVALID_PAYLOAD");
    assert!(!answer.text.contains("hunter2"), "{}", answer.text);
}

#[tokio::test]
async fn unknown_paths_are_told_in_the_dialect() {
    let server = Server::start().await;
    for path in
        ["/auth/", "/auth/nothing", "/auth/login/a/b", "/auth/%ff", "/users", "/users/x", "/users/me/x", "/graphql"]
    {
        server.send(get(path)).await.assert_refused(404, "ROUTE_NOT_FOUND");
        server.send(post(path)).await.assert_refused(404, "ROUTE_NOT_FOUND");
    }
    for path in ["/auth/refresh", "/auth/logout", "/users/me/tfa/enable", "/graphql/system"] {
        server.send(get(path)).await.assert_refused(405, "METHOD_NOT_ALLOWED");
    }
}
