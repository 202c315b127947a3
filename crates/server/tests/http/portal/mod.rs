//! `/portal*`: the clients' portal.

mod api;
pub(crate) mod enter;
mod entered;
mod pages;
mod preview;
mod session;
mod surface;

use axum::http::{Method, header};
use doorstep_server::domain::{
    audit::{Entry, Filter},
    page::Page,
};
use serde_json::{Value, json};

use crate::support::{Answer, PASSWORD, RequestBuilder, Server, credentials, get, post, request};

/// A server with an operator, a client, and two of its projects.
pub(crate) struct Office {
    pub(crate) server: Server,
    /// The operator's cookie.
    pub(crate) operator: String,
    /// The client.
    pub(crate) client: String,
    /// Its project.
    pub(crate) project: String,
}

impl Office {
    pub(crate) async fn open() -> Self {
        Self::of(Server::start().await).await
    }

    pub(crate) async fn of(server: Server) -> Self {
        let (operator, _) = server.sign_in_with_new_password().await;
        let mut office = Self { server, operator, client: String::new(), project: String::new() };
        office.client = office.make("/api/clients", &json!({ "name": "Harbour office" })).await;
        office.project = office.make_project("Moorings", Some(&office.client)).await;
        office
    }

    /// Creates an object and returns its id.
    pub(crate) async fn make(&self, path: &str, body: &Value) -> String {
        let made = self.server.send(post(path).cookie(&self.operator).json(body)).await.data();
        made["id"].as_str().unwrap_or_else(|| panic!("no id: {made}")).to_owned()
    }

    pub(crate) async fn make_project(&self, name: &str, client: Option<&str>) -> String {
        let body = json!({ "name": name, "summary": "Where ships lie", "client_id": client });
        self.make("/api/projects", &body).await
    }

    /// Edits an object.
    pub(crate) async fn change(&self, path: &str, body: &Value) -> Value {
        let sent = request(Method::PATCH, path).header("sec-fetch-site", "same-origin");
        self.server.send(sent.cookie(&self.operator).json(body)).await.data()
    }

    pub(crate) async fn read(&self, path: &str) -> Value {
        self.server.send(get(path).cookie(&self.operator)).await.data()
    }

    pub(crate) async fn set_client_active(&self, client: &str, active: bool) {
        self.change(&format!("/api/clients/{client}"), &json!({ "active": active })).await;
    }

    /// Creates a magic link of a client: its id and path.
    pub(crate) async fn link(&self, client: &str) -> (String, String) {
        let path = format!("/api/clients/{client}/links");
        let sent = post(&path).cookie(&self.operator).json(&json!({ "label": "for Ada" }));
        let made = self.server.send(sent).await.data();
        let url = made["url"].as_str().expect("is text").to_owned();
        let origin = self.server.public_url().origin().ascii_serialization();
        let path = url.strip_prefix(&origin).expect("is on this origin").to_owned();
        (made["link"]["id"].as_str().expect("is text").to_owned(), path)
    }

    /// The links of a client.
    pub(crate) async fn links(&self, client: &str) -> Vec<Value> {
        let list = self.read(&format!("/api/clients/{client}/links")).await;
        list["items"].as_array().expect("is a list").clone()
    }

    pub(crate) async fn revoke(&self, client: &str, link: &str) {
        let path = format!("/api/clients/{client}/links/{link}");
        let sent = request(Method::DELETE, &path).header("sec-fetch-site", "same-origin");
        self.server.send(sent.cookie(&self.operator)).await.data();
    }

    /// Opens a new magic link of the client: the portal's cookie.
    pub(crate) async fn enter(&self) -> String {
        let (_, path) = self.link(&self.client).await;
        portal_cookie(&self.server.send(get(&path)).await)
    }

    /// Begins a preview.
    pub(crate) async fn preview(&self, project: &str) -> Answer {
        let path = format!("/api/projects/{project}/portal-preview");
        self.server.send(post(&path).cookie(&self.operator)).await
    }

    /// The cookies of an operator in a preview.
    pub(crate) async fn previewing(&self, project: &str) -> String {
        let begun = self.preview(project).await;
        begun.data();
        format!("{}; {}", self.operator, portal_cookie(&begun))
    }

    /// A member's cookie.
    pub(crate) async fn member(&self) -> String {
        self.server.add_member("mia").await;
        let answer = self.server.send(post("/api/auth/login").json(&credentials("mia", PASSWORD))).await;
        answer.data();
        answer.cookie()
    }

    /// The audit events, newest first.
    pub(crate) async fn events(&self) -> Vec<Entry> {
        self.server.store.list_audit(&Filter::default(), Page { number: 1, limit: 100 }).await.expect("answers")
    }
}

/// The portal's cookie in a response.
#[track_caller]
pub(crate) fn portal_cookie(answer: &Answer) -> String {
    let of_portal = |header: &&str| header.starts_with("portal_session=");
    let header = answer.set_cookies().find(of_portal).unwrap_or_else(|| panic!("no portal in {:?}", answer.headers));
    header.split(';').next().unwrap_or_default().to_owned()
}

pub(crate) fn me(cookie: &str) -> RequestBuilder {
    get("/portal/api/me").cookie(cookie)
}

impl Answer {
    /// Asserts the page for visitors without access.
    #[track_caller]
    pub(crate) fn assert_access_required(&self, status: u16) {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        assert!(self.text.contains("<section id=\"access-required\" class=\"card\">"), "{}", self.text);
        assert!(!self.text.contains("<form") && !self.text.contains("<script"), "{}", self.text);
        assert_eq!(self.headers[header::CACHE_CONTROL], "no-store");
    }

    /// Asserts an error of the portal surface.
    #[track_caller]
    pub(crate) fn assert_portal_error(&self, status: u16, code: &str) {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        assert_eq!(self.json(), json!({ "error": code }));
        assert_eq!(self.headers[header::CACHE_CONTROL], "no-store");
    }

    /// Asserts a redirect.
    #[track_caller]
    pub(crate) fn assert_leads_to(&self, status: u16, location: &str) {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        assert_eq!(self.headers[header::LOCATION], location);
    }
}
