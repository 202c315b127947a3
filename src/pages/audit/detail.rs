//! The details of an event, with translated names and values.

use doorstep_contract::{auth::Timestamp, uuid::Uuid};
use doorstep_locales::{
    Word,
    words::{audit, audit_detail as words, begun, device, links, role, totp},
};

use crate::{
    api::json,
    i18n::{exact_time, t},
    ui::facts::Value,
};

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
pub(super) fn facts(detail: &str) -> Vec<(String, Value)> {
    let mut known = json::members(detail).unwrap_or_default();
    let named = NAMES.iter().filter_map(|(name, word)| Some((t(*word).to_owned(), shown(name, known.remove(*name)?))));
    let mut facts: Vec<(String, Value)> = named.collect();
    let unnamed = known.into_iter().map(|(name, value)| {
        let value = shown(&name, value);
        (name, value)
    });
    facts.extend(unnamed);
    facts
}

/// The translated values, by the name of the detail. Others are shown as recorded.
const VALUES: &[(&str, &str, Word)] = &[
    ("with", "password", begun::PASSWORD),
    ("with", "totp", begun::TOTP),
    ("with", "recovery_code", begun::RECOVERY_CODE),
    ("with", "temporary_token", begun::TEMPORARY_TOKEN),
    ("with", "sso", begun::SSO),
    ("with", "code", totp::CODE),
    ("how", "own", words::BY_USER),
    ("how", "reset", words::RESET_LINK),
    ("how", "first_set_up", words::INITIAL_SETUP),
    ("how", "first_start", words::INITIAL_SETUP),
    ("how", "temporary_session", words::TEMPORARY_SESSION),
    ("how", "command", audit::COMMAND_LINE),
    ("how", "sso", begun::SSO),
    ("which", "one", words::ONE),
    ("which", "others", words::OTHERS),
    ("which", "all", words::EVERY),
    ("why", "replaced", words::REPLACED),
    ("why", "revoked", links::REVOKED),
    ("why", "given_back", words::GIVEN_BACK),
    ("why", "expired", words::EXPIRED),
    ("why", "password_changed", words::PASSWORD_CHANGED),
    ("why", "account_suspended", words::ACCOUNT_SUSPENDED),
    ("scope", "full", words::FULL),
    ("scope", "apps:run", device::SCOPE_APPS),
    ("role", "operator", role::OPERATOR),
    ("role", "member", role::MEMBER),
];

fn shown(name: &str, value: String) -> Value {
    if let Some((.., word)) = VALUES.iter().find(|(of, known, _)| *of == name && *known == value) {
        return Value::Text(t(*word).to_owned());
    }
    match value.as_str() {
        "true" => Value::Text(t(words::YES).to_owned()),
        "false" => Value::Text(t(words::NO).to_owned()),
        "null" => Value::Text("—".to_owned()),
        _ if name == "expires_at" => Value::Text(exact_time(&Timestamp::new(value))),
        id if name == "prefix" || Uuid::parse(id).is_some() => Value::Code(value),
        _ => Value::Text(value),
    }
}

#[cfg(test)]
mod tests {
    use super::facts;
    use crate::ui::facts::Value;

    /// Without a table of translations every name is empty.
    fn values(detail: &str) -> Vec<String> {
        let text = |value| match value {
            Value::Text(text) => text,
            Value::Code(code) => format!("<{code}>"),
            Value::Time(_) | Value::By(..) | Value::Badge(..) => "another kind".to_owned(),
        };
        facts(detail).into_iter().map(|(_, value)| text(value)).collect()
    }

    #[test]
    fn values_come_in_the_order_of_the_names_and_unknown_ones_last() {
        assert_eq!(values(r#"{"session_id":"0198","with":"a key","why":"late"}"#), ["a key", "late", "0198"]);
        assert_eq!(values(r#"{"ended":3,"client":null}"#), ["—", "3"]);
        assert_eq!(facts(r#"{"ended":3}"#).pop().map(|(name, _)| name), Some("ended".to_owned()));
        assert!(facts("{}").is_empty());
        assert!(facts("no object").is_empty());
    }

    #[test]
    fn known_values_are_translated_under_their_name_only() {
        assert_eq!(values(r#"{"with":"password","how":"own","why":"own"}"#), ["", "", "own"]);
    }

    #[test]
    fn ids_and_the_prefix_of_a_token_are_code() {
        let id = "0198c0de-0000-7000-8000-000000000001";
        let detail = format!(r#"{{"label":"0198c0de","prefix":"dst_ab","session_id":"{id}"}}"#);
        assert_eq!(values(&detail), ["0198c0de".to_owned(), "<dst_ab>".to_owned(), format!("<{id}>")]);
    }
}
