//! Lists of terms and values.

use doorstep_contract::auth::Timestamp;
use doorstep_locales::Word;
use leptos::prelude::*;

use super::{
    badge::{Badge, Tone},
    time::Time,
};
use crate::i18n::t;

/// A term and its value.
pub(crate) type Fact = (Word, Value);

/// A value.
#[derive(Clone)]
pub(crate) enum Value {
    Text(String),
    /// An id, or another text that is no words.
    Code(String),
    Time(Timestamp),
    /// A name and a time, for "by … at …".
    By(String, Timestamp),
    Badge(Word, Tone),
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Timestamp> for Value {
    fn from(time: Timestamp) -> Self {
        Self::Time(time)
    }
}

/// A list of facts.
#[component]
pub(crate) fn Facts(#[prop(optional)] class: &'static str, facts: Vec<Fact>) -> impl IntoView {
    let fact = |(name, value): Fact| {
        view! {
            <div>
                <dt>{t(name)}</dt>
                <dd>
                    <Shown value />
                </dd>
            </div>
        }
    };
    view! { <dl class=class>{facts.into_iter().map(fact).collect_view()}</dl> }
}

/// A value as it is shown.
#[component]
pub(crate) fn Shown(value: Value) -> impl IntoView {
    match value {
        Value::Text(text) => view! { <bdi>{text}</bdi> }.into_any(),
        Value::Code(text) => view! {
            <bdi>
                <code>{text}</code>
            </bdi>
        }
        .into_any(),
        Value::Time(at) => view! { <Time at /> }.into_any(),
        Value::By(who, at) => view! {
            <bdi>{who}</bdi>
            " · "
            <Time at />
        }
        .into_any(),
        Value::Badge(word, tone) => view! { <Badge word tone /> }.into_any(),
    }
}
