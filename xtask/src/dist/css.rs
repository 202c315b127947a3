//! Joins the CSS files into one stylesheet for each app.
//!
//! The files in `style/` and `style/parts/` are in all stylesheets; the other folders are in those of [`APPS`].

use std::{ffi::OsStr, fs, path::Path};

use anyhow::{Context, Result, ensure};

use crate::{files, project};

/// Declares the order of the layers, and so must be the first.
const FIRST: &str = "main.css";
/// The apps, and the folders that are not in all of them.
const APPS: [(&str, &[&str]); 3] =
    [("sign-in", &["sign-in"]), ("dashboard", &["sign-in", "pages", "dashboard"]), ("portal", &["pages", "portal"])];

/// Joins the files under `style/` into `target/spa/sign-in.css` and so on, which index.html and the others link to.
pub(super) fn join() -> Result<()> {
    for (app, folders) in APPS {
        let joined = joined(&project::path("style"), folders)?;
        files::write_if_changed(&project::path(&format!("target/spa/{app}.css")), joined.as_bytes())?;
    }
    Ok(())
}

/// `main.css`, then the other files of this app in the order of their paths, minified: comments and indentation are a
/// quarter of the compressed size.
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
    sheets.iter().map(|path| read(path).map(|sheet| minified(&sheet))).collect()
}

/// A stylesheet without comments, indentation and empty lines. No string of ours contains the marks of a comment.
fn minified(sheet: &str) -> String {
    let mut minified = String::with_capacity(sheet.len());
    for part in sheet.split("/*").enumerate() {
        match part {
            (0, text) => minified.push_str(text),
            (_, text) => minified.push_str(text.split_once("*/").map_or("", |(_, rest)| rest)),
        }
    }
    minified.lines().map(str::trim).filter(|line| !line.is_empty()).flat_map(|line| [line, "\n"]).collect()
}

#[cfg(test)]
mod tests {
    use std::{env, fs};

    use anyhow::Result;

    use super::{joined, minified};
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
    fn comments_and_indentation_are_removed() {
        let sheet = "/* Of all. */\n@layer a {\n  /* One,\n     and more. */\n  p {\n    margin: 0 /* none */;\n\n    x: \"* / \";\n  }\n}\n";
        assert_eq!(minified(sheet), "@layer a {\np {\nmargin: 0 ;\nx: \"* / \";\n}\n}\n");
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
