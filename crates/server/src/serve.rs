//! `doorstep serve`: connects configuration, database and HTTP, and runs until it is stopped.

mod remembered;

use std::{future::Future, io, net::SocketAddr, sync::Arc, time::Duration};

use jiff::SignedDuration;
use tokio::{net::TcpListener, signal, sync::watch, time};
use tracing::{info, warn};
use url::Url;

pub use self::remembered::{public_url, with_brand};
use crate::{
    assets::Assets,
    config::{Config, local_origin},
    domain::{clock, secret_key::SecretKeys, session::wire_time},
    error::Error,
    http::{self, AppState},
    idp::Providers,
    listen,
    post::{Outbox, Post, Smtp},
    service::{FirstStart, Service, ServiceBuilder, sign_in::Made},
    store::{DatabaseUrl, Store, StoreError},
};

/// How long the delivery of a mail may take once everything else has stopped.
const LAST_MAIL: Duration = Duration::from_secs(5);
/// The folder for mails in the data folder, when there is no mail server.
const OUTBOX: &str = "outbox";
/// The setting with the fingerprint of the secret key.
const FINGERPRINT: &str = "secret_key_fingerprint";
/// How often expired data is removed.
const PRUNE_EVERY: Duration = Duration::from_hours(1);
/// How often to check for mails that a command has queued, or whose next attempt is due.
const LOOK_FOR_MAILS_EVERY: Duration = Duration::from_secs(3);
/// How often the clock of the database is compared with this machine's.
const FOLLOW_CLOCK_EVERY: Duration = Duration::from_mins(1);
/// How often pending password requests are processed.
const PROCESS_REQUESTS_EVERY: Duration = Duration::from_secs(2);
/// The maximum number of connections to the metrics listener.
const METRICS_CONNECTIONS: usize = 8;
/// How long requests in progress may take once the server is stopped.
const DRAIN: Duration = Duration::from_secs(10);

/// Why the server did not start, or stopped.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address can't be used.
    #[error("can't listen on {address}: {error}{}", hint(error, flag))]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The flag that sets it.
        flag: &'static str,
        /// The system's error.
        error: io::Error,
    },
    /// The database can't be opened.
    #[error("{url}: {error}")]
    Database {
        /// The database.
        url: DatabaseUrl,
        /// The cause.
        error: StoreError,
    },
    /// The database was created with another secret.
    #[error("this database was created with another secret key; configure that key, or both with the newer one first")]
    WrongSecretKey,
    /// The browser app can't be read.
    #[error("the browser app can't be read: {0}")]
    Assets(io::Error),
    /// The system has no certificates to verify SSO providers.
    #[error("the certificates of this system can't be read: {0}")]
    Certificates(io::Error),
    /// The host of the public URL can't be part of a sender's address.
    #[error("mails can't be from an address at the host of the public URL; set mail.from")]
    Sender,
    /// Any other error.
    #[error(transparent)]
    Failed(#[from] Error),
    /// The network failed.
    #[error("the server stopped: {0}")]
    Stopped(io::Error),
}

fn hint(error: &io::Error, flag: &str) -> String {
    match error.kind() {
        io::ErrorKind::AddrInUse => format!("; stop what listens there, or choose another with {flag}"),
        io::ErrorKind::PermissionDenied => {
            format!("; ports below 1024 require administrator rights; choose another with {flag}")
        }
        _ => String::new(),
    }
}

async fn bind(address: SocketAddr, flag: &'static str) -> Result<TcpListener, ServeError> {
    TcpListener::bind(address).await.map_err(|error| ServeError::Listen { address, flag, error })
}

/// Output for the operator. Not part of the log, because it may contain the initial password.
pub trait Terminal {
    /// Prints a line.
    fn line(&self, text: &str);
}

/// Runs the server until `SIGTERM` or Ctrl-C.
///
/// # Errors
/// When it can't start, or the network fails.
pub async fn serve(config: Config, terminal: &impl Terminal) -> Result<(), ServeError> {
    // Before any file is opened, so that the limit covers all of them.
    let connections = listen::raise_limit(config.connections);
    let listener = bind(config.listen, "--listen").await?;
    let metrics = match config.metrics_listen {
        Some(address) => Some(bind(address, "--metrics-listen").await?),
        None => None,
    };
    let address = listener.local_addr().unwrap_or(config.listen);
    let public_url = match &config.public_url {
        Some(url) => url.clone(),
        None => own_url(address)?,
    };
    let post = post(&config, &public_url)?;
    let store = Store::open(&config.database_url).await;
    let store = store.map_err(|error| ServeError::Database { url: config.database_url.clone(), error })?;
    let state = prepare(&config, store.clone(), public_url.clone()).await?;
    let service = Arc::clone(&state.service);
    service.follow_clock().await?;
    remembered::remember(&config, &public_url, &store).await?;
    let first_start = service.accounts().first_start(config.first_start).await?;
    service.sign_in().end_login_tokens().await?;
    let filled = config.demo && service.demo().fill().await?;
    let login_token =
        if config.print_login_token { Some(service.sign_in().make_login_token(None).await?) } else { None };

    for warning in &config.warnings {
        warn!("{warning}");
    }
    if config.public_url.is_none() && !address.ip().is_loopback() {
        warn!("no public URL is configured: pages work only at {public_url}; set --public-url");
    }
    if public_url.scheme() == "http" && !address.ip().is_loopback() {
        warn!("the public URL is plain http: passwords and cookies cross the network in the clear");
    }
    banner(terminal, &first_start, &config.data_dir.display().to_string(), public_url.as_str());
    if filled {
        terminal.line("the database was empty: sample clients and projects were added");
    }
    if let Some(made) = &login_token {
        show_login_token(terminal, made);
    }
    if let Some(address) = metrics.as_ref().and_then(|metrics| metrics.local_addr().ok()) {
        terminal.line(&format!("metrics on http://{address}{}", http::metrics::PATH));
    }
    terminal.line(&format!("listening on http://{address}"));

    let pruning = tokio::spawn(prune(Arc::clone(&service)));
    let settling = tokio::spawn(settle(Arc::clone(&service)));
    let following = tokio::spawn(follow_clock(Arc::clone(&service)));
    let (stop, stopped) = watch::channel(());
    if let Some(listener) = metrics {
        let settings = listen::Settings { max: METRICS_CONNECTIONS, ..connections };
        let mut stopped = stopped.clone();
        let stop = async move { drop(stopped.changed().await) };
        tokio::spawn(listen::serve(listener, http::metrics::router(state.clone()), settings, Arc::default(), stop));
    }
    let delivery = tokio::spawn(deliver(Arc::clone(&service), post, stopped));
    run(listener, state, connections).await;
    pruning.abort();
    settling.abort();
    following.abort();
    // A mail in delivery gets a moment to complete, so that it is not sent twice.
    drop(stop);
    let _ = time::timeout(LAST_MAIL, delivery).await;
    service.close().await;
    Ok(())
}

async fn prepare(config: &Config, store: Store, public_url: Url) -> Result<AppState, ServeError> {
    Ok(AppState {
        service: Arc::new(service(config, store, public_url.clone()).await?),
        assets: Arc::new(Assets::load().map_err(ServeError::Assets)?.with(config.files.clone())),
        public_url: Arc::new(public_url),
        footer: Arc::new(config.footer.clone()),
        anonymous_setup: config.anonymous_setup,
        trusted_proxies: config.trusted_proxies.as_slice().into(),
        addresses: Arc::default(),
        pages: Arc::default(),
    })
}

/// The use cases over a database, for the server and the operator's commands.
///
/// # Errors
/// When the database was created with another secret, or fails.
pub async fn service(config: &Config, store: Store, public_url: Url) -> Result<Service, ServeError> {
    check_secret_keys(&store, &config.secret_keys).await?;
    let builder = ServiceBuilder {
        policy: config.policy.clone(),
        branding: config.branding.clone(),
        support: config.footer.support.clone(),
        providers: Providers::new(config.sso.clone()).map_err(ServeError::Certificates)?,
        ..ServiceBuilder::new(store, config.secret_keys.clone(), public_url)
    };
    Ok(builder.build()?)
}

fn own_url(address: SocketAddr) -> Result<Url, ServeError> {
    local_origin(address).map_err(|error| ServeError::Stopped(io::Error::other(error)))
}

/// Compares the fingerprint in the database with the secret keys: with another key, the server could open none of
/// its data and would reject users' codes. So it does not start.
async fn check_secret_keys(store: &Store, keys: &SecretKeys) -> Result<(), ServeError> {
    let known = store.put_setting_after(FINGERPRINT, &keys.fingerprint(), |stored| keys.knows(stored)).await;
    if known.map_err(Error::from)? { Ok(()) } else { Err(ServeError::WrongSecretKey) }
}

fn banner(terminal: &impl Terminal, first_start: &FirstStart, data_dir: &str, public_url: &str) {
    terminal.line(&format!("doorstep {}, data in {data_dir}", env!("CARGO_PKG_VERSION")));
    match first_start {
        FirstStart::Created(password) => {
            terminal.line(&format!("first start: sign in at {public_url} as admin"));
            terminal.line(&format!("with this password, shown only once: {password}"));
        }
        FirstStart::CreatedAsConfigured => {
            terminal.line(&format!("first start: sign in at {public_url} as admin"));
            terminal.line("with the password from DOORSTEP_INITIAL_PASSWORD");
        }
        FirstStart::Existing(true) => {
            terminal.line(&format!("sign in at {public_url}; the initial password is still in use"));
            terminal.line("(to replace a lost password: doorstep user list, doorstep user password NAME)");
        }
        FirstStart::Existing(false) => terminal.line(&format!("sign in at {public_url}")),
    }
}

/// The configured way to send mails.
fn post(config: &Config, public_url: &Url) -> Result<Post, ServeError> {
    let from = config.mail.sender(&config.branding.name, public_url).ok_or(ServeError::Sender)?;
    Ok(match &config.mail.smtp {
        Some(smtp) => {
            if smtp.is_in_the_clear() {
                warn!("mails may cross the network in the clear; set smtps:// or ?tls=required in mail.smtp_url");
            }
            Post::smtp(from, Smtp::new(smtp, public_url.domain()))
        }
        None => Post::outbox(from, Outbox::new(config.data_dir.join(OUTBOX))),
    })
}

/// Delivers mails when the bell rings and every few seconds, until it is stopped.
async fn deliver(service: Arc<Service>, post: Post, mut stopped: watch::Receiver<()>) {
    loop {
        // An error means that the sender of the stop signal was dropped.
        while stopped.has_changed().is_ok() && service.mails().deliver_next(&post).await {}
        tokio::select! {
            () = service.mail_bell().rung() => {}
            () = time::sleep(LOOK_FOR_MAILS_EVERY) => {}
            _ = stopped.changed() => return,
        }
    }
}

/// Prints a temporary sign-in token, once.
pub fn show_login_token(terminal: &impl Terminal, made: &Made) {
    let (username, until) = (&made.account.username, wire_time(made.expires_at));
    terminal.line(&format!(
        "temporary sign-in token of {username}, for one sign-in until {}, shown only once:",
        until.as_str()
    ));
    terminal.line(&made.token.reveal());
}

/// Processes pending password requests at fixed intervals, so that its timing reveals nothing about them.
async fn settle(service: Arc<Service>) {
    let mut interval = time::interval(PROCESS_REQUESTS_EVERY);
    loop {
        interval.tick().await;
        service.account().process_password_requests().await;
    }
}

/// Follows the clock of the database. Failures are retried at the next interval.
async fn follow_clock(service: Arc<Service>) {
    let mut interval = time::interval(FOLLOW_CLOCK_EVERY);
    loop {
        interval.tick().await;
        let _ = service.follow_clock().await;
    }
}

/// Removes expired data. If the clock was set meanwhile, one round is skipped: data that seems old may be recent.
async fn prune(service: Arc<Service>) {
    let mut interval = time::interval(PRUNE_EVERY);
    let (mut looked, mut showed) = (time::Instant::now(), service.now());
    loop {
        interval.tick().await;
        let (before, now) = (looked, service.now());
        looked = time::Instant::now();
        let passed = SignedDuration::try_from(looked.duration_since(before)).unwrap_or(SignedDuration::MAX);
        let says = now.duration_since(showed);
        showed = now;
        if clock::was_moved(says, passed) {
            warn!("the clock was moved: nothing is removed for an hour");
            continue;
        }
        service.prune().await;
    }
}

/// Serves until stopped, then lets requests in progress finish for a while.
async fn run(listener: TcpListener, state: AppState, settings: listen::Settings) {
    let (told, mut heard) = watch::channel(());
    let trusted_proxies = Arc::clone(&state.trusted_proxies);
    let server = listen::serve(listener, http::router(state), settings, trusted_proxies, async move {
        stop_signal().await;
        info!("stopping");
        // There is no receiver if the server has ended already.
        let _ = told.send(());
    });
    let overdue = async {
        let _ = heard.changed().await;
        time::sleep(DRAIN).await;
    };
    tokio::select! {
        () = server => {}
        () = overdue => warn!("requests were aborted after {} s", DRAIN.as_secs()),
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
            // Without handlers, the signals terminate the process at once.
            _ => std::future::pending().await,
        }
    }
}

#[cfg(not(unix))]
async fn stop_signal() {
    let _ = signal::ctrl_c().await;
}
