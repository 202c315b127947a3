//! POST `/graphql/system`.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::{
    support::{Answer, PASSWORD, Server},
    tokens::{me, send},
};

async fn ask(server: &Server, query: &str, variables: Value) -> Answer {
    server.send(send("/graphql/system", &json!({ "query": query, "variables": variables }))).await
}

const LOGIN: &str = "mutation ($email: String!, $password: String!, $mode: auth_mode) \
    { auth_login(email: $email, password: $password, mode: $mode) { access_token refresh_token expires } }";

#[tokio::test]
async fn mutations_behave_like_the_rest_paths() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let answer = ask(&server, LOGIN, json!({ "email": "ada@example.org", "password": PASSWORD })).await;
    let tokens = answer.tokens_data()["auth_login"].take();
    assert_eq!(tokens["expires"], "900000");
    server.send(me(tokens["access_token"].as_str().expect("is text"))).await.tokens_data();

    let query =
        "mutation ($token: String!) { again: auth_refresh(refresh_token: $token, mode: json) { refresh_token } }";
    let answer = ask(&server, query, json!({ "token": tokens["refresh_token"] })).await;
    let token = answer.tokens_data()["again"]["refresh_token"].take();
    let query = "mutation ($token: String!) { auth_logout(refresh_token: $token) }";
    assert_eq!(ask(&server, query, json!({ "token": token })).await.tokens_data(), json!({ "auth_logout": true }));

    let query = "mutation { auth_password_request(email: \"ada@example.org\") }";
    ask(&server, query, Value::Null).await.tokens_data();
    assert_eq!(server.mails().await.len(), 1);
}

#[tokio::test]
async fn in_session_mode_the_cookie_is_set() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let variables = json!({ "email": "ada@example.org", "password": PASSWORD, "mode": "session" });
    let answer = ask(&server, LOGIN, variables).await;
    assert_eq!(answer.tokens_data()["auth_login"]["access_token"], Value::Null);
    answer.cookie_value("directus_session_token");
}

#[tokio::test]
async fn errors_of_operations_are_in_the_body() {
    let server = Server::start().await;
    let answer = ask(&server, LOGIN, json!({ "email": "nobody@example.org", "password": PASSWORD })).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.json()["errors"][0]["extensions"]["code"], "INVALID_CREDENTIALS");
    let answer = ask(&server, "mutation { users_me_tfa_disable(otp: \"123456\") }", Value::Null).await;
    assert_eq!(answer.json()["errors"][0]["extensions"]["code"], "INVALID_CREDENTIALS");
}

#[tokio::test]
async fn a_request_can_try_only_one_password() {
    let server = Server::start().await;
    let field = |name: &str| format!("{name}: auth_login(email: \"a\", password: \"b\") {{ expires }}");
    let query = format!("mutation {{ {} {} }}", field("a"), field("b"));
    ask(&server, &query, Value::Null).await.assert_refused(400, "INVALID_PAYLOAD");
    let batch = json!([{ "query": "mutation { auth_logout }" }, { "query": "mutation { auth_logout }" }]);
    server.send(send("/graphql/system", &batch)).await.assert_refused(400, "INVALID_PAYLOAD");
    let wrong = json!({ "email": "admin@example.org", "password": "wrong wrong wrong" });
    for _ in 0..6 {
        ask(&server, LOGIN, wrong.clone()).await;
    }
    let answer = ask(&server, LOGIN, wrong).await;
    assert_eq!(answer.json()["errors"][0]["extensions"]["code"], "REQUESTS_EXCEEDED");
    assert!(answer.headers.contains_key("retry-after"));
}

#[tokio::test]
async fn typenames_are_returned() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let query = "mutation ($email: String!, $password: String!) \
        { auth_login(email: $email, password: $password) { expires __typename } __typename }";
    let right = ask(&server, query, json!({ "email": "ada@example.org", "password": PASSWORD })).await;
    let typed = json!({ "auth_login": { "expires": "900000", "__typename": "auth_tokens" }, "__typename": "Mutation" });
    assert_eq!(right.tokens_data(), typed);
    let wrong = ask(&server, query, json!({ "email": "ada@example.org", "password": "not the password" })).await;
    assert_eq!(wrong.json()["data"], json!({ "auth_login": null, "__typename": "Mutation" }));
}

#[tokio::test]
async fn fields_selected_by_fragments_are_returned() {
    let server = Server::start().await;
    server.add_member("ada").await;
    let query = "mutation ($email: String!, $password: String!) \
        { auth_login(email: $email, password: $password) { ...Tokens ... on auth_tokens { __typename } } } \
        fragment Tokens on auth_tokens { expires }";
    let answer = ask(&server, query, json!({ "email": "ada@example.org", "password": PASSWORD })).await;
    assert_eq!(answer.tokens_data(), json!({ "auth_login": { "expires": "900000", "__typename": "auth_tokens" } }));
}

#[tokio::test]
async fn a_document_crafted_to_overload_the_parser_is_refused() {
    let server = Server::start().await;
    for query in [format!("mutation{{{}}}", "a ".repeat(30_000)), format!("mutation{{{}}}", "a ".repeat(1_000))] {
        let answer = ask(&server, &query, Value::Null).await;
        answer.assert_refused(400, "INVALID_PAYLOAD");
        assert!(["over 4096 bytes", "too many tokens"].iter().any(|why| answer.text.contains(why)), "{}", answer.text);
    }
}
