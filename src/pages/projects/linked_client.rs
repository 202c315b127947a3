//! Whom a project is for: at most one client, chosen among all.

use doorstep_contract::{
    clients::Client,
    projects::{Project, ProjectEdit},
    uuid::Uuid,
};
use doorstep_locales::words::{clients, dialog as dialog_words, profile, projects as words};
use leptos::prelude::*;

use crate::{
    announcement::Announcement,
    api::{clients::clients as find_clients, coming, projects as api},
    i18n::t,
    pages::{
        clients::{address, marks},
        list::{self, Filter, Found, PagedList},
        one::One,
        press::Press,
    },
    session::proof::Proof,
    ui::{
        busy::busy_button,
        dialog::Dialog,
        focus::focus_on,
        part::{badge, block, button, buttons, dynamic, link_to, note, nothing, panel, text},
    },
};

const HEADING: &str = "client-heading";
/// So many are offered at a time.
const LIMIT: u32 = 10;

/// What the parts of the panel share.
#[derive(Clone, Copy)]
struct Linking {
    id: Uuid,
    project: One<Project>,
    dialog: Dialog,
    press: Press,
    proof: Proof,
    announcement: Announcement,
}

impl Linking {
    /// Links it to this client, or to none.
    fn link(self, client_id: Option<String>) {
        self.press.run(async move || {
            let edit = ProjectEdit { client_id: Some(client_id.unwrap_or_default()), ..ProjectEdit::default() };
            self.project.set(self.proof.with(async || api::edit(self.id, &edit).await).await?);
            self.dialog.close();
            self.announcement.tell(t(profile::SAVED).to_owned());
            // The button that was pressed is gone.
            focus_on(HEADING);
            Ok(())
        });
    }
}

/// The panel.
pub(super) fn linked_client(id: Uuid, project: One<Project>) -> AnyView {
    let linking = Linking {
        id,
        project,
        dialog: Dialog::new("choose-client"),
        press: Press::new(),
        proof: Proof::expect(),
        announcement: Announcement::expect(),
    };
    let drawn = dynamic(move || {
        let Some(Project { client_id, client_name, client_active, .. }) = project.get() else {
            return nothing();
        };
        let choose = button("button", words::CHOOSE_CLIENT, move || linking.dialog.open());
        let Some(client_id) = client_id else {
            return block("div", "stack", vec![note(words::NO_CLIENT), buttons(vec![choose])]);
        };
        let mut name = vec![link_to("", address(&client_id), client_name.unwrap_or_default())];
        if client_active == Some(false) {
            name.extend([text(" "), badge("badge alerting", clients::INACTIVE)]);
        }
        let unlink = busy_button(words::UNLINK, linking.press.busy(), move || linking.link(None));
        block("div", "stack", vec![block("p", "", name), buttons(vec![choose, unlink])])
    });
    let content = move || (t(words::CHOOSE_CLIENT).to_owned(), chooser(linking));
    panel(HEADING, words::CLIENT, vec![linking.press.alert(), drawn, linking.dialog.frame(content, || {})])
}

/// What is in the dialog: a part of the clients, as buttons.
fn chooser(linking: Linking) -> Vec<AnyView> {
    let kind = list::Kind {
        name: "choose-client-list".to_owned(),
        class: "choices",
        filters: vec![Filter::search()],
        none: clients::NONE,
        limit: LIMIT,
        in_address: false,
    };
    let row = move |client: &Client| {
        let id = client.id.clone();
        let mut parts = vec![link_button(client.name.clone(), move || linking.link(Some(id.clone())))];
        parts.extend(marks(client));
        block("li", "", parts)
    };
    let list = PagedList::new(kind, move |_, query| {
        coming(async move { Ok(Found::new(find_clients(&query.for_server()).await?, row)) })
    });
    vec![linking.press.alert(), list.view(), button("button", dialog_words::CANCEL, move || linking.dialog.close())]
}

/// A name to choose.
fn link_button(name: String, choose: impl Fn() + 'static) -> AnyView {
    view! {
        <button type="button" class="link" on:click=move |_| choose()>
            {name}
        </button>
    }
    .into_any()
}
