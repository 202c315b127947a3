//! One stylesheet out of many files: one request, and no build tool for it.

use std::{ffi::OsStr, fs, path::Path};

use anyhow::{Context, Result, ensure};

use crate::{files, project};

/// Declares the order of the layers, so it has to come before all others.
const FIRST: &str = "main.css";

/// Joins the files under `style/` into `target/spa/doorstep.css`, which index.html links.
pub(super) fn join() -> Result<()> {
    let joined = joined(&project::path("style"))?;
    files::write_if_changed(&project::path("target/spa/doorstep.css"), joined.as_bytes())
}

/// `main.css`, then all others in the order of their paths.
fn joined(folder: &Path) -> Result<String> {
    let mut sheets = files::below(folder)?;
    sheets.retain(|path| path.extension() == Some(OsStr::new("css")));
    sheets.sort_by_key(|path| path != Path::new(FIRST));
    ensure!(sheets.first().is_some_and(|path| path == Path::new(FIRST)), "{} has no {FIRST}", folder.display());
    let read =
        |path| fs::read_to_string(folder.join(path)).with_context(|| format!("reading style/{}", Path::display(path)));
    sheets.iter().map(|path| read(path)).collect()
}

#[cfg(test)]
mod tests {
    use std::{env, fs};

    use anyhow::Result;

    use super::joined;
    use crate::files;

    #[test]
    fn the_order_of_layers_comes_first_and_the_rest_by_path() -> Result<()> {
        let folder = env::temp_dir().join(format!("doorstep-css-{}", std::process::id()));
        for (name, text) in [
            ("main.css", "m\n"),
            ("a.css", "a\n"),
            ("parts/field.css", "f\n"),
            ("parts/button.css", "b\n"),
            ("notes.md", "n\n"),
        ] {
            files::write(&folder.join(name), text.as_bytes())?;
        }
        let text = joined(&folder);
        fs::remove_dir_all(&folder)?;
        assert_eq!(text?, "m\na\nb\nf\n");
        Ok(())
    }

    #[test]
    fn a_folder_without_main_css_is_refused() -> Result<()> {
        let folder = env::temp_dir().join(format!("doorstep-no-css-{}", std::process::id()));
        files::write(&folder.join("a.css"), b"a")?;
        let result = joined(&folder);
        fs::remove_dir_all(&folder)?;
        assert!(result.is_err());
        Ok(())
    }
}
