//! An event of the audit log: a line, with its details in a disclosure.

use doorstep_contract::audit::{AuditEntry, EventTitle};
use doorstep_locales::words::{audit as words, requester};
use leptos::prelude::*;

use super::detail::facts;
use crate::{
    i18n::{exact_time, t, time_of_day},
    ui::{
        facts::{Shown, Value},
        icon::{Icon, Shape},
        time::near_or_day,
    },
    widgets::actor::by,
};

/// The icons of events by prefix; the first match wins.
const SUBJECTS: &[(&str, Shape)] = &[
    ("sign_in_failed", Shape::Warning),
    ("sso_refused", Shape::Warning),
    ("refresh_token_reused", Shape::Warning),
    ("reauth_failed", Shape::Warning),
    ("second_factor_locked", Shape::Warning),
    ("device_", Shape::Device),
    ("trusted_device_", Shape::Device),
    ("project_", Shape::Folder),
    ("update_", Shape::Folder),
    ("member_", Shape::Folder),
    ("client_", Shape::Person),
    ("link_", Shape::Link),
    ("preview_", Shape::Link),
    ("portal_", Shape::Link),
    ("signed_in", Shape::Person),
    ("signed_out", Shape::LogOut),
    ("account_", Shape::Person),
    ("session_ended", Shape::LogOut),
    ("email_", Shape::Person),
    ("username_", Shape::Person),
    ("", Shape::Key),
];

/// Events, each a disclosure, under the column headings.
#[component]
pub(crate) fn Events(
    entries: Vec<AuditEntry>,
    titles: StoredValue<Vec<EventTitle>>,
    /// Whether there are no headings with the day.
    #[prop(optional)]
    dated: bool,
) -> impl IntoView {
    let entry = |entry| view! { <Entry entry titles dated /> };
    // Hidden from screen readers: each opened line has these names.
    view! {
        <div class="events" class:dated=dated>
            <p class="events-head" aria-hidden="true">
                {[words::WHEN, words::EVENT, words::ACTOR, words::WHAT, requester::ADDRESS]
                    .map(|name| view! { <span>{t(name)}</span> })
                    .collect_view()}
            </p>
            <ul>{entries.into_iter().map(entry).collect_view()}</ul>
        </div>
    }
}

/// A line: time, event, actor, target, address. Its details have everything that was recorded.
#[component]
fn Entry(entry: AuditEntry, titles: StoredValue<Vec<EventTitle>>, dated: bool) -> impl IntoView {
    let title = titles.with_value(|titles| {
        let known = titles.iter().find(|title| title.event == entry.event);
        known.map_or_else(|| entry.event.clone(), |known| known.title.clone())
    });
    let shape = SUBJECTS.iter().find(|(begin, _)| entry.event.starts_with(begin)).map(|(_, shape)| *shape);
    let is_warning = shape == Some(Shape::Warning);
    let absolute = exact_time(&entry.at);
    let shown_time = if dated { near_or_day(&entry.at) } else { time_of_day(&entry.at) };
    let entry = if entry.actor_id.is_none() { AuditEntry { actor: by(entry.actor), ..entry } } else { entry };
    let recorded = recorded(&entry, &absolute);
    let AuditEntry { at, actor, ip, subject, .. } = entry;
    // The target of a user's action on the own account is omitted.
    let target = if subject == actor { String::new() } else { subject };
    view! {
        <li>
            <details>
                <summary class:warning=is_warning>
                    <time datetime=at.as_str().to_owned() title=absolute>
                        {shown_time}
                    </time>
                    {shape.map(|shape| view! { <Icon shape /> })}
                    <strong>{title}</strong>
                    {[("actor", actor), ("target", target), ("address", ip.unwrap_or_default())]
                        .map(|(class, value)| view! { <span class=class>{known(value)}</span> })
                        .collect_view()}
                </summary>
                <dl class="facts">
                    {recorded
                        .into_iter()
                        .map(|(name, value)| {
                            view! {
                                <div>
                                    <dt>{name}</dt>
                                    <dd>
                                        <Shown value />
                                    </dd>
                                </div>
                            }
                        })
                        .collect_view()}
                </dl>
            </details>
        </li>
    }
}

/// Everything recorded, with names: the columns, then the details, then the ids.
fn recorded(entry: &AuditEntry, at: &str) -> Vec<(String, Value)> {
    let known = |name, value: &str| (t(name).to_owned(), value.to_owned().into());
    let code = |name, id: &str| (t(name).to_owned(), Value::Code(id.to_owned()));
    let mut recorded = vec![known(words::WHEN, at)];
    for (name, value) in [
        (words::ACTOR, Some(&entry.actor)),
        (words::WHAT, Some(&entry.subject)),
        (requester::ADDRESS, entry.ip.as_ref()),
    ] {
        recorded.extend(value.filter(|value| !value.is_empty()).map(|value| known(name, value)));
    }
    recorded.extend(facts(&entry.detail));
    recorded.extend(entry.actor_id.as_ref().map(|id| code(words::ACTOR_ID, id)));
    recorded.push(code(words::EVENT_ID, &entry.id));
    recorded
}

/// A value, isolated from the direction of the surrounding text; nothing if it is empty.
fn known(value: String) -> Option<impl IntoView> {
    (!value.is_empty()).then(|| view! { <bdi>{value}</bdi> })
}
