//! The detail of an event, as text.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::api::json;

/// A value of an event's detail.
#[derive(Deserialize)]
#[serde(untagged)]
enum Value {
    Text(String),
    Flag(bool),
    Number(i64),
    Nothing(()),
}

/// `with: password, session_id: 0198…`; `None` when there is no detail.
pub(super) fn shown(detail: &str) -> Option<String> {
    let known: BTreeMap<String, Value> = json::from_str(detail)?;
    let said: Vec<String> = known.iter().map(|(name, value)| [name, ": ", &plain(value)].concat()).collect();
    (!said.is_empty()).then(|| said.join(", "))
}

fn plain(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Flag(flag) => flag.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Nothing(()) => "null".to_owned(),
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
        assert_eq!(shown(r#"{"client":null,"ended":3}"#).as_deref(), Some("client: null, ended: 3"));
        assert_eq!(shown("{}"), None);
        assert_eq!(shown("no object"), None);
    }
}
