//! How large a document may be before it is parsed.

use super::refused;
use crate::error::Error;

/// How long a document may be, in bytes. What clients of Directus send has a few hundred, and values travel as variables.
const MAX_BYTES: usize = 4096;
/// How many tokens it may have: the parser takes longer for each.
const MAX_TOKENS: usize = 256;
/// How many brackets may be open at once: the parser recurses.
const MAX_DEPTH: usize = 16;

/// Whether a document is small enough to be parsed: one pass over its bytes, which knows strings and comments (GraphQL
/// §2.1) and nothing else.
pub(super) fn bound(document: &str) -> Result<(), Error> {
    if document.len() > MAX_BYTES {
        return Err(refused("the document is over 4096 bytes"));
    }
    let (mut tokens, mut depth, mut rest) = (0, 0_usize, document);
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '#' => rest.find(['\n', '\r']).unwrap_or(rest.len()),
            ' ' | '\t' | '\n' | '\r' | ',' | '\u{feff}' => first.len_utf8(),
            _ => {
                tokens += 1;
                token(rest, first)
            }
        };
        match first {
            '{' | '[' | '(' => depth += 1,
            '}' | ']' | ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if tokens > MAX_TOKENS || depth > MAX_DEPTH {
            return Err(refused("the document has too many tokens, or is nested too deeply"));
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    Ok(())
}

/// How long the token is that a text begins with.
fn token(text: &str, first: char) -> usize {
    if let Some(block) = text.strip_prefix("\"\"\"") {
        let mut end = 0;
        while let Some(found) = block.get(end..).and_then(|rest| rest.find("\"\"\"")) {
            end += found + 3;
            if !block.get(..end - 3).is_some_and(|before| before.ends_with('\\')) {
                return end + 3;
            }
        }
        return text.len();
    }
    let is_of_name = |character: char| character.is_ascii_alphanumeric() || "_.-+".contains(character);
    match first {
        '"' => {
            let mut escaped = false;
            let closes = |character: char| {
                let closing = character == '"' && !escaped;
                escaped = character == '\\' && !escaped;
                closing
            };
            text.get(1..).and_then(|rest| rest.find(closes)).map_or(text.len(), |end| end + 2)
        }
        _ if is_of_name(first) => text.find(|character| !is_of_name(character)).unwrap_or(text.len()),
        _ => first.len_utf8(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_bounded_before_it_is_parsed() {
        let refused = |document: &str, why: &str| {
            let error = bound(document).err().map(|error| error.to_string()).unwrap_or_default();
            assert!(error.contains(why), "{error}: {document:.60}");
        };
        refused(&format!("mutation {{{}}}", "a ".repeat(32_000)), "4096 bytes");
        refused(&format!("mutation {{{}}}", "a ".repeat(MAX_TOKENS)), "too many tokens");
        refused(&"@".repeat(MAX_TOKENS + 1), "too many tokens");
        refused(&format!("mutation {{ auth_login(email: {}", "[".repeat(MAX_DEPTH)), "nested too deeply");
        refused(&"\"a\"".repeat(MAX_TOKENS + 1), "too many tokens");
        for document in [
            // What stands in strings and comments is one token, or none.
            format!("mutation {{ auth_login(email: \"{}\") }}", "{[(\\\" ".repeat(400)),
            format!("mutation {{ auth_login(email: \"\"\"{} \\\"\"\" \"\"\") }}", "{[( ".repeat(400)),
            format!("# {}\nmutation {{ auth_logout }}", "{[( ".repeat(400)),
            format!("mutation {{ auth_logout }}{}", " ,\n\u{feff}".repeat(500)),
            "\"".to_owned(),
            "\"\"\"".to_owned(),
            "\"\\".to_owned(),
        ] {
            assert!(bound(&document).is_ok(), "{document:.60}");
        }
    }
}
