//! `doorstep client`.

use doorstep_contract::clients::{self, ClientEdit, Link, NewLink};

use super::{OperateError, columns, json, open};
use crate::{
    cli::{Client, ClientAction},
    domain::{audit::Origin, id::Id},
    error::Error,
    serve::Terminal,
    service::Service,
};

/// `doorstep client`.
///
/// # Errors
/// See [`OperateError`].
pub async fn client(command: Client, terminal: &impl Terminal) -> Result<(), OperateError> {
    let service = open(&command.operation).await?;
    let as_json = command.operation.json;
    let done = act(&service, command.action, terminal, as_json).await;
    service.close().await;
    done
}

async fn act(
    service: &Service,
    action: ClientAction,
    terminal: &impl Terminal,
    as_json: bool,
) -> Result<(), OperateError> {
    let origin = Origin::command();
    let changed = match action {
        ClientAction::Add { name, slug } => {
            let wanted = ClientEdit { name: Some(name), slug, active: None };
            (service.clients().create(&origin, wanted).await?, "created")
        }
        ClientAction::List => {
            let clients = service.clients().all().await?;
            if as_json {
                terminal.line(&json(&clients));
            } else {
                columns(terminal, &clients, cells);
            }
            return Ok(());
        }
        ClientAction::Link { slug, label } => {
            let client = service.clients().by_slug(&slug).await?;
            let made = service.clients().make_link(&origin, &client.id, &NewLink { label }).await?;
            if as_json {
                terminal.line(&json(&made));
            } else {
                terminal.line(&format!("access link {} of {slug}, shown only once:", made.link.id));
                terminal.line(made.url.reveal());
            }
            return Ok(());
        }
        ClientAction::Links { slug } => {
            let client = service.clients().by_slug(&slug).await?;
            let links = service.clients().all_links(&client.id).await?;
            if as_json {
                terminal.line(&json(&links));
            } else {
                columns(terminal, &links, link_cells);
            }
            return Ok(());
        }
        ClientAction::Revoke { link } => {
            let revoked = service.clients().revoke_link(&origin, None, &Id::stored(link)).await;
            let revoked = revoked.map_err(|error| match error {
                Error::NotFound => OperateError::Unknown("active link with this ID"),
                other => other.into(),
            })?;
            terminal.line(&if as_json {
                json(&revoked.to_wire())
            } else {
                format!("{}: revoked; portal sessions opened with it have ended", revoked.id)
            });
            return Ok(());
        }
        ClientAction::Deactivate { slug } => {
            (set_active(service, &origin, &slug, false).await?, "deactivated; its access links no longer work")
        }
        ClientAction::Activate { slug } => (set_active(service, &origin, &slug, true).await?, "active"),
    };
    let (client, done) = changed;
    terminal.line(&if as_json { json(&[client]) } else { format!("{}: {done}", client.slug) });
    Ok(())
}

async fn set_active(
    service: &Service,
    origin: &Origin,
    slug: &str,
    active: bool,
) -> Result<clients::Client, OperateError> {
    let client = service.clients().by_slug(slug).await?;
    let wanted = ClientEdit { active: Some(active), ..ClientEdit::default() };
    Ok(service.clients().edit(origin, &client.id, wanted).await?)
}

fn cells(client: &clients::Client) -> [String; 5] {
    let status = if client.active { "active" } else { "deactivated" };
    let count = |number: u32, what: &str| format!("{number} {what}");
    [
        client.slug.clone(),
        status.to_owned(),
        count(client.projects, "projects"),
        count(client.links, "links"),
        client.name.clone(),
    ]
}

fn link_cells(link: &Link) -> [String; 4] {
    let status = if link.revoked_at.is_some() { "revoked" } else { "active" };
    [link.id.clone(), status.to_owned(), link.created_at.as_str().to_owned(), link.label.clone()]
}
