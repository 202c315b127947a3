//! `/ui`, in debug builds only (`cargo xtask run --debug`): every component in each of its states, for work on the
//! style. The texts are arbitrary words of the app.

use doorstep_contract::{route::ClientRoute, secret::Secret};
use doorstep_locales::{
    Word,
    words::{account, choose, credentials, dialog as dialog_words, error, list, profile, project_status, projects},
};
use leptos::prelude::*;

use super::{
    area::Area,
    badge::{Badge, Tone},
    button::{Button, Look},
    choice::ChoiceField,
    copy::CopyButton,
    dialog::{Dialog, DialogState},
    facts::Facts,
    field::{Field, Kind},
    form::{Form, FormState, Problem, Refusal},
    icon::{Icon, Shape},
    link::Link,
    live::{Alert, Status},
    page::{Page, Panel},
};
use crate::i18n::t;

const LOOKS: [Look; 4] = [Look::Primary, Look::Secondary, Look::Quiet, Look::Danger];
const SHAPES: [Shape; 3] = [Shape::LogOut, Shape::Down, Shape::Eye];

/// The page.
#[component]
pub(crate) fn Gallery() -> impl IntoView {
    view! {
        <Page title="/ui">
            <Buttons />
            <Forms />
            <Texts />
            <Dialogs />
        </Page>
    }
}

#[component]
fn Buttons() -> impl IntoView {
    let row = |busy: bool| {
        let button = move |look| {
            view! {
                <Button look busy on_press=|| ()>
                    {t(profile::SUBMIT)}
                </Button>
            }
        };
        view! { <div class="buttons">{LOOKS.into_iter().map(button).collect_view()}</div> }
    };
    view! {
        <Panel heading_id="gallery-buttons" title=list::EDIT>
            {row(false)}
            {row(true)}
            <div class="buttons">
                <Link class="button" href=ClientRoute::Projects.path()>
                    {t(projects::TITLE)}
                </Link>
                <Link href=ClientRoute::Projects.path()>{t(projects::TITLE)}</Link>
                <CopyButton text=Secret::new("copied".to_owned()) />
                {SHAPES.into_iter().map(|shape| view! { <Icon shape /> }).collect_view()}
            </div>
        </Panel>
    }
}

/// The same form in each of its states.
#[component]
fn Forms() -> impl IntoView {
    let problem = |sentence: Word, field| Problem { sentence, field };
    view! {
        <Panel heading_id="gallery-forms" title=account::PROFILE>
            <ExampleForm name="ready" />
            <ExampleForm name="blamed" outcome=Err(problem(error::NAME_INVALID, Some("blamed-title")).into()) />
            <ExampleForm name="refused" outcome=Err(problem(error::GENERAL, None).into()) />
            <ExampleForm name="waiting" outcome=Err(Refusal::Wait(900)) />
            <ExampleForm name="done" outcome=Ok(()) />
        </Panel>
    }
}

#[component]
fn ExampleForm(
    name: &'static str,
    /// The outcome of the submit that the example starts with.
    #[prop(optional)]
    outcome: Option<Result<(), Refusal>>,
) -> impl IntoView {
    let state = FormState::new(name);
    let (text, secret, prose, chosen) = (
        RwSignal::new(String::new()),
        RwSignal::new("a secret".to_owned()),
        RwSignal::new(String::new()),
        RwSignal::new("2".to_owned()),
    );
    let choices = [("1", project_status::PLANNED), ("2", project_status::ACTIVE)];
    let choices = choices.map(|(value, word)| (value.to_owned(), t(word).to_owned())).to_vec();
    // Unique ids: each begins with the name of its form.
    let id = move |part: &str| -> &'static str { String::leak([name, "-", part].concat()) };
    if let Some(outcome) = outcome {
        state.submit(async move { outcome }, || ());
    }
    view! {
        <Form
            state
            submit=profile::SUBMIT
            submitting=choose::SUBMITTING
            on_submit=async || Ok(())
            on_done=move || state.reset()
        >
            <Field form=state id=id("title") label=projects::NAME kind=Kind::Title value=text />
            <Field form=state id=id("password") label=credentials::PASSWORD kind=Kind::CurrentPassword value=secret />
            <Area form=state id=id("summary") label=projects::SUMMARY value=prose />
            <ChoiceField id=id("status") label=projects::STATUS choices value=chosen />
        </Form>
    }
}

#[component]
fn Texts() -> impl IntoView {
    let facts = vec![
        (projects::STATUS, t(project_status::PAUSED).to_owned().into()),
        (projects::NAME, t(projects::UPDATES_TEXT).to_owned().into()),
    ];
    view! {
        <Panel heading_id="gallery-texts" title=projects::ABOUT>
            <Alert error=Some(error::UNREACHABLE) />
            <Status>
                <p class="notice done">{t(profile::SAVED)}</p>
                <p class="notice">{t(error::RATE_LIMITED)}</p>
            </Status>
            <p>{t(projects::UPDATES_TEXT)}</p>
            <p class="note">{t(projects::UPDATES_TEXT)}</p>
            <Badge word=project_status::PLANNED tone=Tone::Idle />
            <Badge word=project_status::ACTIVE tone=Tone::Ok />
            <Badge word=project_status::PAUSED tone=Tone::Hold />
            <Badge word=project_status::DONE tone=Tone::Info />
            <Facts class="facts" facts />
        </Panel>
    }
}

#[component]
fn Dialogs() -> impl IntoView {
    let dialog = DialogState::new("gallery");
    view! {
        <Panel heading_id="gallery-dialogs" title=projects::ARCHIVE>
            <Button on_press=move || dialog.open()>{t(projects::ARCHIVE)}</Button>
            <Dialog state=dialog title=t(projects::ARCHIVE)>
                <p>{t(projects::ARCHIVE_TEXT)}</p>
                <div class="buttons">
                    <Button on_press=move || dialog.close()>{t(dialog_words::CANCEL)}</Button>
                    <Button look=Look::Danger on_press=move || dialog.close()>
                        {t(projects::ARCHIVE)}
                    </Button>
                </div>
            </Dialog>
        </Panel>
    }
}
