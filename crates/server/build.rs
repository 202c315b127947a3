//! Embeds the built browser app into a release binary: all files of the folder in `DOORSTEP_DIST`. A debug build
//! embeds nothing and reads the folder at start, so that it neither waits for the app nor is rebuilt for it.
//!
//! Without the app the server still builds, and serves a page with the command that builds it.

use std::{
    env,
    error::Error,
    ffi::OsString,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=src/store/migrations");
    let mut source = String::from("static EMBEDDED: &[(&str, &[u8])] = &[\n");
    if let Some(folder) = folder_to_embed()? {
        let folder =
            fs::canonicalize(&folder).map_err(|error| format!("DOORSTEP_DIST {}: {error}", folder.display()))?;
        println!("cargo::rerun-if-changed={}", folder.display());
        for (name, path) in files(&folder)? {
            let path = path.to_str().ok_or("a path that is not UTF-8")?;
            writeln!(source, "    ({name:?}, include_bytes!({path:?})),")?;
        }
    }
    source.push_str("];\n");
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("embedded.rs"), source)?;
    Ok(())
}

/// The app's folder, for profiles that inherit from `release`.
fn folder_to_embed() -> Result<Option<OsString>, env::VarError> {
    if env::var("PROFILE")? != "release" {
        return Ok(None);
    }
    println!("cargo::rerun-if-env-changed=DOORSTEP_DIST");
    Ok(env::var_os("DOORSTEP_DIST").filter(|folder| !folder.is_empty()))
}

/// The files of a flat folder, by name.
fn files(folder: &Path) -> Result<Vec<(String, PathBuf)>, Box<dyn Error>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            files.push((entry.file_name().to_string_lossy().into_owned(), entry.path()));
        }
    }
    files.sort();
    Ok(files)
}
