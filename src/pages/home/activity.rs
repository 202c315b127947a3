//! Recent activity, for operators: the latest events, and the failed sign-ins of a day.

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

/// The number of events shown.
const EVENTS: u32 = 5;
/// The hours for which failed sign-ins are counted.
const LATELY: u32 = 24;

/// The content of the panel.
#[derive(Clone)]
struct Activity {
    newest: Vec<AuditEntry>,
    titles: Vec<EventTitle>,
    /// The number of failed sign-ins in the last `LATELY` hours.
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
    // The failed sign-ins in the audit log.
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
