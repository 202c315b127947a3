//! The baseline: axum handlers that do one thing each, in a separate process, without middleware and logging.

use std::{
    collections::HashMap,
    fs,
    net::Ipv4Addr,
    path::Path,
    sync::{Arc, OnceLock},
};

use argon2::{Algorithm, Argon2, Block, Params, Version};
use axum::{
    Json, Router,
    body::Bytes,
    extract::{Path as Name, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::IntoResponse,
    routing,
};
use serde_json::{Value, json};
use sqlx::{
    PgPool, Row as _, SqlitePool,
    postgres::PgPoolOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions},
};
use tokio::net::TcpListener;

use super::installation::is_postgres;

/// The argument that makes this program act as the baseline.
pub const WORD: &str = "bare";

/// As many connections as the server uses for reading.
#[derive(Clone)]
enum Readers {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

#[derive(Clone)]
struct Shared {
    readers: Readers,
    /// The hash of a token of an existing session.
    token: Arc<[u8]>,
    folder: Arc<Path>,
}

/// Serves until it is killed; prints its address.
pub async fn serve(database: &str, folder: &str) {
    let shared = shared(database, folder).await;
    let router = Router::new()
        .route("/empty", routing::get(async || "ok\n"))
        .route("/select", routing::any(select))
        .route("/argon2", routing::post(hash))
        .route("/bytes/{name}", routing::get(bytes))
        .with_state(shared);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("listens");
    println!("http://{}", listener.local_addr().expect("is known"));
    axum::serve(listener, router).await.expect("serves");
}

async fn shared(database: &str, folder: &str) -> Shared {
    let last = "SELECT token_hash FROM sessions ORDER BY id DESC LIMIT 1";
    let (readers, token): (_, Vec<u8>) = if is_postgres(database) {
        let pool = PgPoolOptions::new().max_connections(8).connect(database).await.expect("opens");
        let row = sqlx::query(last).fetch_one(&pool).await.expect("exists");
        (Readers::Postgres(pool), row.get("token_hash"))
    } else {
        let options: SqliteConnectOptions = database.parse().expect("is a URL");
        let options = options.read_only(true).journal_mode(SqliteJournalMode::Wal);
        let pool = SqlitePoolOptions::new().max_connections(4).connect_with(options).await.expect("opens");
        let row = sqlx::query(last).fetch_one(&pool).await.expect("exists");
        (Readers::Sqlite(pool), row.get("token_hash"))
    };
    Shared { readers, token: token.into(), folder: Path::new(folder).into() }
}

/// A row of a session, in either database.
type Session = (String, String, i64, i64);

/// One prepared SELECT through a pool like the server's.
async fn select(State(shared): State<Shared>) -> Result<Json<Value>, StatusCode> {
    let query = "SELECT id, account_id, created_at, last_seen_at FROM sessions WHERE token_hash = $1";
    let row: Result<Option<Session>, _> = match &shared.readers {
        Readers::Sqlite(pool) => sqlx::query_as(query).bind(&*shared.token).fetch_optional(pool).await,
        Readers::Postgres(pool) => sqlx::query_as(query).bind(&*shared.token).fetch_optional(pool).await,
    };
    let row = row.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    let (id, account, created, seen) = row.ok_or(StatusCode::NOT_FOUND)?;
    Ok(Json(json!({ "id": id, "account": account, "created_at": created, "last_seen_at": seen })))
}

/// Argon2id with OWASP's parameters, like the server's.
async fn hash() -> StatusCode {
    let hashed = tokio::task::spawn_blocking(|| {
        let params = Params::new(19 * 1024, 2, 1, None).expect("fits");
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let mut memory = vec![Block::default(); 19 * 1024];
        let mut hash = [0; 32];
        argon2
            .hash_password_into_with_memory(b"seven clouds", b"a salt of sixteen", &mut hash, &mut memory)
            .map(|()| hash)
    });
    if hashed.await.is_ok_and(|hash| hash.is_ok()) { StatusCode::OK } else { StatusCode::INTERNAL_SERVER_ERROR }
}

/// A response body that was saved from the server.
async fn bytes(State(shared): State<Shared>, Name(name): Name<String>) -> impl IntoResponse {
    // Read once and then served from memory.
    static READ: OnceLock<HashMap<String, Bytes>> = OnceLock::new();
    let read = READ.get_or_init(|| {
        let files = fs::read_dir(&*shared.folder).expect("exists").flatten();
        let named = files.map(|file| {
            let bytes = fs::read(file.path()).expect("is read");
            (file.file_name().to_string_lossy().into_owned(), bytes.into())
        });
        named.collect()
    });
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
    (headers, read.get(&name).cloned().unwrap_or_default())
}
