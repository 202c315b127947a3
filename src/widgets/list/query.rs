//! The query of a list: values of its filters, and a page.

use web_sys::UrlSearchParams;

/// The parameter for the page.
const PAGE: &str = "page";
/// The parameter for the number of rows per page.
const LIMIT: &str = "limit";

/// Values of the filters, and a page from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Query {
    /// One for each filter, also if it is empty.
    values: Vec<(&'static str, String)>,
    page: u32,
    /// Rows per page.
    limit: u32,
}

impl Query {
    /// Parses the query of an address. Unknown and malformed parts are ignored.
    pub(super) fn read(search: &str, parameters: impl Iterator<Item = &'static str>, limit: u32) -> Self {
        let known = UrlSearchParams::new_with_str(search).ok();
        let value = |name| known.as_ref().and_then(|known| known.get(name)).unwrap_or_default();
        Self {
            page: value(PAGE).parse().ok().filter(|page| *page > 0).unwrap_or(1),
            values: parameters.map(|parameter| (parameter, value(parameter))).collect(),
            limit,
        }
    }

    /// Without invalid values: the address may be mistyped.
    pub(super) fn keeping(mut self, takes: impl Fn(&str, &str) -> bool) -> Self {
        for (parameter, value) in &mut self.values {
            if !takes(parameter, value) {
                value.clear();
            }
        }
        self
    }

    /// The value of a filter; empty for none.
    pub(crate) fn value(&self, parameter: &str) -> &str {
        self.values.iter().find(|(name, _)| *name == parameter).map_or("", |(_, value)| value)
    }

    /// Whether any filter has a value.
    pub(crate) fn is_narrowed(&self) -> bool {
        self.values.iter().any(|(_, value)| !value.is_empty())
    }

    /// Whether no other filter than this has a value.
    pub(super) fn is_only(&self, parameter: &str) -> bool {
        self.values.iter().all(|(name, value)| *name == parameter || value.is_empty())
    }

    /// With another value of a filter, from the first page.
    pub(crate) fn with(mut self, parameter: &str, value: &str) -> Self {
        if let Some((_, old)) = self.values.iter_mut().find(|(name, _)| *name == parameter) {
            value.clone_into(old);
        }
        self.turned_to(1)
    }

    /// With the value of a filter converted for the server, on the same page.
    pub(crate) fn reading(mut self, parameter: &str, read: impl Fn(&str) -> String) -> Self {
        if let Some((_, value)) = self.values.iter_mut().find(|(name, _)| *name == parameter) {
            *value = read(value);
        }
        self
    }

    /// With another page.
    pub(super) fn turned_to(self, page: u32) -> Self {
        Self { page, ..self }
    }

    /// The address of this query at a path: `/projects?q=tea&page=2`.
    pub(super) fn address(&self, path: &str) -> String {
        let written = self.write(None);
        if written.is_empty() { path.to_owned() } else { [path, "?", &written].concat() }
    }

    /// The query string for the server: `q=tea&page=2&limit=50`.
    pub(crate) fn for_server(&self) -> String {
        self.write(Some(self.limit))
    }

    /// The query string for a download: `q=tea&format=csv`.
    pub(crate) fn for_file(&self, format: &str) -> String {
        let filters = Self { page: 1, ..self.clone() }.write(None);
        [filters.as_str(), if filters.is_empty() { "format=" } else { "&format=" }, format].concat()
    }

    fn write(&self, limit: Option<u32>) -> String {
        // Fails only for malformed input.
        let Ok(written) = UrlSearchParams::new() else {
            return String::new();
        };
        for (name, value) in self.values.iter().filter(|(_, value)| !value.is_empty()) {
            written.append(name, value);
        }
        if self.page > 1 {
            written.append(PAGE, &self.page.to_string());
        }
        if let Some(limit) = limit {
            written.append(LIMIT, &limit.to_string());
        }
        written.to_string().into()
    }
}
