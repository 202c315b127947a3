//! Names and values.

use doorstep_locales::Word;
use leptos::prelude::*;

use crate::i18n::t;

/// What something is called, and what it is.
pub(crate) type Fact = (Word, String);

/// A list of facts.
#[component]
pub(crate) fn Facts(#[prop(optional)] class: &'static str, facts: Vec<Fact>) -> impl IntoView {
    let fact = |(name, value): Fact| {
        view! {
            <div>
                <dt>{t(name)}</dt>
                <dd>{value}</dd>
            </div>
        }
    };
    view! { <dl class=class>{facts.into_iter().map(fact).collect_view()}</dl> }
}
