//! What happened last, for operators: the newest events, and how many sign-ins failed within a day.

use doorstep_contract::{
    account::List,
    audit::{AuditEntry, EventTitle},
    route::ClientRoute,
};
use doorstep_locales::words::home as words;
use leptos::prelude::*;

use crate::{
    api::{ApiError, audit as api, coming},
    i18n::{t, t_count},
    pages::audit::{Events, hours_ago},
    ui::{link::Link, page::Panel},
    widgets::one::{Loaded, One},
};

/// So many events are shown.
const EVENTS: u32 = 5;
/// The hours that count as lately.
const LATELY: u32 = 24;

/// What the panel says.
#[derive(Clone)]
struct Activity {
    newest: Vec<AuditEntry>,
    titles: Vec<EventTitle>,
    /// How many sign-ins have failed lately.
    failed: u32,
}

async fn load() -> Result<Activity, ApiError> {
    let List { items: titles, .. } = api::events().await?;
    let List { items: newest, .. } = api::entries(&format!("limit={EVENTS}")).await?;
    let failed = format!("event=sign_in_failed&limit=1&since={}", hours_ago(LATELY));
    let List { total: failed, .. } = api::entries(&failed).await?;
    Ok(Activity { newest, titles, failed })
}

/// The panel.
#[component]
pub(super) fn ActivityPanel() -> impl IntoView {
    let activity = One::load(|| coming(load()));
    view! {
        <Panel heading_id="activity-heading" title=words::ACTIVITY>
            <Loaded one=activity>{activity.get_untracked().map(|activity| view! { <Known activity /> })}</Loaded>
            <Link href=ClientRoute::Audit.path()>{t(words::ALL_EVENTS)}</Link>
        </Panel>
    }
}

#[component]
fn Known(activity: Activity) -> impl IntoView {
    let Activity { newest, titles, failed } = activity;
    let titles = StoredValue::new(titles);
    // The same, in the log.
    let address = [ClientRoute::Audit.path(), "?event=sign_in_failed&period=24h"].concat();
    view! {
        {(failed > 0)
            .then(|| {
                view! {
                    <p>
                        <Link href=address>{t_count(words::FAILED_SIGN_INS, failed)}</Link>
                    </p>
                }
            })}
        <Events entries=newest titles dated=true />
    }
}
