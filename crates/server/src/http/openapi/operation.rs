//! What the table of routes does not state about an endpoint: its purpose, request and responses.

use axum::http::Method;
use serde_json::{Value, json};
use utoipa::{
    ToSchema,
    openapi::{RefOr, Schema},
};

use crate::{domain::page::Page, error::Error};

/// Schemas by name.
pub(super) type Schemas = Vec<(String, Value)>;

/// The description of an endpoint.
pub(in crate::http) struct Operation {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) summary: &'static str,
    pub(super) parameters: Vec<Value>,
    pub(super) body: Body,
    pub(super) answers: Vec<Answer>,
    pub(super) refusals: Vec<Error>,
    /// The schemas of the request, and those of the responses.
    pub(super) taken: Schemas,
    pub(super) answered: Schemas,
}

/// The request body.
pub(super) enum Body {
    /// Not read.
    None,
    /// Empty or any JSON object, whose content is ignored.
    Ignored,
    /// A JSON object.
    Json(Value),
    /// A JSON object, or empty.
    JsonOrNone(Value),
    /// A form or a JSON object.
    FormOrJson(Value),
}

/// A response on success.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) description: &'static str,
    pub(super) content: Content,
}

pub(super) enum Content {
    None,
    /// JSON, wrapped as the surface wraps its data.
    Data(Value),
    /// JSON without an envelope.
    Bare(Value),
    /// Text of a media type.
    Text(&'static str),
    /// A redirect, with the URL in `Location`.
    Location,
}

impl Operation {
    pub(in crate::http) fn get(path: impl Into<String>, summary: &'static str) -> Self {
        Self::new(Method::GET, path.into(), summary, Body::None)
    }

    pub(in crate::http) fn post(path: impl Into<String>, summary: &'static str) -> Self {
        Self::new(Method::POST, path.into(), summary, Body::Ignored)
    }

    pub(in crate::http) fn patch(path: impl Into<String>, summary: &'static str) -> Self {
        Self::new(Method::PATCH, path.into(), summary, Body::Ignored)
    }

    pub(in crate::http) fn delete(path: impl Into<String>, summary: &'static str) -> Self {
        Self::new(Method::DELETE, path.into(), summary, Body::Ignored)
    }

    fn new(method: Method, path: String, summary: &'static str, body: Body) -> Self {
        let (parameters, answers, refusals, taken, answered) = Default::default();
        Self { method, path, summary, parameters, body, answers, refusals, taken, answered }
    }

    /// The body is a JSON object of this type.
    pub(in crate::http) fn takes<T: ToSchema>(mut self) -> Self {
        self.body = Body::Json(self.takes_schema::<T>());
        self
    }

    /// The body is a JSON object of this type, or empty.
    pub(in crate::http) fn may_take<T: ToSchema>(mut self) -> Self {
        self.body = Body::JsonOrNone(self.takes_schema::<T>());
        self
    }

    /// The body is a form or a JSON object of this type.
    pub(in crate::http) fn takes_form<T: ToSchema>(mut self) -> Self {
        self.body = Body::FormOrJson(self.takes_schema::<T>());
        self
    }

    /// No body is read.
    pub(in crate::http) fn reads_no_body(mut self) -> Self {
        self.body = Body::None;
        self
    }

    /// An optional query parameter.
    pub(in crate::http) fn query(self, name: &str, schema: &Value, description: &str) -> Self {
        self.parameter("query", name, false, schema, description)
    }

    /// An optional query parameter of type string.
    pub(in crate::http) fn text(self, name: &str, description: &str) -> Self {
        self.query(name, &json!({ "type": "string" }), description)
    }

    /// A required query parameter of type string.
    pub(in crate::http) fn required_text(self, name: &str, description: &str) -> Self {
        self.parameter("query", name, true, &json!({ "type": "string" }), description)
    }

    /// A request header.
    pub(in crate::http) fn header(self, name: &str, description: &str) -> Self {
        self.parameter("header", name, false, &json!({ "type": "string" }), description)
    }

    /// The parameters `page` and `limit`, with the dashboard's default and maximum.
    pub(in crate::http) fn paged(self) -> Self {
        self.paged_by(Page::DEFAULT_LIMIT, Page::MAX_LIMIT)
    }

    /// The parameters `page` and `limit`, with this default and maximum.
    pub(in crate::http) fn paged_by(self, default: u32, largest: u32) -> Self {
        let limit = json!({ "type": "integer", "minimum": 1, "maximum": largest, "default": default });
        self.query("page", &json!({ "type": "integer", "minimum": 1, "default": 1 }), "Which page, from 1.").query(
            "limit",
            &limit,
            "How many entries a page has.",
        )
    }

    fn parameter(mut self, place: &str, name: &str, required: bool, schema: &Value, description: &str) -> Self {
        self.parameters.push(
            json!({ "in": place, "name": name, "required": required, "schema": schema, "description": description }),
        );
        self
    }

    /// 200, with data of this type.
    pub(in crate::http) fn answers<T: ToSchema>(mut self) -> Self {
        let data = self.answers_schema::<T>();
        self.answer(200, "It worked.", Content::Data(data))
    }

    /// 200, with the requested fields of this type.
    pub(in crate::http) fn answers_part_of<T: ToSchema>(mut self) -> Self {
        let data = self.answers_schema::<T>();
        if let Some((_, Value::Object(of_all))) = self.answered.last_mut() {
            of_all.remove("required");
        }
        self.answer(200, "It worked.", Content::Data(data))
    }

    /// 200, with one of two types.
    pub(in crate::http) fn answers_either<T: ToSchema, U: ToSchema>(mut self) -> Self {
        let data = json!({ "anyOf": [self.answers_schema::<T>(), self.answers_schema::<U>()] });
        self.answer(200, "It worked.", Content::Data(data))
    }

    /// 200, with a page of a list of this type.
    pub(in crate::http) fn answers_list<T: ToSchema>(mut self) -> Self {
        let items = self.answers_schema::<T>();
        self.answer(200, "A page of the list.", Content::Data(list(&items)))
    }

    /// 200, with JSON of this type and no envelope.
    pub(in crate::http) fn answers_bare<T: ToSchema>(mut self) -> Self {
        let schema = self.answers_schema::<T>();
        self.answer(200, "It worked.", Content::Bare(schema))
    }

    /// 200, with any JSON object.
    pub(in crate::http) fn answers_object(self) -> Self {
        self.answer(200, "It worked.", Content::Bare(json!({ "type": "object" })))
    }

    /// 200, with a page of a list and no envelope, as a file.
    pub(in crate::http) fn answers_bare_list<T: ToSchema>(mut self) -> Self {
        let items = self.answers_schema::<T>();
        self.answer(200, "A page of the list.", Content::Bare(list(&items)))
    }

    /// 204.
    pub(in crate::http) fn answers_nothing(self) -> Self {
        self.answer(204, "It worked; there is nothing to say.", Content::None)
    }

    /// Text of this media type.
    pub(in crate::http) fn answers_text(self, status: u16, media_type: &'static str, what: &'static str) -> Self {
        self.answer(status, what, Content::Text(media_type))
    }

    /// No content.
    pub(in crate::http) fn answers_empty(self, status: u16, what: &'static str) -> Self {
        self.answer(status, what, Content::None)
    }

    /// 403 without a body unless the request is a navigation (`http/navigation.rs`).
    pub(in crate::http) fn only_navigation(self) -> Self {
        self.answers_empty(403, "Fetched ahead of time, or by another site: nothing happened.")
    }

    /// A redirect.
    pub(in crate::http) fn leads(self, status: u16, where_to: &'static str) -> Self {
        self.answer(status, where_to, Content::Location)
    }

    fn answer(mut self, status: u16, description: &'static str, content: Content) -> Self {
        self.answers.push(Answer { status, description, content });
        self
    }

    /// Errors beyond those that the table of routes implies.
    pub(in crate::http) fn refuses(mut self, errors: impl IntoIterator<Item = Error>) -> Self {
        self.refusals.extend(errors);
        self
    }

    fn takes_schema<T: ToSchema>(&mut self) -> Value {
        let schemas = schemas_of::<T>().map(|(name, schema)| (name, value(&schema)));
        self.taken.extend(schemas);
        reference::<T>()
    }

    fn answers_schema<T: ToSchema>(&mut self) -> Value {
        self.answered.extend(answered::<T>());
        reference::<T>()
    }
}

/// The schemas of a response type.
pub(super) fn answered<T: ToSchema>() -> impl Iterator<Item = (String, Value)> {
    schemas_of::<T>().map(|(name, schema)| (name, always_whole(value(&schema))))
}

/// The schemas that a type consists of, its own last.
fn schemas_of<T: ToSchema>() -> impl Iterator<Item = (String, RefOr<Schema>)> {
    let mut schemas = Vec::new();
    T::schemas(&mut schemas);
    schemas.push((T::name().into_owned(), T::schema()));
    schemas.into_iter()
}

fn value(schema: &RefOr<Schema>) -> Value {
    serde_json::to_value(schema).unwrap_or_default()
}

fn reference<T: ToSchema>() -> Value {
    json!({ "$ref": format!("#/components/schemas/{}", T::name()) })
}

/// Marks nullable fields of a response as required: they are always present, null if there is no value. A field
/// that is omitted instead (`skip_serializing_if`) is described as not nullable. Requests may omit either.
fn always_whole(mut schema: Value) -> Value {
    let nullable = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    let nullable: Vec<Value> = nullable.filter(|(_, field)| may_be_null(field)).map(|(name, _)| json!(name)).collect();
    if let Some(fields) = schema.as_object_mut().filter(|_| !nullable.is_empty())
        && let Some(required) = fields.entry("required").or_insert_with(|| json!([])).as_array_mut()
    {
        for name in nullable {
            if !required.contains(&name) {
                required.push(name);
            }
        }
    }
    schema
}

fn may_be_null(schema: &Value) -> bool {
    let is_null = |kind: &Value| kind == "null";
    let is_of_null = |kind: &Value| is_null(kind) || kind.as_array().is_some_and(|kinds| kinds.iter().any(is_null));
    let mut parts = ["oneOf", "anyOf"].iter().filter_map(|keyword| schema.get(keyword)?.as_array()).flatten();
    schema.get("type").is_some_and(is_of_null) || parts.any(may_be_null)
}

fn list(items: &Value) -> Value {
    let number = |minimum: u32| json!({ "type": "integer", "format": "int32", "minimum": minimum });
    json!({
        "type": "object",
        "required": ["items", "total", "page", "limit"],
        "properties": {
            "items": { "type": "array", "items": items },
            "total": number(0),
            "page": number(1),
            "limit": number(1),
        },
    })
}
