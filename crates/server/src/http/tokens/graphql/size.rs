//! Limits on the size of a document before it is parsed.

use super::refused;
use crate::error::Error;

/// The longest document, in bytes. Clients of Directus send a few hundred; values are in variables.
const MAX_BYTES: usize = 4096;
/// The most tokens: parsing time grows with them.
const MAX_TOKENS: usize = 256;
/// The deepest nesting of brackets: the parser is recursive.
const MAX_DEPTH: usize = 16;

/// Refuses a document that is too large to be parsed, in one pass over its bytes that knows only strings and
/// comments (GraphQL §2.1).
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

/// The length of the token at the start of the text.
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
    fn the_size_of_a_document_is_limited() {
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
            // Brackets in strings and comments do not count.
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
