//! Copies changed files from Trunk's folder to the one that the server embeds, and compresses them.

use std::{
    collections::BTreeSet,
    ffi::OsStr,
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use super::pack;
use crate::files::{self, with_suffix};

/// The suffixes of the compressed copies.
pub(crate) const BROTLI: &str = ".br";
pub(crate) const GZIP: &str = ".gz";

/// Makes `to` contain the files of `from` with their compressed copies, and nothing else.
pub(super) fn sync(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("creating {}", to.display()))?;
    let mut wanted = BTreeSet::new();
    for name in files::below(from)? {
        place(&to.join(&name), &content(&from.join(&name))?)?;
        wanted.extend([with_suffix(&name, BROTLI), with_suffix(&name, GZIP), name]);
    }
    remove_all_but(&wanted, to)
}

fn content(path: &Path) -> Result<Vec<u8>> {
    let content = fs::read(path).with_context(|| format!("reading {}", path.display()))?;
    let extension = path.extension();
    if extension == Some(OsStr::new("html")) {
        return Ok(without_wasm_integrity(&String::from_utf8(content)?).into_bytes());
    }
    if extension == Some(OsStr::new("wasm")) {
        return without_names(&content).with_context(|| format!("{} is no WebAssembly", path.display()));
    }
    Ok(content)
}

/// A module without the name section that wasm-bindgen writes for debuggers (WebAssembly Core Specification, 7.4.1).
fn without_names(module: &[u8]) -> Option<Vec<u8>> {
    const CUSTOM: u8 = 0;
    let (header, mut rest) = module.split_at_checked(8)?;
    let mut kept = header.to_vec();
    while let [id, after_id @ ..] = rest {
        let (length, content) = leb128(after_id)?;
        let size = rest.len() - content.len() + length;
        let (section, others) = rest.split_at_checked(size)?;
        if *id != CUSTOM || !content.starts_with(b"\x04name") {
            kept.extend_from_slice(section);
        }
        rest = others;
    }
    Some(kept)
}

/// Decodes a LEB128 number at the start of some bytes; returns it with the rest.
fn leb128(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let end = bytes.iter().position(|byte| byte & 0x80 == 0)?;
    let (number, rest) = bytes.split_at_checked(end + 1)?;
    let number = number
        .iter()
        .rev()
        .try_fold(0_usize, |value, byte| value.checked_mul(0x80)?.checked_add(usize::from(byte & 0x7f)))?;
    Some((number, rest))
}

/// Writes a file and its compressed copies, unless they are up to date. The plain file is removed first and written
/// last: if it exists, the copies are complete and match it, even if an earlier build was interrupted.
fn place(path: &Path, content: &[u8]) -> Result<()> {
    let copies = [BROTLI, GZIP].map(|suffix| with_suffix(path, suffix));
    let complete = copies.iter().all(|copy| copy.is_file());
    if complete && files::read_if_there(path)?.is_some_and(|current| current == content) {
        return Ok(());
    }
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    let [brotli, gzip] = copies;
    files::write(&brotli, &pack::brotli(content)?)?;
    files::write(&gzip, &pack::gzip(content)?)?;
    files::write(path, content)
}

fn remove_all_but(wanted: &BTreeSet<PathBuf>, folder: &Path) -> Result<()> {
    for name in files::below(folder)? {
        if !wanted.contains(&name) {
            let path = folder.join(name);
            fs::remove_file(&path).with_context(|| format!("removing {}", path.display()))?;
        }
    }
    Ok(())
}

/// Removes `integrity` from the preload of the WebAssembly module only: a browser that must verify the whole file can't
/// compile it while it is downloaded. Trunk has only one option for the module and its JavaScript.
fn without_wasm_integrity(html: &str) -> String {
    let tags = html.split_inclusive('>').map(|tag| match tag.split_once(" integrity=\"") {
        Some((before, rest)) if tag.contains("\"application/wasm\"") => {
            let after = rest.split_once('"').map_or("", |(_, after)| after);
            format!("{before}{after}")
        }
        _ => tag.to_owned(),
    });
    tags.collect()
}

#[cfg(test)]
mod tests {
    use std::{env, fs};

    use anyhow::Result;

    use super::{leb128, sync, without_names, without_wasm_integrity};
    use crate::files;

    #[test]
    fn only_the_module_loses_its_integrity() {
        let html = r#"<link rel="modulepreload" href="/a.js" integrity="sha384-J"><link rel="preload" href="/a.wasm" crossorigin="anonymous" integrity="sha384-W" as="fetch" type="application/wasm"><script src="/b.js" integrity="sha384-B"></script>"#;
        assert_eq!(
            without_wasm_integrity(html),
            r#"<link rel="modulepreload" href="/a.js" integrity="sha384-J"><link rel="preload" href="/a.wasm" crossorigin="anonymous" as="fetch" type="application/wasm"><script src="/b.js" integrity="sha384-B"></script>"#
        );
    }

    #[test]
    fn a_module_keeps_all_but_its_names() {
        let header = *b"\0asm\x01\0\0\0";
        let types = [1, 1, 0];
        let (names, other) = ([0, 7, 4, b'n', b'a', b'm', b'e', 1, 0], [0, 0x82, 0, 1, b'x']);
        let module = [&header[..], &types, &names, &other].concat();
        assert_eq!(without_names(&module), Some([&header[..], &types, &other].concat()));
        assert_eq!(module.strip_suffix(b"x").map(without_names), Some(None), "it is truncated");
        assert_eq!(leb128(&[0xe5, 0x8e, 0x26, 9]), Some((624_485, &[9][..])));
        assert_eq!(leb128(&[0x80; 3]), None);
    }

    #[test]
    fn removed_files_are_deleted_and_unchanged_ones_kept() -> Result<()> {
        let folder = env::temp_dir().join(format!("doorstep-sync-{}", std::process::id()));
        let (from, to) = (folder.join("from"), folder.join("to"));
        files::write(&from.join("kept.js"), b"kept")?;
        files::write(&from.join("old.js"), b"old")?;
        sync(&from, &to)?;
        let before = fs::metadata(to.join("kept.js"))?.modified()?;
        fs::remove_file(from.join("old.js"))?;
        files::write(&from.join("sub/new.js"), b"new")?;
        sync(&from, &to)?;
        let names = files::below(&to)?;
        let after = fs::metadata(to.join("kept.js"))?.modified()?;
        fs::remove_dir_all(&folder)?;
        let expected = ["kept.js", "kept.js.br", "kept.js.gz", "sub/new.js", "sub/new.js.br", "sub/new.js.gz"];
        assert_eq!(names, expected.map(std::path::PathBuf::from));
        assert_eq!(before, after);
        Ok(())
    }
}
