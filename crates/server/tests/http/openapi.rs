//! GET `/openapi.json`. Every test checks responses against the description (`support/openapi.rs`).

use doorstep_server::http::openapi::{self, DESCRIPTION};
use serde_json::Value;

use crate::support::{Server, get};

/// The variable that makes the test write the description instead of comparing it.
const WRITE: &str = "DOORSTEP_WRITE_OPENAPI";

#[tokio::test]
async fn the_description_matches_the_table_of_routes() {
    let server = Server::start().await;
    let described = match openapi::describe(server.endpoints()) {
        Ok(described) => described,
        Err(wrong) => panic!("in openapi.rs of the surface:\n{}", wrong.join("\n")),
    };
    if std::env::var_os(WRITE).is_some() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");
        let text = serde_json::to_string_pretty(&described).expect("is written");
        std::fs::write(file, text + "\n").expect("is written");
        return;
    }
    let sent: Value = serde_json::from_str(DESCRIPTION).expect("is JSON");
    assert!(
        sent == described,
        "docs/openapi.json is not up to date: {WRITE}=1 cargo test -p doorstep-server --test http openapi, and look at what \
         changed"
    );
}

#[tokio::test]
async fn the_description_is_public_and_has_an_etag() {
    let server = Server::start().await;
    let answer = server.send(get(openapi::PATH)).await;
    assert_eq!((answer.status.as_u16(), answer.text.as_str()), (200, DESCRIPTION));
    assert_eq!(answer.headers["content-type"], "application/json");
    assert_eq!(answer.headers["cache-control"], "no-cache");
    let tag = answer.headers["etag"].to_str().expect("is ASCII").to_owned();
    let known = server.send(get(openapi::PATH).header("if-none-match", &tag)).await;
    assert_eq!((known.status.as_u16(), known.text.as_str()), (304, ""));
    let packed = server.send(get(openapi::PATH).header("accept-encoding", "br")).await;
    assert_eq!(packed.headers["content-encoding"], "br");
}

/// No dangling references, and no duplicate names.
#[test]
fn the_description_is_consistent() {
    let document: Value = serde_json::from_str(DESCRIPTION).expect("is JSON");
    let mut left = vec![&document];
    while let Some(value) = left.pop() {
        match value {
            Value::Object(fields) => {
                if let Some(reference) = fields.get("$ref").and_then(Value::as_str) {
                    let pointer = reference.strip_prefix('#').expect("is of this document");
                    assert!(document.pointer(pointer).is_some(), "{reference} is missing");
                }
                left.extend(fields.values());
            }
            Value::Array(items) => left.extend(items),
            _ => {}
        }
    }
    let operations = document["paths"].as_object().into_iter().flatten().filter_map(|(_, of_path)| of_path.as_object());
    let mut ids: Vec<_> = operations.flatten().map(|(_, operation)| operation["operationId"].to_string()).collect();
    let all = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), all);
}
