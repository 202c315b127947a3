//! Tables. The roles are explicit: on narrow screens cells are stacked, and not every browser takes an element with
//! `display: block` for a cell. A row is `<tr role="row">` with `<td role="cell">`.

use doorstep_contract::auth::Timestamp;
use doorstep_locales::{
    Word,
    words::{list as words, projects},
};
use leptos::prelude::*;

use crate::{i18n::t, ui::time::Time};

/// A table with its rows.
#[component]
pub(super) fn Table(class: &'static str, caption: Word, columns: &'static [Word], children: Children) -> impl IntoView {
    let heading = |column: &Word| {
        // The labels of the buttons are sufficient.
        let is_hidden = *column == words::ACTIONS;
        view! {
            <th role="columnheader" scope="col">
                <span class:visually-hidden=is_hidden>{t(*column)}</span>
            </th>
        }
    };
    view! {
        <table class=class role="table">
            <caption class="visually-hidden">{t(caption)}</caption>
            <thead role="rowgroup">
                <tr role="row">{columns.iter().map(heading).collect_view()}</tr>
            </thead>
            <tbody role="rowgroup">{children()}</tbody>
        </table>
    }
}

/// A cell that says when something was changed: where no heading does, in a sentence.
#[component]
pub(crate) fn Changed(at: Timestamp) -> impl IntoView {
    let (before, after) = t(projects::CHANGED_AT).split_once("{time}").unwrap_or_default();
    view! {
        <td role="cell">
            <span class="narrow">{before}</span>
            <Time at />
            <span class="narrow">{after}</span>
        </td>
    }
}
