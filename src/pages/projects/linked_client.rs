//! The client of a project: at most one.

use std::rc::Rc;

use doorstep_contract::{
    clients::Client,
    projects::{Project, ProjectEdit, ProjectStatus},
    route::ClientRoute,
    uuid::Uuid,
};
use doorstep_locales::{
    Word,
    words::{clients, projects as words},
};
use leptos::prelude::*;

use crate::{
    api::{clients::clients as find_clients, coming, projects as api},
    i18n::{t, t_with},
    pages::clients::address,
    ui::{
        badge::Badge,
        button::{Button, Look},
        cancel::Cancel,
        dialog::{Dialog, DialogState},
        focus::focus_on,
        link::Link,
        live::Alert,
        page::Panel,
    },
    widgets::{
        announcement::Announcement,
        client_status::ClientMarks,
        confirm::{Confirm, ConfirmDialog, Question},
        list::{self, Filter, Found, List, PagedList},
        one::One,
        press::Press,
    },
};

const HEADING: &str = "client-heading";
/// The number of clients per page of the dialog.
const LIMIT: u32 = 10;

/// The state that the parts of the panel share.
#[derive(Clone, Copy)]
struct Linking {
    id: Uuid,
    project: One<Project>,
    dialog: DialogState,
    press: Press,
    /// Asks before the client loses access.
    confirm: Confirm,
    announcement: Announcement,
}

impl Linking {
    fn ask_to_unlink(self, name: &str) {
        let act = move || {
            coming(async move {
                let edit = ProjectEdit { client_id: Some(String::new()), ..ProjectEdit::default() };
                self.project.set(api::edit(self.id, &edit).await?);
                Ok(())
            })
        };
        self.confirm.ask(Question {
            title: t_with(words::UNLINK_QUESTION, "name", name),
            meaning: words::UNLINK_TEXT,
            label: words::UNLINK,
            destroys: false,
            told: words::UNLINKED_NOW,
            act: Rc::new(act),
        });
    }

    /// Links the project to a client.
    fn link(self, client_id: String) {
        self.press.run(async move || {
            let edit = ProjectEdit { client_id: Some(client_id), ..ProjectEdit::default() };
            self.project.set(api::edit(self.id, &edit).await?);
            self.dialog.close();
            self.announcement.tell(t(words::LINKED_NOW).to_owned());
            // The pressed button is gone.
            focus_on(HEADING);
            Ok(())
        });
    }
}

/// The panel.
#[component]
pub(super) fn LinkedClientPanel(id: Uuid, project: One<Project>) -> impl IntoView {
    let linking = Linking {
        id,
        project,
        dialog: DialogState::new("choose-client"),
        press: Press::new(),
        confirm: Confirm::new(HEADING.to_owned()),
        announcement: Announcement::expect(),
    };
    let linked = move || {
        project.get().map(|project| {
            if let Some(id) = project.client_id {
                let name = project.client_name.unwrap_or_default();
                let (is_active, is_preview) =
                    (project.client_active != Some(false), project.client_preview == Some(true));
                view! { <Linked linking id name is_active is_preview /> }.into_any()
            } else {
                let is_archived = project.status == ProjectStatus::Archived;
                view! { <Unlinked linking is_archived /> }.into_any()
            }
        })
    };
    view! {
        <Panel heading_id=HEADING title=words::CLIENT>
            <Alert error=linking.press.error() />
            <Alert error=linking.confirm.error() />
            {linked}
            <ConfirmDialog confirm=linking.confirm />
            <Dialog state=linking.dialog title=t(words::CHOOSE_CLIENT)>
                <Chooser linking />
            </Dialog>
        </Panel>
    }
}

/// The client, with buttons to change and unlink it.
#[component]
fn Linked(
    linking: Linking,
    /// The client's id.
    id: String,
    name: String,
    is_active: bool,
    is_preview: bool,
) -> impl IntoView {
    let asked = name.clone();
    view! {
        <div class="stack">
            <p class="linked">
                <Link href=address(&id)>{name}</Link>
                <ClientMarks is_active is_preview />
            </p>
            <div class="buttons">
                <ChooseButton linking label=words::CHANGE_CLIENT />
                <Button small=true on_press=move || linking.ask_to_unlink(&asked)>
                    {t(words::UNLINK)}
                </Button>
            </div>
        </div>
    }
}

#[component]
fn Unlinked(
    linking: Linking,
    /// An archived project has no preview.
    is_archived: bool,
) -> impl IntoView {
    view! {
        <div class="stack">
            <p class="note">{t(words::NO_CLIENT)}</p>
            {(!is_archived).then(|| view! { <p class="note">{t(words::NO_CLIENT_PREVIEW)}</p> })}
            <div class="buttons">
                <ChooseButton linking label=words::CHOOSE_CLIENT />
            </div>
        </div>
    }
}

#[component]
fn ChooseButton(linking: Linking, label: Word) -> impl IntoView {
    view! {
        <Button small=true on_press=move || linking.dialog.open()>
            {t(label)}
        </Button>
    }
}

/// The content of the dialog: a page of the clients, as buttons.
#[component]
fn Chooser(linking: Linking) -> impl IntoView {
    let kind = list::Kind {
        name: "choose-client-list".to_owned(),
        class: "choices",
        filters: vec![Filter::search()],
        none: words::NO_CLIENTS,
        limit: LIMIT,
        in_address: false,
    };
    let list = PagedList::new(kind, move |_, query| {
        coming(async move {
            let found = find_clients(&query.for_server()).await?;
            Ok(Found::new(found, move |client| view! { <Candidate linking client=client.clone() /> }))
        })
    });
    view! {
        <Alert error=linking.press.error() />
        <List
            list
            first=|| {
                view! {
                    <Link href=ClientRoute::Clients.path() class="button">
                        {t(clients::TITLE)}
                    </Link>
                }
            }
        />
        <div class="buttons">
            <Cancel on_press=move || linking.dialog.close() />
        </div>
    }
}

/// A client to choose.
#[component]
fn Candidate(linking: Linking, client: Client) -> impl IntoView {
    let Client { id, name, active, preview, .. } = client;
    let is_linked = linking.project.get_untracked().is_some_and(|project| project.client_id.as_ref() == Some(&id));
    let choice = if is_linked {
        view! {
            <bdi>{name}</bdi>
            <Badge word=words::LINKED />
        }
        .into_any()
    } else {
        let link = move || linking.link(id.clone());
        view! {
            <Button look=Look::Quiet on_press=link>
                {name}
            </Button>
        }
        .into_any()
    };
    view! {
        <li>
            {choice}
            <ClientMarks is_active=active is_preview=preview />
        </li>
    }
}
