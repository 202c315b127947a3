//! A page of a list.

use std::sync::Arc;

use doorstep_contract::account;
use doorstep_locales::{Word, fill, words::list as words};
use leptos::prelude::*;

use crate::i18n::{number, t_count, t_with};

/// A page of a list.
#[derive(Clone)]
pub(crate) struct Found {
    pub(super) total: u32,
    pub(super) page: u32,
    pub(super) limit: u32,
    /// The number of rows on the page.
    pub(super) count: u32,
    pub(super) draw: Arc<dyn Fn() -> AnyView + Send + Sync>,
    pub(super) layout: Layout,
    /// What an empty list leaves out, although no filter says so.
    pub(super) left_out: Option<LeftOut>,
}

/// Items that a list has only with a value of a filter.
#[derive(Clone, Copy)]
pub(crate) struct LeftOut {
    /// The text of the list.
    pub(crate) text: Word,
    /// The label of the button that includes them.
    pub(crate) include: Word,
    pub(crate) parameter: &'static str,
    pub(crate) value: &'static str,
}

/// The container of the rows.
#[derive(Clone, Copy)]
pub(super) enum Layout {
    List,
    /// A table with its caption and columns.
    Table(Word, &'static [Word]),
    /// The rows have their own container.
    Own,
}

impl Found {
    /// A page from the server. `row` draws an `li`.
    pub(crate) fn new<T: Send + Sync + 'static, V: IntoView + 'static>(
        list: account::List<T>,
        row: impl Fn(&T) -> V + Send + Sync + 'static,
    ) -> Self {
        let draw = move |items: &[T]| items.iter().map(|item| row(item).into_any()).collect::<Vec<_>>();
        Self { layout: Layout::List, ..Self::drawn(list, draw) }
    }

    /// A page from the server, whose rows are drawn together by `draw`.
    pub(crate) fn drawn<T: Send + Sync + 'static, V: IntoView + 'static>(
        list: account::List<T>,
        draw: impl Fn(&[T]) -> V + Send + Sync + 'static,
    ) -> Self {
        let account::List { items, total, page, limit } = list;
        let count = u32::try_from(items.len()).unwrap_or(u32::MAX);
        let draw = Arc::new(move || draw(&items).into_any());
        Self { total, page, limit, count, draw, layout: Layout::Own, left_out: None }
    }

    /// As a table with this caption and these columns: a row is a `<tr role="row">`.
    pub(crate) fn in_table(self, caption: Word, columns: &'static [Word]) -> Self {
        Self { layout: Layout::Table(caption, columns), ..self }
    }

    /// The items that it leaves out, if it is empty.
    pub(crate) fn leaving_out(self, left_out: Option<LeftOut>) -> Self {
        Self { left_out, ..self }
    }

    pub(super) fn last_page(&self) -> u32 {
        self.total.div_ceil(self.limit.max(1)).max(1)
    }

    /// `51–100 of 10,000`; on one page `12 results`, or `12 in total` of a list that is not narrowed.
    pub(super) fn range(&self, is_narrowed: bool) -> String {
        if self.last_page() == 1 {
            return if is_narrowed {
                t_count(words::RESULTS, self.total)
            } else {
                t_with(words::IN_TOTAL, "total", &number(self.total))
            };
        }
        let before = self.page.saturating_sub(1).saturating_mul(self.limit);
        let from = t_with(words::SHOWN, "from", &number(before.saturating_add(1)));
        let to = fill(&from, "to", &number(before.saturating_add(self.count)));
        fill(&to, "total", &number(self.total))
    }
}
