//! POST `/graphql/system`: the same operations as GraphQL mutations, one field a request.
//!
//! With several fields, or several documents in one body, one request could try many passwords; nobody needs that here.
//! The document is parsed by a library; for eight flat mutations an executor is these lines.

use async_graphql_parser::{
    parse_query,
    types::{DocumentOperations, Field, OperationDefinition, OperationType, Selection},
};
use async_graphql_value::ConstValue;
use axum::{
    Json,
    extract::State,
    http::header,
    response::{AppendHeaders, IntoResponse as _, Response},
};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{
    answer::{self, Refusal},
    caller::Caller,
    operation::{Body, Operation, Outcome},
};
use crate::{
    error::Error,
    http::{AppState, dialect},
};

/// How many brackets may be opened, wherever they stand: a document that needs more is meant to hurt the parser, which
/// recurses.
const MAX_BRACKETS: usize = 64;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    query: String,
    variables: Option<Map<String, Value>>,
    operation_name: Option<String>,
}

pub(super) async fn execute(
    State(state): State<AppState>,
    caller: Caller,
    Body(body): Body,
) -> Result<Response, Refusal> {
    let call = Call::read(body)?;
    Ok(match call.mutation.operation.perform(&state, &caller, call.arguments).await {
        Ok(Outcome { data, cookies }) => {
            let value = data.map_or(Value::Bool(true), |data| project(&data, &call.selected));
            let cookies = AppendHeaders(cookies.into_iter().map(|cookie| (header::SET_COOKIE, cookie)));
            (cookies, Json(json!({ "data": { call.key: value } }))).into_response()
        }
        // The request was understood; what came of it stands in the body.
        Err(error) => {
            let (status, errors) = answer::describe(&error);
            let mut response = Json(json!({ "data": { call.key: null }, "errors": errors.errors })).into_response();
            if let Some(seconds) = dialect::retry_after(&error, status) {
                response.headers_mut().insert(header::RETRY_AFTER, seconds);
            }
            response
        }
    })
}

/// A mutation that there is.
struct Mutation {
    field: &'static str,
    operation: Operation,
    /// The fields of what it gives; none when it gives true.
    gives: &'static [&'static str],
}

const TOKENS: &[&str] = &["access_token", "refresh_token", "expires"];

const MUTATIONS: [Mutation; 8] = [
    Mutation { field: "auth_login", operation: Operation::Login, gives: TOKENS },
    Mutation { field: "auth_refresh", operation: Operation::Refresh, gives: TOKENS },
    Mutation { field: "auth_logout", operation: Operation::Logout, gives: &[] },
    Mutation { field: "auth_password_request", operation: Operation::PasswordRequest, gives: &[] },
    Mutation { field: "auth_password_reset", operation: Operation::PasswordReset, gives: &[] },
    Mutation { field: "users_me_tfa_generate", operation: Operation::TfaGenerate, gives: &["secret", "otpauth_url"] },
    Mutation { field: "users_me_tfa_enable", operation: Operation::TfaEnable, gives: &[] },
    Mutation { field: "users_me_tfa_disable", operation: Operation::TfaDisable, gives: &[] },
];

/// What a document asks for.
struct Call {
    mutation: &'static Mutation,
    arguments: Map<String, Value>,
    /// The name that the answer has.
    key: String,
    /// The fields that are wanted of it, by the names that they are to have.
    selected: Vec<(String, String)>,
}

impl Call {
    fn read(body: Map<String, Value>) -> Result<Self, Error> {
        let document: Document =
            serde_json::from_value(Value::Object(body)).map_err(|_| refused("`query` is missing, or not text"))?;
        if document.query.bytes().filter(|byte| b"{[(".contains(byte)).count() > MAX_BRACKETS {
            return Err(refused("the document has too many brackets"));
        }
        let parsed = parse_query(&document.query).map_err(|_| refused("the document is not GraphQL"))?;
        let operation = choose(parsed.operations, document.operation_name.as_deref())?;
        if operation.ty != OperationType::Mutation {
            return Err(refused("there are mutations alone"));
        }
        let [selection] = operation.selection_set.node.items.as_slice() else {
            return Err(refused("one field a request"));
        };
        let Selection::Field(field) = &selection.node else {
            return Err(refused("fragments are not supported"));
        };
        let field = &field.node;
        let mutation = MUTATIONS.iter().find(|mutation| field.name.node.as_str() == mutation.field);
        let mutation = mutation.ok_or_else(|| refused("there is no such mutation"))?;
        let variables = document.variables.unwrap_or_default();
        Ok(Self {
            mutation,
            arguments: arguments(field, &operation, &variables)?,
            key: field.response_key().node.to_string(),
            selected: selected(field, mutation)?,
        })
    }
}

fn choose(operations: DocumentOperations, name: Option<&str>) -> Result<OperationDefinition, Error> {
    match (operations, name) {
        (DocumentOperations::Single(operation), _) => Ok(operation.node),
        (DocumentOperations::Multiple(mut operations), Some(name)) => {
            operations.remove(name).map(|operation| operation.node).ok_or_else(|| refused("there is no such operation"))
        }
        (DocumentOperations::Multiple(operations), None) => {
            let mut operations = operations.into_values();
            match (operations.next(), operations.next()) {
                (Some(operation), None) => Ok(operation.node),
                _ => Err(refused("`operationName` says which operation is meant")),
            }
        }
    }
}

/// The arguments with the variables put in. A variable that nobody gave is one that is absent.
fn arguments(
    field: &Field,
    operation: &OperationDefinition,
    variables: &Map<String, Value>,
) -> Result<Map<String, Value>, Error> {
    if !field.directives.is_empty() {
        return Err(refused("directives are not supported"));
    }
    let default_of = |name: &str| {
        let definition = operation.variable_definitions.iter().find(|variable| variable.node.name.node == name);
        definition.and_then(|variable| variable.node.default_value.clone()).map(|default| default.node)
    };
    let mut arguments = Map::new();
    for (name, value) in &field.arguments {
        let value = value.node.clone().into_const_with(|variable| match variables.get(variable.as_str()) {
            Some(value) => ConstValue::from_json(value.clone()).map_err(|_| refused("a variable can't be read")),
            None => Ok(default_of(variable.as_str()).unwrap_or_default()),
        })?;
        let value = value.into_json().map_err(|_| refused("an argument can't be read"))?;
        arguments.insert(name.node.to_string(), value);
    }
    Ok(arguments)
}

fn selected(field: &Field, mutation: &Mutation) -> Result<Vec<(String, String)>, Error> {
    let items = &field.selection_set.node.items;
    if items.is_empty() != mutation.gives.is_empty() {
        return Err(refused("fields are selected of what has some"));
    }
    let mut selected = Vec::with_capacity(items.len());
    for item in items {
        let Selection::Field(item) = &item.node else {
            return Err(refused("fragments are not supported"));
        };
        let name = item.node.name.node.as_str();
        if !mutation.gives.contains(&name) {
            return Err(refused("there is no such field in what comes back"));
        }
        selected.push((item.node.response_key().node.to_string(), name.to_owned()));
    }
    Ok(selected)
}

/// What was selected; what there is not in this mode is null.
fn project(data: &Value, selected: &[(String, String)]) -> Value {
    let field = |(key, name): &(String, String)| (key.clone(), data.get(name).cloned().unwrap_or_default());
    Value::Object(selected.iter().map(field).collect())
}

fn refused(why: &str) -> Error {
    Error::InvalidRequest(format!("GraphQL: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Result<Call, String> {
        let Value::Object(body) = json!({ "query": query, "variables": { "who": "ada@example.org" } }) else {
            panic!("is an object")
        };
        Call::read(body).map_err(|error| error.to_string())
    }

    #[test]
    fn a_mutation_is_read_with_its_variables_aliases_and_defaults() {
        let call = read(
            "mutation M($who: String!, $mode: auth_mode = session) \
             { in: auth_login(email: $who, password: \"{[(\", mode: $mode) { token: access_token expires } }",
        )
        .expect("is read");
        assert_eq!(call.mutation.field, "auth_login");
        let arguments = json!({ "email": "ada@example.org", "password": "{[(", "mode": "session" });
        assert_eq!(Value::Object(call.arguments), arguments);
        assert_eq!(call.key, "in");
        assert_eq!(project(&json!({ "expires": 1 }), &call.selected), json!({ "token": null, "expires": 1 }));
    }

    #[test]
    fn what_is_more_than_one_plain_mutation_is_refused() {
        for query in [
            "",
            "{",
            "query { auth_login }",
            "{ auth_login }",
            "mutation { auth_logout auth_logout }",
            "mutation { nothing }",
            "mutation { auth_logout { x } }",
            "mutation { auth_login(email: \"a\", password: \"b\") }",
            "mutation { auth_login(email: \"a\", password: \"b\") { password } }",
            "mutation { ...F } fragment F on Mutation { auth_logout }",
            "mutation { auth_logout @skip(if: true) }",
            "mutation A { auth_logout } mutation B { auth_logout }",
            "subscription { auth_logout }",
        ] {
            assert!(read(query).is_err(), "{query}");
        }
        let deep = format!("mutation {{ auth_login(email: {}", "[".repeat(60_000));
        assert!(read(&deep).err().is_some_and(|error| error.contains("too many")));
    }
}
