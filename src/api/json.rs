//! JSON and wire types. `serde-json-core` has no error messages, which would be most of a parser's bytes
//! (docs/size.md).

use std::collections::BTreeMap;

use serde::{Serialize, de::DeserializeOwned};
#[cfg(target_family = "wasm")]
use web_sys::{
    js_sys::{Array, JSON, Object},
    wasm_bindgen::JsCast as _,
};

/// The buffer for a request body, in bytes; most fit.
const USUAL: usize = 1_024;

/// Parses a value of the contract: structs, lists, strings. It can't parse maps and untagged values ([`members`] can).
/// `None` if the text is not JSON or not of this type.
pub(crate) fn from_str<T: DeserializeOwned>(text: &str) -> Option<T> {
    // An unescaped string is never longer than the escaped one.
    let mut unescaped = vec![0; text.len()];
    serde_json_core::from_str_escaped(text, &mut unescaped).ok().map(|(value, _)| value)
}

/// Serializes a value.
pub(super) fn to_string(value: &impl Serialize) -> String {
    let mut text = vec![0; USUAL];
    loop {
        match serde_json_core::to_slice(value, &mut text) {
            Ok(length) => {
                text.truncate(length);
                return String::from_utf8(text).unwrap_or_default();
            }
            // The only error is a buffer that is too small.
            Err(_) => text.resize(text.len() * 2, 0),
        }
    }
}

/// The members of an object with their values as text, for objects without a type in the contract. `None` if it is not
/// an object.
#[cfg(target_family = "wasm")]
pub(crate) fn members(text: &str) -> Option<BTreeMap<String, String>> {
    let object: Object = JSON::parse(text).ok()?.dyn_into().ok()?;
    let entries = Object::entries(&object);
    let members = entries.iter().filter_map(|member| {
        let member: Array = member.dyn_into().ok()?;
        let value = member.get(1);
        Some((member.get(0).as_string()?, value.as_string().or_else(|| JSON::stringify(&value).ok()?.as_string())?))
    });
    Some(members.collect())
}

#[cfg(not(target_family = "wasm"))]
pub(crate) fn members(text: &str) -> Option<BTreeMap<String, String>> {
    let members: BTreeMap<String, serde_json::Value> = serde_json::from_str(text).ok()?;
    Some(
        members
            .into_iter()
            .map(|(name, value)| (name, value.as_str().map_or(value.to_string(), str::to_owned)))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use doorstep_contract::{
        auth::{LoginRequest, Me},
        device::Resolution,
        envelope::{Envelope, Outcome},
        secret::Secret,
        tokens::PasswordRequest,
    };

    use super::*;

    const HOSTILE: &str = "\"\\/\u{8}\u{c}\n\r\t\u{1}<\u{2028}é\u{1f600}";

    #[test]
    fn json_of_the_server_is_parsed() {
        let request = PasswordRequest { email: HOSTILE.to_owned(), reset_url: None };
        let written = serde_json::to_string(&request).expect("serializes");
        assert_eq!(from_str(&written), Some(request.clone()));
        // As in the shell, which escapes `<`.
        assert_eq!(from_str(&written.replace('<', "\\u003c")), Some(request));
        let pretty = serde_json::to_string_pretty(&["a", "b"]).expect("serializes");
        assert_eq!(from_str(&pretty), Some(vec!["a".to_owned(), "b".to_owned()]));
    }

    #[test]
    fn unknown_fields_are_ignored() {
        let text = r#"{"new":{"a":[1,-2.5e3,null,{"b":"]}\""}]},"status":"ok","message":null,"more":true,"code":null,
            "data":"denied"}"#;
        let read: Envelope<Resolution> = from_str(text).expect("is read");
        assert_eq!((read.status, read.data), (Outcome::Ok, Some(Resolution::Denied)));
    }

    #[test]
    fn other_json_is_refused() {
        for text in
            ["", "null", "{", "[]", "{}", "<html>", r#"{"email":1}"#, r#"{"email":"a"}x"#, r#"{"email":"\ud83d"}"#]
        {
            assert_eq!(from_str::<PasswordRequest>(text), None, "{text}");
        }
        assert!(from_str::<Me>(r#"{"account":null}"#).is_none());
    }

    #[test]
    fn members_of_any_type_are_text() {
        let read = members(r#"{"with":"password","same":true,"ended":3,"client":null}"#).expect("is an object");
        let read: Vec<String> = read.into_iter().map(|(name, value)| [name, value].join("=")).collect();
        assert_eq!(read, ["client=null", "ended=3", "same=true", "with=password"]);
        assert_eq!(members("no object"), None);
    }

    #[test]
    fn the_server_parses_texts_of_any_length() {
        let request = LoginRequest {
            username: Some(HOSTILE.repeat(200)),
            password: Some(Secret::new("p")),
            trust_device_flag: Some(false),
            ..LoginRequest::default()
        };
        let written = to_string(&request);
        assert_eq!(serde_json::from_str::<LoginRequest>(&written).expect("is read"), request);
    }
}
