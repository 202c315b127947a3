//! `doorstep serve`: joins configuration, database and HTTP, and runs until it is told to stop.

use std::{future::Future, io, net::SocketAddr, sync::Arc, time::Duration};

use axum::Router;
use tokio::{net::TcpListener, signal, time};
use tracing::{info, warn};
use url::Url;

use crate::{
    assets::Assets,
    config::{Config, local_origin},
    domain::{clock::Clock, password::PasswordHasher, random::Random, secret_key::SecretKeys},
    error::Error,
    http::{self, AppState},
    service::{Passwords, Service, Turns, first_start::FirstStart},
    store::{Store, StoreError},
};

/// The setting that holds the fingerprint of the secret key.
const FINGERPRINT: &str = "secret_key_fingerprint";
/// How often expired sessions are removed.
const PRUNE_EVERY: Duration = Duration::from_hours(1);
/// How long requests that are under way may take once the server was told to stop.
const DRAIN: Duration = Duration::from_secs(10);

/// Why the server did not start or did not go on.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The port is taken, or may not be used.
    #[error("can't listen on {address}: {error}{}", hint(error))]
    Listen {
        /// Where it was to listen.
        address: SocketAddr,
        /// What the system says.
        error: io::Error,
    },
    /// The database can't be opened.
    #[error("{url}: {error}")]
    Database {
        /// Which one.
        url: String,
        /// Why.
        error: StoreError,
    },
    /// The database was made with another secret.
    #[error(
        "the secret key is not the one that this database was made with; give the right one, or both, the newer one \
         first"
    )]
    WrongSecretKey,
    /// The app inside can't be read.
    #[error("the browser app can't be read: {0}")]
    Assets(io::Error),
    /// Anything else.
    #[error(transparent)]
    Failed(#[from] Error),
    /// The network failed.
    #[error("the server stopped: {0}")]
    Stopped(io::Error),
}

fn hint(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::AddrInUse => "; stop what listens there, or choose another with --listen",
        io::ErrorKind::PermissionDenied => "; ports below 1024 need a privilege: choose another with --listen",
        _ => "",
    }
}

/// What an operator reads on the terminal. Never goes through the log: it may hold the initial password.
pub trait Terminal {
    /// One line.
    fn line(&self, text: &str);
}

/// Runs the server until `SIGTERM` or Ctrl-C.
///
/// # Errors
/// When it can't start, or the network fails.
pub async fn serve(config: Config, terminal: &impl Terminal) -> Result<(), ServeError> {
    let listener =
        TcpListener::bind(config.listen).await.map_err(|error| ServeError::Listen { address: config.listen, error })?;
    let address = listener.local_addr().unwrap_or(config.listen);
    let public_url = match &config.public_url {
        Some(url) => url.clone(),
        None => local_origin(address).map_err(|error| ServeError::Stopped(io::Error::other(error)))?,
    };
    let state = prepare(&config, public_url.clone()).await?;
    let service = Arc::clone(&state.service);
    let first_start = service.first_start(config.first_start).await?;

    if config.public_url.is_none() && !address.ip().is_loopback() {
        warn!("no public URL is configured: pages work from {public_url} alone; say --public-url");
    }
    if public_url.scheme() == "http" && !address.ip().is_loopback() {
        warn!("the public URL is plain http: passwords and cookies cross the network in the clear");
    }
    banner(terminal, &first_start, &config.data_dir.display().to_string(), public_url.as_str());
    terminal.line(&format!("listening on http://{address}"));

    let pruning = tokio::spawn(prune(Arc::clone(&service)));
    let result = run(listener, http::router(state)).await;
    pruning.abort();
    service.store.close().await;
    result.map_err(ServeError::Stopped)
}

async fn prepare(config: &Config, public_url: Url) -> Result<AppState, ServeError> {
    let store = Store::open(&config.database_url).await;
    let store = store.map_err(|error| ServeError::Database { url: config.database_url.clone(), error })?;
    Ok(AppState {
        service: Arc::new(service(config, store).await?),
        assets: Arc::new(Assets::load().map_err(ServeError::Assets)?.with(config.branding_files.clone())),
        public_url: Arc::new(public_url),
        anonymous_setup: config.anonymous_setup,
        trusted_proxies: config.trusted_proxies.as_slice().into(),
    })
}

/// What can be done with a database, by the server and by an operator's commands alike.
///
/// # Errors
/// When the database was made with another secret, or does not answer.
pub async fn service(config: &Config, store: Store) -> Result<Service, ServeError> {
    let random = Random::system();
    let hasher = PasswordHasher::new(&random).map_err(Error::from)?;
    check_secret_keys(&store, &config.secret_keys).await?;
    Ok(Service {
        store,
        clock: Clock::system(),
        passwords: Passwords::new(hasher, random.clone()),
        random,
        keys: config.secret_keys.clone(),
        sessions: config.sessions,
        password_policy: config.password_policy,
        sign_in_limit: config.sign_in_limit,
        turns: Turns::default(),
        branding: config.branding.clone(),
    })
}

/// A database keeps a fingerprint of its secret: a server with another one would find nothing that it can open, and
/// tell people that their codes are wrong. Better not to start.
async fn check_secret_keys(store: &Store, keys: &SecretKeys) -> Result<(), ServeError> {
    let stored = store.setting(FINGERPRINT).await.map_err(Error::from)?;
    if stored.is_some_and(|stored| !keys.knows(&stored)) {
        return Err(ServeError::WrongSecretKey);
    }
    store.put_setting(FINGERPRINT, &keys.fingerprint()).await.map_err(Error::from)?;
    Ok(())
}

fn banner(terminal: &impl Terminal, first_start: &FirstStart, data_dir: &str, public_url: &str) {
    terminal.line(&format!("doorstep {}, data in {data_dir}", env!("CARGO_PKG_VERSION")));
    match first_start {
        FirstStart::Made(password) => {
            terminal.line(&format!("first start: sign in at {public_url} as admin"));
            terminal.line(&format!("with this password, shown only now: {password}"));
        }
        FirstStart::MadeAsWished => {
            terminal.line(&format!("first start: sign in at {public_url} as admin"));
            terminal.line("with the password from DOORSTEP_INITIAL_PASSWORD");
        }
        FirstStart::Earlier(true) => {
            terminal.line(&format!("sign in at {public_url}; the password of the first start is still in force"));
            terminal.line("(who has lost it sets another: doorstep user list, doorstep user password NAME)");
        }
        FirstStart::Earlier(false) => terminal.line(&format!("sign in at {public_url}")),
    }
}

async fn prune(service: Arc<Service>) {
    let mut interval = time::interval(PRUNE_EVERY);
    loop {
        interval.tick().await;
        service.prune_sessions().await;
        service.prune_limits().await;
    }
}

/// Serves until told to stop, then lets requests that are under way finish, for a while.
async fn run(listener: TcpListener, router: Router) -> io::Result<()> {
    let (told, mut heard) = tokio::sync::watch::channel(());
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, service).with_graceful_shutdown(async move {
        stop_signal().await;
        info!("stopping");
        // Nobody listens only when the server is gone already.
        let _ = told.send(());
    });
    let overdue = async {
        let _ = heard.changed().await;
        time::sleep(DRAIN).await;
    };
    tokio::select! {
        result = server.into_future() => result,
        () = overdue => {
            warn!("requests were cut off after {} s", DRAIN.as_secs());
            Ok(())
        }
    }
}

#[cfg(unix)]
fn stop_signal() -> impl Future<Output = ()> {
    use signal::unix::{SignalKind, signal};
    async {
        match (signal(SignalKind::terminate()), signal(SignalKind::interrupt())) {
            (Ok(mut terminate), Ok(mut interrupt)) => {
                tokio::select! {
                    _ = terminate.recv() => {}
                    _ = interrupt.recv() => {}
                }
            }
            // Without handlers the signals end the process at once, which is an end as well.
            _ => std::future::pending().await,
        }
    }
}

#[cfg(not(unix))]
async fn stop_signal() {
    let _ = signal::ctrl_c().await;
}
