//! The API descriptions of this surface's endpoints; the table of routes adds authentication and limits.

use doorstep_contract::{
    account::{
        AccountEdit, EmailConfirmation, Ended, RecoveryCodes, SessionEntry, TotpDisable, TotpPending, TotpSetup,
        TrustedDeviceEntry,
    },
    audit::{AuditEntry, DOWNLOAD_MAX, EventTitle},
    auth::{LoginRequest, Me, ReauthRequest, SetupRequest, SetupStatus, SignedIn},
    clients::{Client, ClientEdit, Link, LinkMade, NewLink},
    device::DeviceEntry,
    envelope::Nothing,
    password::{DEFAULT_MIN, Weakness},
    paths,
    projects::{Member, NewMember, PreviewBegun, Project, ProjectEdit, ProjectStatus, Update, UpdateEdit},
    secret::Secret,
    sso::{AddIdentity, Challenge, IdentityBegun, IdentityEntry, LoggedOut},
};
use serde_json::{Value, json};

use super::audit::{DEFAULT_LIMIT, LARGEST_LIMIT};
use crate::{domain::audit::Event, error::Error, http::openapi::Operation};

/// All endpoints of the surface.
pub(in crate::http) fn operations() -> Vec<Operation> {
    [sign_in(), account(), ways_in(), audit(), projects(), clients()].into_iter().flatten().collect()
}

fn below(path: &str) -> String {
    format!("{path}/{{id}}")
}

/// The errors of a password, a name or an email that a user chooses.
fn chosen() -> [Error; 6] {
    [
        Error::PasswordPolicy { weakness: Weakness::TooShort, min_chars: DEFAULT_MIN },
        Error::Mismatch,
        Error::UsernameInvalid,
        Error::EmailInvalid,
        Error::UsernameTaken,
        Error::NameInvalid,
    ]
}

fn sign_in() -> Vec<Operation> {
    vec![
        Operation::get(paths::SETUP_STATUS, "Read what is needed to show the sign-in page").answers::<SetupStatus>(),
        Operation::post(paths::LOGIN, "Sign in with a password, a second step or a temporary token")
            .takes::<LoginRequest>()
            .answers::<SignedIn>()
            .refuses([Error::InvalidCredentials, Error::TotpRequired(Secret::default()), Error::InvalidCode])
            .refuses([Error::ChallengeExpired, Error::InvalidToken, Error::TokenExpired, Error::TokenUsed])
            .refuses([Error::TemporaryLoginDisabled, Error::PasswordLoginDisabled]),
        Operation::get(paths::CHALLENGE, "Read the SSO sign-in of this browser that waits for a code")
            .answers::<Challenge>()
            .refuses([Error::NotFound]),
        Operation::post(paths::LOGOUT, "Sign out; also without a session").answers::<LoggedOut>(),
        Operation::get(paths::ME, "Read the account and the session of the request").answers::<Me>(),
        Operation::post(paths::SETUP, "Set up the first account without signing in, on loopback alone")
            .takes::<SetupRequest>()
            .answers::<SignedIn>()
            .refuses(chosen().into_iter().chain([Error::SetupNotAllowed])),
        Operation::post(paths::SETUP_AUTHENTICATED, "Choose a password in place of the initial one")
            .takes::<SetupRequest>()
            .answers::<SignedIn>()
            .refuses(chosen().into_iter().chain([Error::SetupNotAllowed])),
        Operation::post(paths::REAUTH, "Prove again who is signed in")
            .takes::<ReauthRequest>()
            .answers::<Nothing>()
            .refuses([Error::WrongPassword, Error::InvalidCode, Error::ReauthRequired]),
    ]
}

fn account() -> Vec<Operation> {
    vec![
        Operation::post(paths::ACCOUNT_EDIT, "Change username, email, name or password")
            .takes::<AccountEdit>()
            .answers::<Nothing>()
            .refuses(chosen())
            .refuses([Error::WrongPassword, Error::InvalidCode, Error::TemporarySession]),
        Operation::post(paths::CONFIRM_EMAIL, "Confirm a new email by the token of its mail")
            .takes::<EmailConfirmation>()
            .answers::<Nothing>()
            .refuses([Error::InvalidToken, Error::TokenExpired, Error::TokenUsed, Error::UsernameTaken]),
        Operation::post(paths::TOTP_SETUP, "Turn two-factor authentication on, in two steps")
            .takes::<TotpSetup>()
            .answers_either::<TotpPending, RecoveryCodes>()
            .refuses([Error::WrongPassword, Error::InvalidCode, Error::AlreadyEnabled]),
        Operation::post(paths::TOTP_DISABLE, "Turn two-factor authentication off")
            .takes::<TotpDisable>()
            .answers::<Nothing>()
            .refuses([Error::InvalidCode, Error::TemporarySession]),
        Operation::post(paths::TOTP_RECOVERY, "Replace the recovery codes").answers::<RecoveryCodes>(),
    ]
}

/// How an account can sign in, and where it is signed in.
fn ways_in() -> Vec<Operation> {
    vec![
        Operation::get(paths::IDENTITIES, "List the SSO identities of the account").answers_list::<IdentityEntry>(),
        Operation::post(paths::IDENTITIES, "Begin to link an SSO identity")
            .takes::<AddIdentity>()
            .answers::<IdentityBegun>()
            .refuses([Error::UnknownProvider]),
        Operation::delete(below(paths::IDENTITIES), "Remove an SSO identity")
            .answers::<Nothing>()
            .refuses([Error::LastIdentity]),
        Operation::get(paths::SESSIONS, "List the sessions of the account").answers_list::<SessionEntry>(),
        Operation::delete(below(paths::SESSIONS), "End a session").answers::<Nothing>(),
        Operation::delete(paths::OTHER_SESSIONS, "End all other sessions").answers::<Ended>(),
        Operation::get(paths::TRUSTED_DEVICES, "List the browsers that are asked for no code")
            .answers_list::<TrustedDeviceEntry>(),
        Operation::delete(below(paths::TRUSTED_DEVICES), "Trust a browser no more").answers::<Nothing>(),
        Operation::get(paths::DEVICES, "List the devices that the account has approved").answers_list::<DeviceEntry>(),
        Operation::delete(paths::ALL_DEVICES, "Revoke all devices").answers::<Nothing>(),
        Operation::delete(below(paths::DEVICES), "Revoke a device").answers::<Nothing>(),
    ]
}

fn audit() -> Vec<Operation> {
    let words: Vec<&str> = Event::ALL.iter().map(|event| event.as_str()).collect();
    let time = json!({ "type": "string", "format": "date-time" });
    let short = json!({ "type": "string", "maxLength": 200 });
    let file = format!("A file instead of the envelope; without it, `limit` is at most {LARGEST_LIMIT}.");
    vec![
        Operation::get(paths::AUDIT, "List who did what, newest first, or download it")
            .query("event", &one_of(&words), "Events of this kind alone.")
            .query("actor", &short, "Events of accounts whose username begins with this alone.")
            .query("q", &short, "Text in actor, subject or address.")
            .query("since", &time, "Not before this time.")
            .query("until", &time, "Before this time.")
            .paged_by(DEFAULT_LIMIT, DOWNLOAD_MAX)
            .query("format", &one_of(&["csv", "json"]), &file)
            .answers_list::<AuditEntry>()
            .answers_bare_list::<AuditEntry>()
            .answers_text(200, "text/csv", "A file."),
        Operation::get(paths::AUDIT_EVENTS, "List the kinds of events, in the language of the request")
            .answers_list::<EventTitle>(),
    ]
}

fn one_of(words: &[&str]) -> Value {
    json!({ "type": "string", "enum": words })
}

fn projects() -> Vec<Operation> {
    let statuses: Vec<&str> = ProjectStatus::ALL.iter().map(|status| status.as_str()).chain(["all"]).collect();
    let one = below(paths::PROJECTS);
    let updates = format!("{one}/{}", paths::of_project::UPDATES);
    let update = format!("{updates}/{{part_id}}");
    let members = format!("{one}/{}", paths::of_project::MEMBERS);
    let text = || Error::TextInvalid(String::new());
    let written = || [Error::TitleInvalid, text(), Error::ReferenceInvalid("client")];
    vec![
        Operation::get(paths::PROJECTS, "List projects: all for operators, their own for members")
            .text("q", "Words in name or client.")
            .query(
                "status",
                &one_of(&statuses),
                "Projects of this status alone; without it, all that are not archived.",
            )
            .text("client", "Projects of the client with this id alone, for operators.")
            .paged()
            .answers_list::<Project>()
            .refuses([Error::NotFound, Error::Forbidden]),
        Operation::post(paths::PROJECTS, "Create a project")
            .takes::<ProjectEdit>()
            .answers::<Project>()
            .refuses(written()),
        Operation::get(one.as_str(), "Read a project").answers::<Project>(),
        Operation::patch(one.as_str(), "Edit a project, link it to a client or archive it")
            .takes::<ProjectEdit>()
            .answers::<Project>()
            .refuses(written()),
        Operation::get(updates.as_str(), "List the updates of a project").paged().answers_list::<Update>(),
        Operation::post(updates.as_str(), "Write an update")
            .takes::<UpdateEdit>()
            .answers::<Update>()
            .refuses([text()]),
        Operation::patch(update.as_str(), "Edit an update").takes::<UpdateEdit>().answers::<Update>().refuses([text()]),
        Operation::delete(update.as_str(), "Delete an update").answers::<Nothing>(),
        Operation::get(members.as_str(), "List the members of a project").paged().answers_list::<Member>(),
        Operation::post(members.as_str(), "Add a member")
            .takes::<NewMember>()
            .answers::<Member>()
            .refuses([Error::ReferenceInvalid("account")]),
        Operation::delete(format!("{members}/{{part_id}}"), "Remove a member").answers::<Nothing>(),
        Operation::post(
            format!("{one}/{}", paths::of_project::PREVIEW),
            "Preview the portal as the client of a project",
        )
        .answers::<PreviewBegun>()
        .refuses([Error::PreviewClientInactive]),
    ]
}

fn clients() -> Vec<Operation> {
    let one = below(paths::CLIENTS);
    let links = format!("{one}/{}", paths::LINKS_OF_CLIENT);
    let written = || [Error::TitleInvalid, Error::SlugInvalid, Error::SlugTaken];
    vec![
        Operation::get(paths::CLIENTS, "List clients")
            .text("q", "Words in name or slug.")
            .paged()
            .answers_list::<Client>(),
        Operation::post(paths::CLIENTS, "Create a client").takes::<ClientEdit>().answers::<Client>().refuses(written()),
        Operation::get(one.as_str(), "Read a client").answers::<Client>(),
        Operation::patch(one.as_str(), "Edit, deactivate or activate a client")
            .takes::<ClientEdit>()
            .answers::<Client>()
            .refuses(written()),
        Operation::get(links.as_str(), "List the access links of a client").paged().answers_list::<Link>(),
        Operation::post(links.as_str(), "Create an access link; it is shown once")
            .takes::<NewLink>()
            .answers::<LinkMade>()
            .refuses([Error::ClientInactive, Error::TextInvalid(String::new())]),
        Operation::delete(format!("{links}/{{link_id}}"), "Revoke an access link").answers::<Nothing>(),
    ]
}
