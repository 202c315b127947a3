//! A user is signed in already: continue as this one, or sign out first.

use doorstep_locales::words::continue_as;
use leptos::{prelude::*, task::spawn_local};

use super::flow::LoginFlow;
use crate::{
    i18n::{t, t_with},
    session::Session,
    ui::{
        button::{Button, Look},
        page::Card,
    },
};

/// The stage.
#[component]
pub(super) fn ContinueAsStage(flow: LoginFlow) -> impl IntoView {
    let session = Session::expect();
    let name = untrack(|| session.me()).map(|me| me.account.display_name().to_owned()).unwrap_or_default();
    view! {
        <Card title=continue_as::TITLE>
            <Button look=Look::Primary on_press=move || flow.leave()>
                {t_with(continue_as::GO_ON, "name", &name)}
            </Button>
            <Button on_press=move || spawn_local(session.log_out())>{t(continue_as::SIGN_OUT)}</Button>
        </Card>
    }
}
