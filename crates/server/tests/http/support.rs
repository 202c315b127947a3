//! A server for a test, in one line: `let server = Server::start().await;`.

mod assets;
mod authenticator;
mod database;
mod files;
mod jar;
mod line;
mod log;
mod messages;
mod metrics;
mod openapi;
mod plans;
pub(crate) mod schema;
pub(crate) mod sockets;
mod statements;
mod table;

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, AtomicUsize, Ordering},
    },
};

use axum::{
    Router,
    extract::ConnectInfo,
    http::{HeaderValue, StatusCode, header},
};
use doorstep_contract::{
    auth::Role,
    route::{ClientRoute, Page},
};
use doorstep_server::{
    domain::{
        account::{Account, FirstAccount},
        audit::{Actor, Entry, Event, Filter},
        clock::Clock,
        page,
        secret_key::SecretKeys,
    },
    http::{self, AppState, routes::Endpoint},
    service::{Service, ServiceBuilder, Wanted},
    store::{NewAccount, Store},
};
use http_body_util::BodyExt as _;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tower::ServiceExt as _;
use url::Url;

pub(crate) use assets::LARGE_FILE;
pub(crate) use authenticator::{Authenticator, second_step};
pub(crate) use database::{Database, is_postgres};
pub(crate) use jar::Jar;
pub(crate) use line::Line;
pub(crate) use log::logged_of;
pub(crate) use messages::{Answer, RequestBuilder, delete, get, patch, post, request};
pub(crate) use statements::statements_of;

/// The password of `admin` and other accounts.
pub(crate) const PASSWORD: &str = "correct horse battery staple";
/// The secret key.
pub(crate) const SECRET: &str = "q8dPzN1mVxT4sKfWb7YhRj2LcGaEuC9o";
/// The public URL.
pub(crate) const ORIGIN: &str = "http://127.0.0.1:8080";

/// A server with its own database and a clock that the test controls.
pub(crate) struct Server {
    pub(crate) service: Arc<Service>,
    /// The folder of its data.
    pub(crate) store: Store,
    /// The settings of its service.
    builder: ServiceBuilder,
    state: AppState,
    router: Router,
    /// Further servers over the same database, and which of them gets the next request.
    others: Vec<Router>,
    turn: AtomicUsize,
    endpoints: Vec<Endpoint>,
    now: Arc<Mutex<Timestamp>>,
    folder: PathBuf,
    /// `None` after it was passed to another server.
    database: Option<Database>,
}

impl Server {
    /// A server with one operator, `admin`, at noon of 2026-01-01.
    pub(crate) async fn start() -> Self {
        Self::make(ORIGIN, |_| {}).await
    }

    /// The same with another public URL.
    pub(crate) async fn start_at(public_url: &str) -> Self {
        Self::make(public_url, |_| {}).await
    }

    /// The same with other settings.
    pub(crate) async fn start_with(adjust: impl FnOnce(&mut ServiceBuilder)) -> Self {
        Self::make(ORIGIN, adjust).await
    }

    /// The same, where the first account may be set up without signing in.
    pub(crate) async fn start_open() -> Self {
        let mut server = Self::start().await;
        let state = AppState { anonymous_setup: true, ..server.state.clone() };
        server.router = http::router(state);
        server
    }

    async fn make(public_url: &str, adjust: impl FnOnce(&mut ServiceBuilder)) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("doorstep-test-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder can be made");
        let now = Arc::new(Mutex::new("2026-01-01T12:00:00Z".parse().expect("is a time")));
        let database = Database::make(&folder).await;
        Self::open(folder, database, now, public_url, adjust).await
    }

    /// Starts further servers over the same database: from now on, requests alternate between all of them.
    pub(crate) async fn join(&mut self, others: u32) {
        for _ in 0..others {
            let state = AppState {
                service: Arc::new(self.another().await),
                addresses: Arc::default(),
                pages: Arc::default(),
                ..self.state.clone()
            };
            self.others.push(http::router(state));
        }
    }

    /// The service of another server over the same database.
    pub(crate) async fn another(&self) -> Service {
        self.another_with(|_| {}).await
    }

    /// The same with other settings.
    pub(crate) async fn another_with(&self, adjust: impl FnOnce(&mut ServiceBuilder)) -> Service {
        let store = Store::open(&self.database().url()).await.expect("the database opens");
        let mut builder = ServiceBuilder { store, ..self.builder.clone() };
        adjust(&mut builder);
        builder.build().expect("is created")
    }

    fn next_router(&self) -> &Router {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed) % (self.others.len() + 1);
        turn.checked_sub(1).map_or(&self.router, |other| &self.others[other])
    }

    /// Stops the server and starts another one on the same database.
    pub(crate) async fn restart(self) -> Self {
        self.restart_with(|_| {}).await
    }

    /// The same with other settings.
    pub(crate) async fn restart_with(self, adjust: impl FnOnce(&mut ServiceBuilder)) -> Self {
        self.restart_at(ORIGIN, adjust).await
    }

    /// The same with another public URL.
    pub(crate) async fn restart_at(mut self, public_url: &str, adjust: impl FnOnce(&mut ServiceBuilder)) -> Self {
        self.store.close().await;
        let database = self.database.take().expect("exists");
        Self::open(self.folder.clone(), database, Arc::clone(&self.now), public_url, adjust).await
    }

    async fn open(
        folder: PathBuf,
        database: Database,
        now: Arc<Mutex<Timestamp>>,
        public_url: &str,
        adjust: impl FnOnce(&mut ServiceBuilder),
    ) -> Self {
        statements::listen();
        let told = Arc::clone(&now);
        let store = Store::open(&database.url()).await.expect("the database opens");
        let keys = SecretKeys::parse(SECRET).expect("is strong enough");
        let clock = Clock::new(move || *told.lock().expect("no panic"));
        let public_url = public_url.parse().expect("is a URL");
        let mut builder = ServiceBuilder { clock, ..ServiceBuilder::new(store, keys, public_url) };
        adjust(&mut builder);
        let service = Arc::new(builder.clone().build().expect("is created"));
        let wishes = FirstAccount { email: "admin@example.org".to_owned(), password: Some(PASSWORD.to_owned()) };
        service.accounts().first_start(wishes).await.expect("the operator is created");
        let state = AppState {
            service: Arc::clone(&service),
            assets: Arc::new(assets::small()),
            public_url: Arc::new(builder.public_url.clone()),
            footer: Arc::default(),
            anonymous_setup: false,
            trusted_proxies: ["10.0.0.0/8".parse().expect("is a network")].into(),
            addresses: Arc::default(),
            pages: Arc::default(),
        };
        let endpoints = http::routes(&state).endpoints().to_vec();
        let router = http::router(state.clone());
        let (others, turn) = (Vec::new(), AtomicUsize::new(0));
        let store = builder.store.clone();
        Self { service, store, builder, router, others, turn, endpoints, state, now, folder, database: Some(database) }
    }

    /// The public URL.
    pub(crate) fn public_url(&self) -> &Url {
        &self.builder.public_url
    }

    /// All mounted endpoints.
    pub(crate) fn endpoints(&self) -> &[Endpoint] {
        &self.endpoints
    }

    /// Creates a member with [`PASSWORD`].
    pub(crate) async fn add_member(&self, username: &str) {
        self.service.accounts().add(wanted(username), PASSWORD).await.expect("is added");
    }

    /// Creates a member, signs in, and returns the value of a `Cookie` header.
    pub(crate) async fn sign_in_member(&self, username: &str) -> String {
        self.add_member(username).await;
        self.send(post("/api/auth/login").json(&credentials(username, PASSWORD))).await.cookie()
    }

    /// Creates a member without a password.
    pub(crate) async fn add_without_password(&self, username: &str) {
        let account = self.service.accounts().add(wanted("somebody"), PASSWORD).await.expect("is added");
        let account = Account {
            id: self.service.new_id().expect("random bytes"),
            username: username.to_owned(),
            email: format!("{username}@example.org"),
            ..account
        };
        let entry = Entry {
            id: account.id.clone(),
            at: account.created_at,
            event: Event::AccountAdded,
            actor: Actor::anonymous(),
            address: None,
            subject: account.username.clone(),
            detail: serde_json::Map::new(),
            times: 1,
        };
        let new = NewAccount { account, password_hash: None };
        assert!(self.store.insert_account(&new, &entry).await.expect("answers"));
    }

    /// All events in the audit log, oldest first.
    pub(crate) async fn events(&self) -> Vec<Entry> {
        let mut entries =
            self.store.list_audit(&Filter::default(), page::Page { number: 1, limit: 10_000 }).await.expect("answers");
        entries.reverse();
        entries
    }

    /// Advances the clock.
    pub(crate) fn wait(&self, duration: SignedDuration) {
        let mut now = self.now.lock().expect("no panic");
        *now = now.checked_add(duration).expect("is a time");
    }

    /// The current time of the clock.
    pub(crate) fn now(&self) -> Timestamp {
        *self.now.lock().expect("no panic")
    }

    /// Sends a request as it is, without adding any authentication.
    pub(crate) async fn send(&self, request: RequestBuilder) -> Answer {
        let peer = SocketAddr::from((Ipv4Addr::LOCALHOST, 50_000));
        let mut request = request.0;
        if request.extensions().get::<ConnectInfo<SocketAddr>>().is_none() {
            request.extensions_mut().insert(ConnectInfo(peer));
        }
        request.headers_mut().entry(header::HOST).or_insert(HeaderValue::from_static("127.0.0.1:8080"));
        let endpoint = self.endpoint(request.method(), request.uri().path()).cloned();
        let method = request.method().clone();
        let answered = async {
            let response = self.next_router().clone().oneshot(request).await.expect("never fails");
            let (parts, body) = response.into_parts();
            let body = body.collect().await.expect("the body is whole").to_bytes();
            Answer { status: parts.status, headers: parts.headers, text: String::from_utf8_lossy(&body).into_owned() }
        };
        let (answer, asked) = statements_of(answered).await;
        if let Some(endpoint) = endpoint {
            table::compare(&endpoint, &answer, &asked);
            openapi::compare(&method, &endpoint, &answer);
        }
        answer
    }

    /// Signs `admin` in and chooses a new password: a session with full access, and the password.
    pub(crate) async fn sign_in_with_new_password(&self) -> (String, String) {
        let password = "seven clouds over lisbon".to_owned();
        let first = self.sign_in().await;
        let body = serde_json::json!({ "username": "admin", "password": password, "confirm_password": password });
        let answer = self.send(post("/api/auth/setup-authenticated").cookie(&first).json(&body)).await;
        answer.data();
        // The request includes the known-browser proof, as that of a browser would.
        (answer.cookie(), password)
    }

    /// Signs `admin` in and returns the value of a `Cookie` header.
    pub(crate) async fn sign_in(&self) -> String {
        let answer = self.send(post("/api/auth/login").json(&credentials("admin", PASSWORD))).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        answer.cookie()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(database) = self.database.take() {
            if let Database::Sqlite(file) = &database {
                plans::check(file);
            }
            database.remove();
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }
}

/// The paths of all pages of the app, with this id as their parameter.
pub(crate) fn pages(id: &str) -> impl Iterator<Item = String> {
    Page::ALL.iter().filter_map(move |page| {
        let of_one = [page.path(), "/", id].concat();
        let is_it = |path: &String| ClientRoute::parse(path).is_some_and(|route| route.page() == *page);
        [page.path().to_owned(), of_one].into_iter().find(is_it)
    })
}

fn wanted(username: &str) -> Wanted {
    Wanted {
        username: username.to_owned(),
        email: format!("{username}@example.org"),
        name: String::new(),
        role: Role::Member,
    }
}

/// The body of a sign-in.
pub(crate) fn credentials(username: &str, password: &str) -> Value {
    serde_json::json!({ "username": username, "password": password })
}
