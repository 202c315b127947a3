//! Checks responses against the API description.
//!
//! Every test takes part: each response of a described endpoint is checked for its status, media type, required
//! headers, and JSON, which must have no undescribed fields.

use std::sync::LazyLock;

use axum::http::{Method, header};
use doorstep_server::http::{openapi::DESCRIPTION, routes::Endpoint};
use serde_json::Value;

use super::Answer;

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(DESCRIPTION).expect("is JSON"));

/// Panics if a response is not as described.
#[track_caller]
pub(super) fn compare(method: &Method, endpoint: &Endpoint, answer: &Answer) {
    if let Err(why) = conforms(method, endpoint, answer) {
        let Endpoint { path, .. } = endpoint;
        panic!("{method} {path} is not as described: {why}\n{} {}", answer.status, answer.text);
    }
}

fn conforms(method: &Method, endpoint: &Endpoint, answer: &Answer) -> Result<(), String> {
    let paths = &DOCUMENT["paths"];
    let operation = &paths[&endpoint.path][endpoint.method.as_str().to_lowercase()];
    if operation.is_null() {
        return Ok(());
    }
    let head = *method == Method::HEAD;
    // The response to a HEAD request for a path that has an effect only for navigations.
    if head && answer.status == 204 {
        return Ok(());
    }
    let response = &operation["responses"][answer.status.as_str()];
    if response.is_null() {
        return Err("there is no such status".to_owned());
    }
    let response = resolve(response)?;
    for (name, header) in response["headers"].as_object().into_iter().flatten() {
        if header["required"] == true && !answer.headers.contains_key(name.as_str()) {
            return Err(format!("the header {name} is missing"));
        }
    }
    let may_be_empty = response["content"].is_null() || response["x-may-be-empty"] == true;
    if answer.text.is_empty() && (head || may_be_empty) {
        return Ok(());
    }
    let given = answer.headers.get(header::CONTENT_TYPE).and_then(|given| given.to_str().ok()).unwrap_or_default();
    let given = given.split(';').next().unwrap_or_default();
    let content = &response["content"][given];
    if content.is_null() {
        return Err(format!("there is no content of the type {given:?}"));
    }
    // Compression does not change the media type.
    if given == "application/json" && !answer.headers.contains_key(header::CONTENT_ENCODING) {
        let json = serde_json::from_str(&answer.text).map_err(|error| error.to_string())?;
        fits(&content["schema"], &json, "the body")?;
    }
    Ok(())
}

fn resolve(value: &Value) -> Result<&Value, String> {
    let Some(reference) = value["$ref"].as_str() else { return Ok(value) };
    let pointer = reference.strip_prefix('#').ok_or("leads elsewhere")?;
    DOCUMENT.pointer(pointer).ok_or_else(|| format!("{reference} leads nowhere"))
}

/// Whether a value matches a schema (JSON Schema 2020-12), as far as the description uses it; unknown keywords are
/// errors.
fn fits(schema: &Value, value: &Value, place: &str) -> Result<(), String> {
    let schema = schema.as_object().ok_or_else(|| format!("{place}: no schema"))?;
    let wrong = |what: String| Err(format!("{place}: {what}, and is {value}"));
    for (keyword, wanted) in schema {
        match keyword.as_str() {
            "description" | "format" | "title" | "default" => {}
            "$ref" => {
                let reference = Value::Object([("$ref".to_owned(), wanted.clone())].into_iter().collect());
                fits(resolve(&reference)?, value, place)?;
            }
            "type" => {
                let types = wanted.as_array().map_or_else(|| std::slice::from_ref(wanted), Vec::as_slice);
                if !types.iter().any(|one| one.as_str().is_some_and(|one| is_of(one, value))) {
                    return wrong(format!("should be of {wanted}"));
                }
            }
            "const" if value == wanted => {}
            "enum" if wanted.as_array().is_some_and(|words| words.contains(value)) => {}
            "const" | "enum" => return wrong(format!("should be one of {wanted}")),
            "minimum" => {
                if value.as_f64().zip(wanted.as_f64()).is_some_and(|(value, least)| value < least) {
                    return wrong(format!("should be at least {wanted}"));
                }
            }
            "required" => {
                let names = wanted.as_array().into_iter().flatten().filter_map(Value::as_str);
                if let Some(missing) = names.into_iter().find(|name| value.is_object() && value.get(name).is_none()) {
                    return wrong(format!("lacks `{missing}`"));
                }
            }
            "properties" => {
                for (name, field) in value.as_object().into_iter().flatten() {
                    match wanted.get(name) {
                        Some(of_field) => fits(of_field, field, &format!("{place}.{name}"))?,
                        // Subschemas that only narrow another one do not restrict further fields.
                        None if schema.contains_key("type") => return wrong(format!("`{name}` is not described")),
                        None => {}
                    }
                }
            }
            "items" => {
                for (number, item) in value.as_array().into_iter().flatten().enumerate() {
                    fits(wanted, item, &format!("{place}[{number}]"))?;
                }
            }
            "allOf" => {
                for part in wanted.as_array().into_iter().flatten() {
                    fits(part, value, place)?;
                }
            }
            "anyOf" | "oneOf" => {
                let parts = wanted.as_array().map_or(&[][..], Vec::as_slice);
                let failed: Vec<String> = parts.iter().filter_map(|part| fits(part, value, place).err()).collect();
                match parts.len() - failed.len() {
                    0 => return Err(failed.join("; nor: ")),
                    fitting if fitting > 1 && keyword == "oneOf" => {
                        return wrong(format!("fits {fitting} of {wanted}"));
                    }
                    _ => {}
                }
            }
            other => return Err(format!("{place}: the keyword `{other}` is not known here")),
        }
    }
    Ok(())
}

fn is_of(kind: &str, value: &Value) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        _ => false,
    }
}

#[test]
fn undescribed_values_are_found() {
    let schema = serde_json::json!({
        "type": "object",
        "required": ["id"],
        "properties": { "id": { "type": "string" }, "kind": { "enum": ["a", "b"] }, "of": { "items": { "minimum": 1 } } },
    });
    let refused = |value: Value| fits(&schema, &value, "it").is_err();
    assert!(!refused(serde_json::json!({ "id": "x", "kind": "a", "of": [1, 2] })));
    assert!(refused(serde_json::json!({ "kind": "a" })), "a field is missing");
    assert!(refused(serde_json::json!({ "id": "x", "more": 1 })), "a field is not described");
    assert!(refused(serde_json::json!({ "id": 1 })), "another type");
    assert!(refused(serde_json::json!({ "id": "x", "kind": "c" })), "another value");
    assert!(refused(serde_json::json!({ "id": "x", "of": [1, 0] })), "the number is too small");
    assert!(refused(serde_json::json!([])), "not an object");
    let either = |keyword: &str| serde_json::json!({ keyword: [{ "minimum": 1 }, { "minimum": 2 }] });
    let fitting = |keyword: &str, number: u32| fits(&either(keyword), &number.into(), "it").is_ok();
    assert_eq!([0, 1, 2].map(|number| fitting("oneOf", number)), [false, true, false]);
    assert_eq!([0, 1, 2].map(|number| fitting("anyOf", number)), [false, true, true]);
    assert!(fits(&serde_json::json!({ "pattern": "x" }), &Value::Null, "it").is_err(), "the keyword is not known");
}
