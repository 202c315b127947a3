//! Parsing the `Cookie` headers of a request, as bytes.
//!
//! All servers on a host share its cookies, on every port, and a sibling host can add more. So the header is parsed
//! pair by pair: a malformed pair is skipped without hiding others, and a name may have several values. Which value
//! counts is decided by trying them ([`candidates`]), never by their order.

use std::str;

use axum::http::{HeaderMap, header};

/// All well-formed pairs of name and value.
pub(in crate::http) fn pairs(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    raw(headers).filter_map(pair)
}

/// All pairs, unparsed.
fn raw(headers: &HeaderMap) -> impl Iterator<Item = &[u8]> {
    let lines = headers.get_all(header::COOKIE).iter();
    lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b';'))
}

/// All values of a name.
pub(in crate::http) fn values<'a>(headers: &'a HeaderMap, name: &str) -> impl Iterator<Item = &'a str> {
    pairs(headers).filter(move |(found, _)| *found == name).map(|(_, value)| value)
}

/// Whether a name was sent, also with a value that is not text.
pub(in crate::http) fn is_sent(headers: &HeaderMap, name: &str) -> bool {
    let is_it =
        |pair: &[u8]| pair.trim_ascii().strip_prefix(name.as_bytes()).is_some_and(|rest| rest.starts_with(b"="));
    raw(headers).any(is_it)
}

/// The first distinct values that parse, at most `limit`.
pub(super) fn candidates<'a, T>(
    limit: usize,
    values: impl IntoIterator<Item = &'a str>,
    read: impl Fn(&'a str) -> Option<T>,
) -> Vec<T> {
    let mut seen = Vec::new();
    let fresh = values.into_iter().filter_map(|value| {
        let read = if seen.contains(&value) { None } else { read(value) };
        if read.is_some() {
            seen.push(value);
        }
        read
    });
    fresh.take(limit).collect()
}

/// RFC 6265 §4.2.1; the value may be quoted.
fn pair(bytes: &[u8]) -> Option<(&str, &str)> {
    let (name, value) = str::from_utf8(bytes.trim_ascii()).ok()?.split_once('=')?;
    let unquoted = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
    Some((name, unquoted.unwrap_or(value)))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn headers(lines: &[&[u8]]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(header::COOKIE, HeaderValue::from_bytes(line).expect("is a header"));
        }
        headers
    }

    #[test]
    fn a_malformed_pair_hides_no_other() {
        let headers = headers(&[b"a=\xff; b=Gr\xc3\xbc\xc3\x9fe;;c; =; d=\"quoted\"", b"b=2;b=\xe4; e==x="]);
        let pairs: Vec<_> = pairs(&headers).collect();
        assert_eq!(pairs, [("b", "Gr\u{fc}\u{df}e"), ("", ""), ("d", "quoted"), ("b", "2"), ("e", "=x=")]);
    }

    #[test]
    fn a_value_that_is_no_text_was_sent_nonetheless() {
        let headers = headers(&[b"a=1; b=\xff", b" cc=\xfe;d"]);
        for (name, sent) in [("a", true), ("b", true), ("cc", true), ("c", false), ("d", false), ("e", false)] {
            assert_eq!(is_sent(&headers, name), sent, "{name}");
        }
    }

    #[test]
    fn each_value_is_tried_once_and_only_a_few_are() {
        let number = |text: &str| text.parse::<u32>().ok();
        assert_eq!(candidates(4, ["x", "1", "1", "", "2", "y", "1"], number), [1, 2]);
        assert_eq!(candidates(4, ["x", "1", "2", "3", "x", "4", "5"], number), [1, 2, 3, 4]);
    }
}
