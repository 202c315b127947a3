//! Rows of cells. The roles are said aloud: a narrow screen stacks the cells, and an element that is drawn as a block is
//! no cell to every browser.

use doorstep_locales::Word;
use leptos::{html::custom, prelude::*};

use crate::{i18n::t, ui::part::text};

/// A table with its rows.
pub(super) fn table(class: &'static str, caption: Word, columns: &[Word], rows: Vec<AnyView>) -> AnyView {
    let column = |column: &Word| {
        let heading = custom("th").attr("role", "columnheader").attr("scope", "col");
        heading.child(text(t(*column))).into_any()
    };
    let heading = element("tr", "row", columns.iter().map(column).collect());
    let caption = custom("caption").attr("class", "visually-hidden").child(text(t(caption))).into_any();
    let parts = vec![caption, element("thead", "rowgroup", vec![heading]), element("tbody", "rowgroup", rows)];
    custom("table").attr("class", class).attr("role", "table").child(parts).into_any()
}

/// A row of it.
pub(crate) fn row(cells: Vec<Vec<AnyView>>) -> AnyView {
    element("tr", "row", cells.into_iter().map(|cell| element("td", "cell", cell)).collect())
}

fn element(tag: &'static str, role: &'static str, children: Vec<AnyView>) -> AnyView {
    custom(tag).attr("role", role).child(children).into_any()
}
