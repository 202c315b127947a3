//! Renumbers the imports of a WebAssembly module. wasm-bindgen names each one by a hash of 16 digits, twice: in the script
//! and in the module. Hashes can't be compressed; numbers can. The names keep their length, so that the module needs no
//! other change.

use std::collections::BTreeMap;

/// The beginning of the names.
const PREFIX: &[u8] = b"__wbg_";
/// The number of hexadecimal digits at the end of the names.
const DIGITS: usize = 16;

/// Replaces the hashes in the names of imports by numbers, in the script and in its module.
pub(super) fn renumber(script: &str, module: &[u8]) -> (String, Vec<u8>) {
    let mut numbered = BTreeMap::new();
    for (_, name) in names(script.as_bytes()) {
        let next = numbered.len();
        numbered.entry(name.to_owned()).or_insert(next);
    }
    let script = renamed(script.as_bytes(), &numbered);
    (String::from_utf8_lossy(&script).into_owned(), renamed(module, &numbered))
}

/// The names in a file, with the positions of their ends.
fn names(content: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = content.get(at..)?;
            let start = at + rest.windows(PREFIX.len()).position(|part| part == PREFIX)?;
            let name = content.get(start..)?;
            let length = name.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
            at = start + length;
            let name = name.get(..length)?;
            if is_hashed(name) {
                return Some((at, name));
            }
        }
    })
}

/// Whether a name ends with an underscore and a hash.
fn is_hashed(name: &[u8]) -> bool {
    let (rest, hash) = name.split_at(name.len().saturating_sub(DIGITS));
    rest.ends_with(b"_") && rest.len() > PREFIX.len() && hash.iter().all(u8::is_ascii_hexdigit)
}

fn renamed(content: &[u8], numbered: &BTreeMap<Vec<u8>, usize>) -> Vec<u8> {
    let mut renamed = content.to_vec();
    for (end, name) in names(content) {
        if let (Some(number), Some(hash)) = (numbered.get(name), renamed.get_mut(end - DIGITS..end)) {
            hash.copy_from_slice(format!("{number:0DIGITS$}").as_bytes());
        }
    }
    renamed
}

#[cfg(test)]
mod tests {
    use super::renumber;

    #[test]
    fn imports_have_the_same_numbers_in_script_and_module() {
        let script =
            "__wbg_get_0123456789abcdef: f, __wbg_set_fedcba9876543210: g, this.__wbg_ptr, __wbg_get_0123456789abcdef";
        let module = b"\x1a__wbg_set_fedcba9876543210\0\x1a__wbg_get_0123456789abcdef\0__wbg_other_0123456789abcdef\0";
        let (script, module) = renumber(script, module);
        assert_eq!(
            script,
            "__wbg_get_0000000000000000: f, __wbg_set_0000000000000001: g, this.__wbg_ptr, __wbg_get_0000000000000000"
        );
        assert_eq!(
            module,
            b"\x1a__wbg_set_0000000000000001\0\x1a__wbg_get_0000000000000000\0__wbg_other_0123456789abcdef\0"
        );
    }
}
