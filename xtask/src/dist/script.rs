//! Minifies the scripts of an app: wasm-bindgen and people write indentation and comments, a tenth of the compressed size.
//! The imports that a script shares with its WebAssembly module are renumbered in both.

use std::{ffi::OsStr, fs, path::Path};

use anyhow::{Context, Result, ensure};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use sha2::{Digest as _, Sha384};

use super::imports;
use crate::files;

/// Minifies the scripts that Trunk wrote to `folder`, and replaces the checksums of changed files in its `page`
/// (Subresource Integrity).
pub(super) fn minify(folder: &Path, page: &str) -> Result<()> {
    let page = folder.join(page);
    let mut html = fs::read_to_string(&page).with_context(|| format!("reading {}", page.display()))?;
    for file in files::below(folder)? {
        if file.extension() != Some(OsStr::new("js")) {
            continue;
        }
        let path = folder.join(&file);
        let script = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        let mut minified = minified(&script).with_context(|| format!("minifying {}", file.display()))?;
        let module = path.with_file_name(format!("{}_bg.wasm", path.file_stem().unwrap_or_default().display()));
        if module.exists() {
            let old = fs::read(&module).with_context(|| format!("reading {}", module.display()))?;
            let (script, new) = imports::renumber(&minified, &old);
            minified = script;
            html = html.replace(&checksum(&old), &checksum(&new));
            files::write(&module, &new)?;
        }
        let (old, new) = (checksum(script.as_bytes()), checksum(minified.as_bytes()));
        ensure!(html.contains(&old), "{} has no checksum of {}", page.display(), file.display());
        html = html.replace(&old, &new);
        files::write(&path, minified.as_bytes())?;
    }
    files::write(&page, html.as_bytes())
}

fn checksum(content: &[u8]) -> String {
    BASE64_STANDARD.encode(Sha384::digest(content))
}

/// A script without indentation, empty lines, and lines that are nothing but a comment.
fn minified(script: &str) -> Result<String> {
    let mut minified = String::with_capacity(script.len());
    let mut is_comment = false;
    for line in script.lines().map(str::trim) {
        ensure!(line.matches('`').count() % 2 == 0, "a template of several lines");
        is_comment |= line.starts_with("/*");
        if !is_comment && !line.is_empty() && !line.starts_with("//") {
            minified.push_str(line);
            minified.push('\n');
        }
        is_comment &= !line.ends_with("*/");
    }
    Ok(minified)
}

#[cfg(test)]
mod tests {
    use std::{env, fs};

    use anyhow::Result;

    use super::{checksum, minified, minify};
    use crate::files;

    const SCRIPT: &str =
        "/** One,\n * and more. */\nfunction f() {\n    // No.\n    /* No. */\n\n    return `/${1}`;\n}\n";
    const MINIFIED: &str = "function f() {\nreturn `/${1}`;\n}\n";

    #[test]
    fn comments_and_indentation_are_removed() -> Result<()> {
        assert_eq!(minified(SCRIPT)?, MINIFIED);
        Ok(())
    }

    #[test]
    fn a_template_of_several_lines_is_refused() {
        assert!(minified("f(`a\n  b`)").is_err());
    }

    #[test]
    fn the_page_has_the_checksum_of_the_minified_script() -> Result<()> {
        let folder = env::temp_dir().join(format!("doorstep-script-{}", std::process::id()));
        files::write(&folder.join("a.js"), SCRIPT.as_bytes())?;
        files::write(
            &folder.join("index.html"),
            format!("<script integrity=sha384-{}>", checksum(SCRIPT.as_bytes())).as_bytes(),
        )?;
        let done = minify(&folder, "index.html");
        let (script, page) = (fs::read_to_string(folder.join("a.js"))?, fs::read_to_string(folder.join("index.html"))?);
        fs::remove_dir_all(&folder)?;
        done?;
        assert_eq!(script, MINIFIED);
        assert_eq!(page, format!("<script integrity=sha384-{}>", checksum(MINIFIED.as_bytes())));
        Ok(())
    }
}
