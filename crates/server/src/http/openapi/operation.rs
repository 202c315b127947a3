//! What the table of routes does not say of an endpoint: what it is for, what it takes, and what it answers.

use axum::http::Method;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::{domain::page::Page, error::Error};

/// Schemas by name.
pub(super) type Schemas = Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::Schema>)>;

/// An endpoint, described.
pub(in crate::http) struct Operation {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) summary: &'static str,
    pub(super) parameters: Vec<Value>,
    pub(super) body: Body,
    pub(super) answers: Vec<Answer>,
    pub(super) refusals: Vec<Error>,
    pub(super) schemas: Schemas,
}

/// What is sent.
pub(super) enum Body {
    /// Nothing that is read.
    None,
    /// Nothing, or a JSON object of whatever content.
    Ignored,
    /// A JSON object.
    Json(Value),
    /// The same, or none.
    JsonOrNone(Value),
    /// A form or a JSON object.
    FormOrJson(Value),
}

/// What comes back when it works.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) description: &'static str,
    pub(super) content: Content,
}

pub(super) enum Content {
    None,
    /// JSON in what the surface puts around data.
    Data(Value),
    /// JSON as it stands.
    Bare(Value),
    /// Text of a media type.
    Text(&'static str),
    /// An address to go to, in `Location`.
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
        let (parameters, answers, refusals, schemas) = Default::default();
        Self { method, path, summary, parameters, body, answers, refusals, schemas }
    }

    /// The body is a JSON object of this type.
    pub(in crate::http) fn takes<T: ToSchema>(mut self) -> Self {
        self.body = Body::Json(self.reference::<T>());
        self
    }

    /// The same, and may be left out.
    pub(in crate::http) fn may_take<T: ToSchema>(mut self) -> Self {
        self.body = Body::JsonOrNone(self.reference::<T>());
        self
    }

    /// The body is a form or a JSON object of this type.
    pub(in crate::http) fn takes_form<T: ToSchema>(mut self) -> Self {
        self.body = Body::FormOrJson(self.reference::<T>());
        self
    }

    /// No body is read.
    pub(in crate::http) fn reads_no_body(mut self) -> Self {
        self.body = Body::None;
        self
    }

    /// A parameter of the query.
    pub(in crate::http) fn query(self, name: &str, schema: &Value, description: &str) -> Self {
        self.parameter("query", name, false, schema, description)
    }

    /// The same, of any text.
    pub(in crate::http) fn text(self, name: &str, description: &str) -> Self {
        self.query(name, &json!({ "type": "string" }), description)
    }

    /// A parameter of the query that must be there.
    pub(in crate::http) fn required_text(self, name: &str, description: &str) -> Self {
        self.parameter("query", name, true, &json!({ "type": "string" }), description)
    }

    /// A header.
    pub(in crate::http) fn header(self, name: &str, description: &str) -> Self {
        self.parameter("header", name, false, &json!({ "type": "string" }), description)
    }

    /// Which page of a list.
    pub(in crate::http) fn paged(self) -> Self {
        self.paged_by(Page::DEFAULT_LIMIT, Page::MAX_LIMIT)
    }

    /// The same, with other numbers.
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
        let data = self.reference::<T>();
        self.answer(200, "It worked.", Content::Data(data))
    }

    /// 200, with one of two types.
    pub(in crate::http) fn answers_either<T: ToSchema, U: ToSchema>(mut self) -> Self {
        let data = json!({ "anyOf": [self.reference::<T>(), self.reference::<U>()] });
        self.answer(200, "It worked.", Content::Data(data))
    }

    /// 200, with a page of a list of this type.
    pub(in crate::http) fn answers_list<T: ToSchema>(mut self) -> Self {
        let items = self.reference::<T>();
        self.answer(200, "A page of the list.", Content::Data(list(&items)))
    }

    /// 200, with JSON of this type and nothing around it.
    pub(in crate::http) fn answers_bare<T: ToSchema>(mut self) -> Self {
        let schema = self.reference::<T>();
        self.answer(200, "It worked.", Content::Bare(schema))
    }

    /// 200, with a JSON object that has a description of its own.
    pub(in crate::http) fn answers_object(self) -> Self {
        self.answer(200, "It worked.", Content::Bare(json!({ "type": "object" })))
    }

    /// 200, with a page of a list and nothing around it, as a file.
    pub(in crate::http) fn answers_bare_list<T: ToSchema>(mut self) -> Self {
        let items = self.reference::<T>();
        self.answer(200, "A page of the list.", Content::Bare(list(&items)))
    }

    /// 204.
    pub(in crate::http) fn answers_nothing(self) -> Self {
        self.answer(204, "It worked; there is nothing to say.", Content::None)
    }

    /// Text of a media type.
    pub(in crate::http) fn answers_text(self, status: u16, media_type: &'static str, what: &'static str) -> Self {
        self.answer(status, what, Content::Text(media_type))
    }

    /// No content.
    pub(in crate::http) fn answers_empty(self, status: u16, what: &'static str) -> Self {
        self.answer(status, what, Content::None)
    }

    /// A redirect.
    pub(in crate::http) fn leads(self, status: u16, where_to: &'static str) -> Self {
        self.answer(status, where_to, Content::Location)
    }

    fn answer(mut self, status: u16, description: &'static str, content: Content) -> Self {
        self.answers.push(Answer { status, description, content });
        self
    }

    /// Why it may refuse, beside what the table of routes says.
    pub(in crate::http) fn refuses(mut self, errors: impl IntoIterator<Item = Error>) -> Self {
        self.refusals.extend(errors);
        self
    }

    fn reference<T: ToSchema>(&mut self) -> Value {
        let name = T::name();
        T::schemas(&mut self.schemas);
        let reference = json!({ "$ref": format!("#/components/schemas/{name}") });
        self.schemas.push((name.into_owned(), T::schema()));
        reference
    }
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
