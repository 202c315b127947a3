//! The detail of an event, as text.

use crate::api::json;

/// `with: password, session_id: 0198…`; `None` when there is no detail.
pub(super) fn shown(detail: &str) -> Option<String> {
    let said: Vec<String> = json::members(detail)?.into_iter().map(|(name, value)| [name, value].join(": ")).collect();
    (!said.is_empty()).then(|| said.join(", "))
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn names_and_values_are_shown_as_text() {
        assert_eq!(
            shown(r#"{"with":"password","same_network":true}"#).as_deref(),
            Some("same_network: true, with: password")
        );
        assert_eq!(shown(r#"{"client":null,"ended":3}"#).as_deref(), Some("client: null, ended: 3"));
        assert_eq!(shown("{}"), None);
        assert_eq!(shown("no object"), None);
    }
}
