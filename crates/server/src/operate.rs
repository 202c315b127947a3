//! The operator's commands: they open the database, beside a running server if there is one, and print text or
//! JSON.

mod clients;
mod projects;

use std::{collections::BTreeMap, path::PathBuf};

use doorstep_contract::secret::Secret;
use serde::Serialize;

pub use clients::client;
pub use projects::project;

use crate::{
    cli::{Backup, Database, DatabaseAction, LoginToken, Operation, Sessions, SessionsAction, User, UserAction},
    config::{Config, ConfigError},
    domain::{
        account::{Account, Status},
        session::wire_time,
    },
    error::Error,
    serve::{self, ServeError, Terminal},
    service::{Service, Wanted},
    store::{BackupError, BadDatabaseUrl, CopyError, DatabaseUrl, Source, Store},
};

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub enum OperateError {
    /// The configuration is invalid.
    #[error("configuration: {0}")]
    Config(#[from] ConfigError),
    /// The database can't be used.
    #[error(transparent)]
    Open(#[from] ServeError),
    /// The operation was refused, or the database failed.
    #[error(transparent)]
    Failed(#[from] Error),
    /// The named object does not exist.
    #[error("there is no {0}")]
    Unknown(&'static str),
    /// The copy of the database can't be written.
    #[error("{0} can't be written: {1}")]
    Backup(PathBuf, BackupError),
    /// The database can't be backed up by this command, or not into this file.
    #[error("{0}")]
    NoBackup(BackupError),
    /// The URL is invalid.
    #[error("{0}: {1}")]
    Url(&'static str, BadDatabaseUrl),
    /// Copying the database failed.
    #[error("nothing was copied: {0}")]
    Copy(#[from] CopyError),
    /// The password can't be read.
    #[error("the password can't be read: {0}")]
    Password(std::io::Error),
    /// The input is empty.
    #[error("no password was entered")]
    NoPassword,
    /// The two typed passwords differ.
    #[error("the two passwords differ")]
    Mismatch,
}

/// The source of a password: a prompt on a terminal, or else standard input.
pub trait PasswordSource {
    /// Reads a new password.
    ///
    /// # Errors
    /// When it can't be read or is empty, or the two typed passwords differ.
    fn new_password(&self) -> Result<String, OperateError>;
}

/// `doorstep user`.
///
/// # Errors
/// See [`OperateError`].
pub async fn user(
    command: User,
    terminal: &impl Terminal,
    passwords: &impl PasswordSource,
) -> Result<(), OperateError> {
    let service = open(&command.operation).await?;
    let (accounts, done) = match command.action {
        UserAction::Add { username, email, name, role } => {
            let password = passwords.new_password()?;
            let wanted = Wanted { username, email, name, role };
            (vec![service.accounts().add(wanted, &password).await?], Some("created"))
        }
        UserAction::List => (service.accounts().list().await?, None),
        UserAction::Password { user } => {
            let password = passwords.new_password()?;
            (
                vec![service.accounts().set_password(&user, &password).await?],
                Some("password changed; its sessions have ended, and its devices have lost access"),
            )
        }
        UserAction::Suspend { user } => (
            vec![service.accounts().set_status(&user, Status::Suspended).await?],
            Some("suspended; its sessions have ended, and its devices have lost access"),
        ),
        UserAction::Activate { user } => {
            (vec![service.accounts().set_status(&user, Status::Active).await?], Some("active"))
        }
        UserAction::ResetTotp { user } => (
            vec![service.accounts().reset_totp(&user).await?],
            Some("two-factor authentication is off; its sessions have ended"),
        ),
    };
    service.close().await;
    if command.operation.json {
        terminal.line(&json(&accounts.iter().map(Shown::new).collect::<Vec<_>>()));
    } else if let Some(done) = done {
        for account in &accounts {
            terminal.line(&format!("{}: {done}", account.username));
        }
    } else {
        table(terminal, &accounts);
    }
    Ok(())
}

/// `doorstep sessions`.
///
/// # Errors
/// See [`OperateError`].
pub async fn sessions(command: Sessions, terminal: &impl Terminal) -> Result<(), OperateError> {
    let service = open(&command.operation).await?;
    let SessionsAction::End { user } = command.action;
    let ended = service.accounts().end_sessions(&user).await?;
    service.close().await;
    terminal.line(&if command.operation.json {
        json(&serde_json::json!({ "ended": ended }))
    } else {
        format!("Sessions ended: {ended}")
    });
    Ok(())
}

/// `doorstep login-token`.
///
/// # Errors
/// See [`OperateError`].
pub async fn login_token(command: LoginToken, terminal: &impl Terminal) -> Result<(), OperateError> {
    let service = open(&command.operation).await?;
    let made = service.sign_in().make_login_token(command.user.as_deref()).await?;
    service.close().await;
    if command.operation.json {
        terminal.line(&json(&serde_json::json!({
            "token": made.token.reveal(),
            "username": made.account.username,
            "expires_at": wire_time(made.expires_at).as_str(),
        })));
    } else {
        serve::show_login_token(terminal, &made);
    }
    Ok(())
}

/// `doorstep backup`: writes a consistent snapshot, synced to disk. It does not contain the secret key.
///
/// # Errors
/// See [`OperateError`]; an existing file is an error.
pub async fn backup(command: Backup, terminal: &impl Terminal) -> Result<(), OperateError> {
    let Backup { file, operation } = command;
    let service = open(&operation).await?;
    let copied = service.back_up(&file).await;
    service.close().await;
    let bytes = copied.map_err(|error| match error {
        BackupError::OfPostgres | BackupError::Exists(_) => OperateError::NoBackup(error),
        BackupError::File(_) | BackupError::Store(_) => OperateError::Backup(file.clone(), error),
    })?;
    let shown = file.display();
    terminal.line(&if operation.json {
        json(&serde_json::json!({ "file": shown.to_string(), "bytes": bytes }))
    } else {
        format!("{shown}: {bytes} bytes; the secret key is not included, back it up separately")
    });
    Ok(())
}

/// `doorstep database copy`: copies completely or not at all, into an empty database, while no server uses either:
/// later writes to the source would be lost. The secret key is not copied.
///
/// # Errors
/// See [`OperateError`].
pub async fn database(command: Database, terminal: &impl Terminal) -> Result<(), OperateError> {
    let DatabaseAction::Copy { from, to, json: as_json } = command.action;
    let read = |name, url: &Secret| DatabaseUrl::parse(url.reveal()).map_err(|error| OperateError::Url(name, error));
    let (from, to) = (read("--from", &from)?, read("--to", &to)?);
    let failed = |url: &DatabaseUrl, error| ServeError::Database { url: url.clone(), error };
    // Checked before either is opened.
    to.check_unused().await.map_err(|error| failed(&to, error))?;
    from.check_source().await.map_err(|error| failed(&from, error))?;
    from.check_unused().await.map_err(|error| failed(&from, error))?;
    let source = Source::new(&from).map_err(|error| failed(&from, error))?;
    let target = Store::open_to_copy_into(&to).await.map_err(|error| failed(&to, error))?;
    let copied = source.copy_into(&target).await;
    target.close().await;
    let copied = copied?;
    if as_json {
        terminal.line(&json(&copied.into_iter().collect::<BTreeMap<_, _>>()));
    } else {
        columns(terminal, &copied, |(table, rows)| [(*table).to_owned(), rows.to_string()]);
        terminal.line(&format!(
            "{from} was copied to {to}. Start all servers on {to} now: what is written to {from} from here on is lost. The \
             secret key was not copied; keep it."
        ));
    }
    Ok(())
}

/// A command must not create a missing database.
async fn open(operation: &Operation) -> Result<Service, OperateError> {
    let config = Config::load_existing(operation.location.clone())?;
    let store = Store::open_existing(&config.database_url).await;
    let store = store.map_err(|error| ServeError::Database { url: config.database_url.clone(), error })?;
    let public_url = serve::public_url(&config, &store).await?;
    let config = match operation.location.config {
        Some(_) => config,
        None => serve::with_brand(config, &store).await?,
    };
    let service = serve::service(&config, store, public_url).await?;
    service.follow_clock().await?;
    Ok(service)
}

/// An account in JSON output.
#[derive(Serialize)]
struct Shown<'a> {
    id: &'a str,
    username: &'a str,
    email: &'a str,
    name: &'a str,
    role: &'a str,
    status: &'a str,
    totp_enabled: bool,
    created_at: String,
}

impl<'a> Shown<'a> {
    fn new(account: &'a Account) -> Self {
        Self {
            id: account.id.as_str(),
            username: &account.username,
            email: &account.email,
            name: &account.name,
            role: account.role.as_str(),
            status: account.status.as_str(),
            totp_enabled: account.totp_enabled,
            created_at: account.created_at.to_string(),
        }
    }
}

fn table(terminal: &impl Terminal, accounts: &[Account]) {
    columns(terminal, accounts, |Account { username, email, role, status, .. }| {
        [username.clone(), email.clone(), role.as_str().to_owned(), status.as_str().to_owned()]
    });
}

/// Prints one line per item, with its cells in columns.
fn columns<T, const N: usize>(terminal: &impl Terminal, things: &[T], tell: impl Fn(&T) -> [String; N]) {
    let rows: Vec<[String; N]> = things.iter().map(tell).collect();
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..N).map(|column| width(column).unwrap_or_default()).collect();
    for row in &rows {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        terminal.line(cells.collect::<Vec<_>>().join("  ").trim_end());
    }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}
