//! Pages of long lists.

use doorstep_contract::account::List;

/// Which part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// From 1.
    pub number: u32,
    /// How many fit on a page.
    pub limit: u32,
}

impl Page {
    /// How many fit on a page by default.
    pub const DEFAULT_LIMIT: u32 = 25;
    /// How many fit on a page at most.
    pub const MAX_LIMIT: u32 = 100;

    /// Everything, for an operator's command.
    pub const WHOLE: Self = Self { number: 1, limit: u32::MAX };

    /// How many there are before it.
    #[must_use]
    pub fn offset(self) -> i64 {
        i64::from(self.number.saturating_sub(1)) * i64::from(self.limit)
    }

    /// The page with what is on it, of so many.
    #[must_use]
    pub fn list<T>(self, items: Vec<T>, total: u64) -> List<T> {
        let total = u32::try_from(total).unwrap_or(u32::MAX);
        List { items, total, page: self.number, limit: self.limit }
    }
}
