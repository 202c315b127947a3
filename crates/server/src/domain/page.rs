//! Pages of lists.

use doorstep_contract::account::List;

/// A page of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// The number, from 1.
    pub number: u32,
    /// The number of items per page.
    pub limit: u32,
}

impl Page {
    /// The default number of items per page.
    pub const DEFAULT_LIMIT: u32 = 25;
    /// The maximum number of items per page.
    pub const MAX_LIMIT: u32 = 100;

    /// The whole list, for operators' commands.
    pub const WHOLE: Self = Self { number: 1, limit: u32::MAX };

    /// The number of items before this page.
    #[must_use]
    pub fn offset(self) -> i64 {
        i64::from(self.number.saturating_sub(1)) * i64::from(self.limit)
    }

    /// The response with the items of this page and the total number.
    #[must_use]
    pub fn list<T>(self, items: Vec<T>, total: u64) -> List<T> {
        let total = u32::try_from(total).unwrap_or(u32::MAX);
        List { items, total, page: self.number, limit: self.limit }
    }
}
