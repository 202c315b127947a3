//! What else there is to say of an event.

use miniserde::json::{self, Object, Value};

/// `with: password, session_id: 0198…`; nothing when there is nothing to say.
pub(super) fn shown(detail: &str) -> Option<String> {
    let known: Object = json::from_str(detail).ok()?;
    let said: Vec<String> = known.iter().map(|(name, value)| [name, ": ", &plain(value)].concat()).collect();
    (!said.is_empty()).then(|| said.join(", "))
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => json::to_string(other),
    }
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
        assert_eq!(shown("{}"), None);
        assert_eq!(shown("no object"), None);
    }
}
