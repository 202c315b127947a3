//! One stylesheet for each app out of many files: one request, and no build tool for it.
//!
//! What stands in `style/` and `style/parts/` is for all apps; the other folders are for those that [`APPS`] names them for.

use std::{ffi::OsStr, fs, path::Path};

use anyhow::{Context, Result, ensure};

use crate::{files, project};

/// Declares the order of the layers, so it has to come before all others.
const FIRST: &str = "main.css";
/// The apps, and the folders that each has besides those of all.
const APPS: [(&str, &[&str]); 3] =
    [("sign-in", &["sign-in"]), ("dashboard", &["sign-in", "pages", "dashboard"]), ("portal", &["pages", "portal"])];

/// Joins the files under `style/` into `target/spa/sign-in.css` and so on, which index.html and the others link.
pub(super) fn join() -> Result<()> {
    for (app, folders) in APPS {
        let joined = joined(&project::path("style"), folders)?;
        files::write_if_changed(&project::path(&format!("target/spa/{app}.css")), joined.as_bytes())?;
    }
    Ok(())
}

/// `main.css`, then all others in the order of their paths, without those in the folders of other apps, and without what is
/// there for readers: comments and indentation are a quarter of the bytes on the wire.
fn joined(folder: &Path, folders: &[&str]) -> Result<String> {
    let is_of_others = |path: &Path| {
        let is_in = |folders: &[&str]| folders.iter().any(|folder| path.starts_with(folder));
        APPS.iter().any(|(_, folders)| is_in(folders)) && !is_in(folders)
    };
    let mut sheets = files::below(folder)?;
    sheets.retain(|path| path.extension() == Some(OsStr::new("css")) && !is_of_others(path));
    sheets.sort_by_key(|path| path != Path::new(FIRST));
    ensure!(sheets.first().is_some_and(|path| path == Path::new(FIRST)), "{} has no {FIRST}", folder.display());
    let read =
        |path| fs::read_to_string(folder.join(path)).with_context(|| format!("reading style/{}", Path::display(path)));
    sheets.iter().map(|path| read(path).map(|sheet| lean(&sheet))).collect()
}

/// A stylesheet without comments, indentation and empty lines. No text in ours has the marks of a comment in it.
fn lean(sheet: &str) -> String {
    let mut lean = String::with_capacity(sheet.len());
    for part in sheet.split("/*").enumerate() {
        match part {
            (0, text) => lean.push_str(text),
            (_, text) => lean.push_str(text.split_once("*/").map_or("", |(_, rest)| rest)),
        }
    }
    lean.lines().map(str::trim).filter(|line| !line.is_empty()).flat_map(|line| [line, "\n"]).collect()
}

#[cfg(test)]
mod tests {
    use std::{env, fs};

    use anyhow::Result;

    use super::{joined, lean};
    use crate::files;

    #[test]
    fn the_order_of_layers_comes_first_and_the_rest_by_path_without_those_of_other_apps() -> Result<()> {
        let folder = env::temp_dir().join(format!("doorstep-css-{}", std::process::id()));
        for (name, text) in [
            ("main.css", "m\n"),
            ("a.css", "a\n"),
            ("parts/field.css", "f\n"),
            ("parts/button.css", "b\n"),
            ("pages/panel.css", "p\n"),
            ("portal/cards.css", "c\n"),
            ("sign-in/code.css", "s\n"),
            ("notes.md", "n\n"),
        ] {
            files::write(&folder.join(name), text.as_bytes())?;
        }
        let text = joined(&folder, &["sign-in"]);
        fs::remove_dir_all(&folder)?;
        assert_eq!(text?, "m\na\nb\nf\ns\n");
        Ok(())
    }

    #[test]
    fn what_is_there_for_readers_stays_behind() {
        let sheet = "/* Of all. */\n@layer a {\n  /* One,\n     and more. */\n  p {\n    margin: 0 /* none */;\n\n    x: \"* / \";\n  }\n}\n";
        assert_eq!(lean(sheet), "@layer a {\np {\nmargin: 0 ;\nx: \"* / \";\n}\n}\n");
    }

    #[test]
    fn a_folder_without_main_css_is_refused() -> Result<()> {
        let folder = env::temp_dir().join(format!("doorstep-no-css-{}", std::process::id()));
        files::write(&folder.join("a.css"), b"a")?;
        let result = joined(&folder, &[]);
        fs::remove_dir_all(&folder)?;
        assert!(result.is_err());
        Ok(())
    }
}
