//! POST `/graphql/system`: the same operations as GraphQL mutations, one field per request.
//!
//! With several fields or documents, one request could try many passwords; no client needs that here. A library
//! parses the document; eight flat mutations need no executor. Fragments are supported, because clients with a
//! cache use them.
//! a cache select by them.

mod arguments;
mod fields;
mod size;

use async_graphql_parser::{
    parse_query,
    types::{DocumentOperations, Field, OperationDefinition, OperationType},
};
use axum::{
    Json,
    extract::State,
    http::header,
    response::{IntoResponse as _, Response},
};
use doorstep_contract::tokens::TokenError;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use self::{
    arguments::arguments,
    fields::{Fragments, fields_of},
};
use super::{
    answer::{self, Refusal},
    caller::Caller,
    operation::{Body, Operation, Outcome},
};
use crate::{
    domain::quota::Quota,
    error::Error,
    http::{
        AppState, dialect,
        routes::{
            Limit::{SignIn, Times},
            Needs,
        },
        set_cookies::SetCookies,
    },
};

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = GraphqlDocument)]
pub(super) struct Document {
    query: String,
    #[schema(value_type = Option<Object>)]
    variables: Option<Map<String, Value>>,
    operation_name: Option<String>,
}

/// The result, by the response keys of the document.
#[derive(Serialize, ToSchema)]
#[schema(as = GraphqlAnswer)]
pub(super) struct Answered {
    #[schema(value_type = Object)]
    data: Value,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    errors: Vec<TokenError>,
}

/// The limits of all its fields together: the field is only known after reading the body.
pub(super) const NEEDS: Needs = Needs::NOTHING.limited(&[
    SignIn,
    Times(Quota::Refresh),
    Times(Quota::PasswordRequest),
    Times(Quota::PasswordReset),
]);

pub(super) async fn execute(
    State(state): State<AppState>,
    caller: Caller,
    Body(body): Body,
) -> Result<Response, Refusal> {
    let mut call = Call::read(body)?;
    let arguments = std::mem::take(&mut call.arguments);
    Ok(match call.mutation.operation.perform(&state, &caller, arguments).await {
        Ok(Outcome { data, cookies }) => {
            let value = data.map_or(Value::Bool(true), |data| project(data, &call.selected));
            let cookies = SetCookies::of(cookies);
            (cookies, Json(Answered { data: call.answer(value), errors: Vec::new() })).into_response()
        }
        // The request is well-formed, so its errors are in a response with status 200.
        Err(error) => {
            let (status, errors) = answer::describe(&error);
            let mut response = Json(Answered { data: call.answer(Value::Null), errors: errors.errors }).into_response();
            if let Some(seconds) = dialect::retry_after(&error, status) {
                response.headers_mut().insert(header::RETRY_AFTER, seconds);
            }
            response
        }
    })
}

/// A supported mutation.
struct Mutation {
    field: &'static str,
    operation: Operation,
    /// The type of its result; `None` for a boolean.
    gives: Option<Type>,
}

/// An object type, by its name in Directus.
struct Type {
    name: &'static str,
    fields: &'static [&'static str],
}

/// The name of the root type.
const ROOT: &str = "Mutation";
/// The meta field that every type has. Clients with a cache select it (GraphQL, October 2021, §4.1).
const TYPENAME: &str = "__typename";

const TOKENS: Option<Type> = Some(Type { name: "auth_tokens", fields: &["access_token", "refresh_token", EXPIRES] });
/// In milliseconds. A string, as in Directus: GraphQL integers have 32 bits.
const EXPIRES: &str = "expires";
const ENROLMENT: Option<Type> = Some(Type { name: "users_me_tfa_generate_data", fields: &["secret", "otpauth_url"] });

const MUTATIONS: [Mutation; 8] = [
    Mutation { field: "auth_login", operation: Operation::Login, gives: TOKENS },
    Mutation { field: "auth_refresh", operation: Operation::Refresh, gives: TOKENS },
    Mutation { field: "auth_logout", operation: Operation::Logout, gives: None },
    Mutation { field: "auth_password_request", operation: Operation::PasswordRequest, gives: None },
    Mutation { field: "auth_password_reset", operation: Operation::PasswordReset, gives: None },
    Mutation { field: "users_me_tfa_generate", operation: Operation::TfaGenerate, gives: ENROLMENT },
    Mutation { field: "users_me_tfa_enable", operation: Operation::TfaEnable, gives: None },
    Mutation { field: "users_me_tfa_disable", operation: Operation::TfaDisable, gives: None },
];

/// The mutation that a document calls.
struct Call {
    mutation: &'static Mutation,
    arguments: Map<String, Value>,
    /// The response key.
    key: String,
    /// The response keys of `__typename` on the root.
    root: Vec<String>,
    /// The selected fields, with their response keys.
    selected: Vec<(String, Wanted)>,
}

/// A selected field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// The name of the type.
    Typename(&'static str),
    /// A field of the type.
    Field(&'static str),
}

impl Call {
    fn read(body: Map<String, Value>) -> Result<Self, Error> {
        let document: Document =
            serde_json::from_value(Value::Object(body)).map_err(|_| refused("`query` is missing, or not text"))?;
        size::bound(&document.query)?;
        let parsed = parse_query(&document.query).map_err(|_| refused("the document is not GraphQL"))?;
        let operation = choose(parsed.operations, document.operation_name.as_deref())?;
        if operation.ty != OperationType::Mutation {
            return Err(refused("there are mutations alone"));
        }
        let mut root = Vec::new();
        let mut fields = Vec::with_capacity(1);
        for field in fields_of(&operation.selection_set.node, ROOT, &parsed.fragments)? {
            if field.name.node == TYPENAME {
                root.push(response_key(field)?);
            } else {
                fields.push(field);
            }
        }
        let [field] = fields.as_slice() else {
            return Err(refused("one field a request"));
        };
        let mutation = MUTATIONS.iter().find(|mutation| field.name.node.as_str() == mutation.field);
        let mutation = mutation.ok_or_else(|| refused("there is no such mutation"))?;
        let variables = document.variables.unwrap_or_default();
        Ok(Self {
            mutation,
            arguments: arguments(field, &operation, &variables)?,
            key: field.response_key().node.to_string(),
            root,
            selected: selected(field, mutation, &parsed.fragments)?,
        })
    }
}

impl Call {
    /// The response data, where the mutation has this value.
    fn answer(&self, value: Value) -> Value {
        let mut data: Map<String, Value> = self.root.iter().map(|key| (key.clone(), ROOT.into())).collect();
        data.insert(self.key.clone(), value);
        Value::Object(data)
    }
}

/// The response key of a field without arguments.
fn response_key(field: &Field) -> Result<String, Error> {
    if !(field.arguments.is_empty() && field.directives.is_empty() && field.selection_set.node.items.is_empty()) {
        return Err(refused("a plain field has nothing but an alias"));
    }
    Ok(field.response_key().node.to_string())
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

fn selected(field: &Field, mutation: &Mutation, fragments: &Fragments) -> Result<Vec<(String, Wanted)>, Error> {
    let set = &field.selection_set.node;
    let of = match &mutation.gives {
        Some(of) if !set.items.is_empty() => of,
        None if set.items.is_empty() => return Ok(Vec::new()),
        _ => return Err(refused("fields are selected of what has some")),
    };
    let mut selected = Vec::<(String, Wanted)>::with_capacity(set.items.len());
    for item in fields_of(set, of.name, fragments)? {
        let name = item.name.node.as_str();
        let wanted = match of.fields.iter().find(|field| **field == name) {
            Some(field) => Wanted::Field(field),
            None if name == TYPENAME => Wanted::Typename(of.name),
            None => return Err(refused("there is no such field in what comes back")),
        };
        let key = response_key(item)?;
        match selected.iter().find(|(other, _)| *other == key) {
            None => selected.push((key, wanted)),
            Some((_, other)) if *other == wanted => {}
            Some(_) => return Err(refused("two fields have one name")),
        }
    }
    Ok(selected)
}

/// Picks the selected fields; those absent in this mode are null.
fn project(mut data: Value, selected: &[(String, Wanted)]) -> Value {
    if let Some(expires) = data.get_mut(EXPIRES).filter(|expires| expires.is_number()) {
        *expires = Value::String(expires.to_string());
    }
    let field = |(key, wanted): &(String, Wanted)| {
        let value = match wanted {
            Wanted::Typename(name) => Value::from(*name),
            Wanted::Field(name) => data.get(*name).cloned().unwrap_or_default(),
        };
        (key.clone(), value)
    };
    Value::Object(selected.iter().map(field).collect())
}

fn refused(why: &str) -> Error {
    Error::InvalidRequest(format!("GraphQL: {why}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(query: &str) -> Result<Call, String> {
        let Value::Object(body) = json!({ "query": query, "variables": { "who": "ada@example.org" } }) else {
            panic!("is an object")
        };
        Call::read(body).map_err(|error| error.to_string())
    }

    #[test]
    fn every_operation_has_a_field_of_its_name_and_the_surface_has_the_limits_of_all() {
        for operation in Operation::ALL {
            let field = operation.path().trim_start_matches('/').replace('/', "_");
            let mutation = MUTATIONS.iter().find(|mutation| mutation.field == field).expect("is a field");
            assert_eq!(mutation.operation, operation);
            assert!(operation.needs().limits.iter().all(|limit| NEEDS.limits.contains(limit)), "{field}");
        }
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
        assert_eq!(project(json!({ "expires": 1 }), &call.selected), json!({ "token": null, "expires": "1" }));
    }

    #[test]
    fn a_missing_required_variable_is_named() {
        let missing = "GraphQL: the variable `b` is missing";
        for (types, refused) in [
            ("$b: String", false),
            ("$b: String = \"x\"", false),
            ("$b: String! = \"x\"", false),
            ("$b: String!", true),
            ("$who: String!, $b: [String]!", true),
        ] {
            let answer = read(&format!("mutation M({types}) {{ auth_password_request(email: $b) }}"));
            assert_eq!(answer.is_err_and(|why| why.contains(missing)), refused, "{types}");
        }
    }

    #[test]
    fn every_type_has_a_typename() {
        let query = "mutation { __typename kind: __typename auth_refresh { __typename tokens: __typename expires } }";
        let call = read(query).expect("is read");
        assert_eq!(
            call.answer(project(json!({ "expires": 1 }), &call.selected)),
            json!({
                "__typename": "Mutation", "kind": "Mutation",
                "auth_refresh": { "__typename": "auth_tokens", "tokens": "auth_tokens", "expires": "1" },
            })
        );
        let call = read("mutation { users_me_tfa_generate(password: \"x\") { __typename } }").expect("is read");
        assert_eq!(project(json!({}), &call.selected), json!({ "__typename": "users_me_tfa_generate_data" }));
        let call = read("mutation { auth_logout __typename }").expect("is read");
        assert_eq!(call.answer(Value::Null), json!({ "auth_logout": null, "__typename": "Mutation" }));
    }

    #[test]
    fn fields_may_be_in_fragments() {
        let query = "mutation M { ...Out } fragment Out on Mutation { auth_refresh { expires ...Tokens ... on auth_tokens \
            { kind: __typename } ... { expires } } } fragment Tokens on auth_tokens { access_token ...Tokens __typename }";
        let call = read(query).expect("is read");
        assert_eq!(
            call.answer(project(json!({ "access_token": "x", "expires": 1 }), &call.selected)),
            json!({ "auth_refresh":
                { "access_token": "x", "expires": "1", "kind": "auth_tokens", "__typename": "auth_tokens" } })
        );
    }

    #[test]
    fn fragments_that_spread_each_other_do_not_multiply() {
        let spreads = |name: usize| format!("fragment F{name} on auth_tokens {{ ...F{0} ...F{0} }} ", name + 1);
        let fragments: String = (0..20).map(spreads).collect();
        let query =
            format!("mutation {{ auth_refresh {{ ...F0 }} }} {fragments} fragment F20 on auth_tokens {{ expires }}");
        assert_eq!(read(&query).expect("is read").selected.len(), 1);
    }

    #[test]
    fn anything_but_one_plain_mutation_is_refused() {
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
            "mutation { ...F } fragment F on Query { auth_logout }",
            "mutation { ...F ...G } fragment F on Mutation { auth_logout } fragment G on Mutation { a: auth_logout }",
            "mutation { ...F }",
            "mutation { ...F } fragment F on Mutation { ...F }",
            "mutation { ...F @skip(if: true) } fragment F on Mutation { auth_logout }",
            "mutation { ... @skip(if: true) { auth_logout } }",
            "mutation { auth_refresh { ...F } } fragment F on directus_users { id }",
            "mutation { auth_refresh { ...F } } fragment F on auth_tokens { id }",
            "mutation { auth_refresh { expires ...F } } fragment F on auth_tokens { expires: access_token }",
            "mutation { auth_logout @skip(if: true) }",
            "mutation { __typename }",
            "mutation { __typename @skip(if: true) auth_logout }",
            "mutation { auth_logout { __typename } }",
            "mutation { auth_refresh { expires { __typename } } }",
            "mutation A { auth_logout } mutation B { auth_logout }",
            "subscription { auth_logout }",
        ] {
            assert!(read(query).is_err(), "{query}");
        }
    }
}
