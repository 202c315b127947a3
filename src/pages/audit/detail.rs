//! The details of an event, with translated names.

use doorstep_locales::{Word, words::audit_detail as words};

use crate::{api::json, i18n::t};

/// The translated names. Ids come last.
const NAMES: &[(&str, Word)] = &[
    ("with", words::METHOD),
    ("how", words::METHOD),
    ("provider", words::PROVIDER),
    ("by", words::PROVIDER),
    ("why", words::REASON),
    ("reason", words::REASON),
    ("which", words::SESSIONS),
    ("from", words::OLD),
    ("to", words::NEW),
    ("username", words::USERNAME),
    ("holder", words::ACCOUNT),
    ("role", words::ROLE),
    ("client", words::CLIENT),
    ("label", words::LABEL),
    ("scope", words::PERMISSIONS),
    ("same_network", words::SAME_NETWORK),
    ("requested_from", words::REQUESTED_FROM),
    ("expires_at", words::EXPIRES),
    ("prefix", words::TOKEN_PREFIX),
    ("account_id", words::ACCOUNT_ID),
    ("client_id", words::CLIENT_ID),
    ("project_id", words::PROJECT_ID),
    ("update_id", words::UPDATE_ID),
    ("link_id", words::LINK_ID),
    ("session_id", words::SESSION_ID),
    ("trusted_device_id", words::TRUSTED_BROWSER_ID),
    ("identity_id", words::IDENTITY_ID),
    ("grant_id", words::REQUEST_ID),
    ("token_id", words::TOKEN_ID),
    ("replaced_by", words::REPLACED_BY),
];

/// Names and values, in the order of [`NAMES`]; unknown names come last, as recorded.
pub(super) fn facts(detail: &str) -> Vec<(String, String)> {
    let mut known = json::members(detail).unwrap_or_default();
    let named = NAMES.iter().filter_map(|(name, word)| Some((t(*word).to_owned(), plain(known.remove(*name)?))));
    let mut facts: Vec<(String, String)> = named.collect();
    facts.extend(known.into_iter().map(|(name, value)| (name, plain(value))));
    facts
}

fn plain(value: String) -> String {
    match value.as_str() {
        "true" => t(words::YES).to_owned(),
        "false" => t(words::NO).to_owned(),
        "null" => "–".to_owned(),
        _ => value,
    }
}

#[cfg(test)]
mod tests {
    use super::facts;

    /// Without a table of translations every name is empty.
    fn values(detail: &str) -> Vec<String> {
        facts(detail).into_iter().map(|(_, value)| value).collect()
    }

    #[test]
    fn values_come_in_the_order_of_the_names_and_unknown_ones_last() {
        assert_eq!(values(r#"{"session_id":"0198","with":"password","why":"late"}"#), ["password", "late", "0198"]);
        let unknown = facts(r#"{"ended":3,"client":null}"#);
        assert_eq!(unknown.last(), Some(&("ended".to_owned(), "3".to_owned())));
        assert_eq!(unknown.len(), 2);
        assert_eq!(facts("{}"), []);
        assert_eq!(facts("no object"), []);
    }
}
