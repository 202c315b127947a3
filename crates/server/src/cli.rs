//! The command line: `doorstep <command>`.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, Parser, Subcommand, builder::FalseyValueParser};
use doorstep_contract::auth::Role;
use url::Url;

/// The sign-in dashboard of self-hosted systems.
#[derive(Debug, Parser)]
#[command(name = "doorstep", version, arg_required_else_help = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the server.
    Serve(Serve),
    /// Make and change accounts, beside a running server or without one.
    User(User),
    /// Make projects, list them, and link them to clients.
    Project(Project),
    /// Make and change clients, and the magic links that let them into the portal.
    Client(Client),
    /// End sessions.
    Sessions(Sessions),
    /// Make a temporary login token: for one sign-in, without password or code. Older ones end.
    LoginToken(LoginToken),
    /// Copy the database into a new file, also while a server uses it.
    Backup(Backup),
    /// Sign in to a server as a device: somebody lets it in in a browser.
    DeviceLogin(DeviceLogin),
}

/// `doorstep user`.
#[derive(Debug, Args)]
pub struct User {
    /// What to do.
    #[command(subcommand)]
    pub action: UserAction,
    /// Where, and how to answer.
    #[command(flatten)]
    pub operation: Operation,
}

/// What to do with accounts.
#[derive(Debug, Subcommand)]
pub enum UserAction {
    /// Make an account. Its password is asked for, or read from standard input.
    Add {
        /// User name.
        username: String,
        /// Email address.
        #[arg(long)]
        email: String,
        /// What to call the person.
        #[arg(long, default_value = "")]
        name: String,
        /// What the account may do.
        #[arg(long, value_parser = parse_role, default_value = "member", value_name = "operator|member")]
        role: Role,
    },
    /// List all accounts.
    List,
    /// Set a new password, which is asked for or read from standard input. All sessions of the account end.
    Password {
        /// User name or email.
        user: String,
    },
    /// Suspend an account: it can't sign in any more, and its sessions end.
    Suspend {
        /// User name or email.
        user: String,
    },
    /// Let a suspended account sign in again.
    Activate {
        /// User name or email.
        user: String,
    },
    /// Turn one-time codes off for somebody who lost authenticator and recovery codes. All sessions of the account end.
    ResetTotp {
        /// User name or email.
        user: String,
    },
}

/// `doorstep project`.
#[derive(Debug, Args)]
pub struct Project {
    /// What to do.
    #[command(subcommand)]
    pub action: ProjectAction,
    /// Where, and how to answer.
    #[command(flatten)]
    pub operation: Operation,
}

/// What to do with projects.
#[derive(Debug, Subcommand)]
pub enum ProjectAction {
    /// Make a project.
    Add {
        /// What people call it.
        name: String,
        /// What it is about.
        #[arg(long, default_value = "")]
        summary: String,
        /// Whom it is for, by the client's slug.
        #[arg(long, value_name = "SLUG")]
        client: Option<String>,
    },
    /// List all projects, the one that was changed last first.
    List,
    /// Link a project to a client.
    Link {
        /// Its id, from `doorstep project list`.
        #[arg(value_name = "PROJECT_ID")]
        project: String,
        /// The client's slug, from `doorstep client list`.
        #[arg(value_name = "CLIENT_SLUG")]
        client: String,
    },
}

/// `doorstep client`.
#[derive(Debug, Args)]
pub struct Client {
    /// What to do.
    #[command(subcommand)]
    pub action: ClientAction,
    /// Where, and how to answer.
    #[command(flatten)]
    pub operation: Operation,
}

/// What to do with clients.
#[derive(Debug, Subcommand)]
pub enum ClientAction {
    /// Make a client.
    Add {
        /// What people call it.
        name: String,
        /// What scripts call it [default: made from the name].
        #[arg(long)]
        slug: Option<String>,
    },
    /// List all clients by name.
    List,
    /// Make a magic link: whoever has it is the client. It is shown once.
    Link {
        /// The client's slug.
        slug: String,
        /// A note to find it by.
        #[arg(long)]
        label: Option<String>,
    },
    /// List the magic links of a client, newest first.
    Links {
        /// The client's slug.
        slug: String,
    },
    /// Revoke a magic link: what was opened with it ends.
    Revoke {
        /// Its id, from `doorstep client links`.
        #[arg(value_name = "LINK_ID")]
        link: String,
    },
    /// Deactivate a client: none of its links lets anybody in any more.
    Deactivate {
        /// The client's slug.
        slug: String,
    },
    /// Let a deactivated client in again.
    Activate {
        /// The client's slug.
        slug: String,
    },
}

/// `doorstep login-token`.
#[derive(Debug, Args)]
pub struct LoginToken {
    /// Whom it signs in, by user name or email [default: the first operator who is active].
    #[arg(long)]
    pub user: Option<String>,
    /// Where, and how to answer.
    #[command(flatten)]
    pub operation: Operation,
}

/// `doorstep sessions`.
#[derive(Debug, Args)]
pub struct Sessions {
    /// What to do.
    #[command(subcommand)]
    pub action: SessionsAction,
    /// Where, and how to answer.
    #[command(flatten)]
    pub operation: Operation,
}

/// What to do with sessions.
#[derive(Debug, Subcommand)]
pub enum SessionsAction {
    /// End all sessions of an account.
    End {
        /// User name or email.
        #[arg(long)]
        user: String,
    },
}

/// `doorstep backup`.
#[derive(Debug, Args)]
pub struct Backup {
    /// The copy; there must be no such file yet.
    pub file: PathBuf,
    /// Where, and how to answer.
    #[command(flatten)]
    pub operation: Operation,
}

/// `doorstep device-login`.
#[derive(Debug, Args)]
pub struct DeviceLogin {
    /// Where the server is found, https:// unless it is on this machine.
    #[arg(long, value_name = "URL")]
    pub server: Url,
    /// What to ask as.
    #[arg(long, value_name = "ID", default_value = "doorstep-cli")]
    pub client_id: String,
    /// What to call this device [default: the name of this machine].
    #[arg(long)]
    pub label: Option<String>,
    /// Where to keep the token [default: doorstep/HOST.json in the folder for settings].
    #[arg(long, env = "DOORSTEP_TOKEN_FILE", value_name = "FILE")]
    pub token_file: Option<PathBuf>,
    /// Print the token instead of keeping it; everything else goes to standard error.
    #[arg(long)]
    pub json: bool,
}

/// What every operator's command takes.
#[derive(Debug, Clone, Default, Args)]
pub struct Operation {
    /// Where everything is.
    #[command(flatten)]
    pub location: Location,
    /// Answer in JSON, for scripts.
    #[arg(long, global = true)]
    pub json: bool,
}

fn parse_role(word: &str) -> Result<Role, String> {
    Role::parse(word).ok_or_else(|| "operator or member".to_owned())
}

/// Where everything is. A flag wins over its environment variable, that over the file, that over the default.
#[derive(Debug, Clone, Default, Args)]
pub struct Location {
    /// Configuration file (TOML).
    #[arg(long, global = true, env = "DOORSTEP_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Folder of the database, the secret key and the outbox [default: doorstep-data].
    #[arg(long, global = true, env = "DOORSTEP_DATA_DIR", value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// Database, `sqlite://PATH` [default: doorstep.sqlite3 in the data folder].
    #[arg(long, global = true, env = "DOORSTEP_DATABASE_URL", value_name = "URL")]
    pub database_url: Option<String>,
}

/// `doorstep serve`.
#[derive(Debug, Clone, Default, Args)]
pub struct Serve {
    /// Address and port to listen on [default: 127.0.0.1:8080].
    #[arg(long, env = "DOORSTEP_LISTEN", value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,
    /// Where people find this server [default: http:// and the listen address].
    #[arg(long, env = "DOORSTEP_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<Url>,
    /// Make a temporary login token, and print it.
    #[arg(long, env = "DOORSTEP_PRINT_LOGIN_TOKEN", value_parser = FalseyValueParser::new())]
    pub print_login_token: bool,
    /// Fill an empty database with sample clients and projects; on loopback only.
    #[arg(long, env = "DOORSTEP_DEMO", value_parser = FalseyValueParser::new())]
    pub demo: bool,
    /// Where everything is.
    #[command(flatten)]
    pub location: Location,
}
