//! The browser app: the files that `cargo xtask dist` made.
//!
//! A release binary carries them inside. A debug build reads them from the folder that `DOORSTEP_DIST` names when it
//! starts, so that a change of the app needs no new server. Either way a file is in memory once, however many are sent it.

use std::collections::BTreeMap;

use axum::body::Bytes;
use doorstep_contract::paths;
use doorstep_locales::Language;

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// Which of the apps (the browser app's `src/bin/`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum App {
    /// What a stranger needs, and nothing else: the first visit is quick.
    SignIn,
    /// Every page of people who work with it.
    Dashboard,
    /// What clients see.
    Portal,
}

impl App {
    /// What its files are called, as in `xtask/src/dist.rs`.
    const fn name(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in",
            Self::Dashboard => "dashboard",
            Self::Portal => "portal",
        }
    }
}

/// The files of the apps, or nothing when the server was built without it.
#[derive(Debug, Default)]
pub struct Assets {
    files: BTreeMap<String, Bytes>,
}

/// The ways a file may be encoded on the wire, best first, with the ending of the precompressed file.
const ENCODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

/// A file, ready to be sent.
#[derive(Debug, PartialEq, Eq)]
pub struct Asset<'a> {
    /// Its media type.
    pub content_type: &'static str,
    /// Its `Content-Encoding`.
    pub encoding: Option<&'static str>,
    /// What goes over the wire.
    pub bytes: &'a Bytes,
}

impl Assets {
    /// The files inside this binary; in a debug build those of the folder in `DOORSTEP_DIST`, when it names one.
    ///
    /// # Errors
    /// When that folder can't be read.
    pub fn load() -> std::io::Result<Self> {
        #[cfg(debug_assertions)]
        if let Some(folder) = std::env::var_os("DOORSTEP_DIST") {
            let mut files = BTreeMap::new();
            for entry in std::fs::read_dir(folder)? {
                let entry = entry?;
                if entry.file_type()?.is_file() {
                    files.insert(entry.file_name().to_string_lossy().into_owned(), std::fs::read(entry.path())?.into());
                }
            }
            return Ok(Self { files });
        }
        Ok(Self::new(EMBEDDED.iter().map(|(name, bytes)| ((*name).to_owned(), Bytes::from_static(bytes)))))
    }

    /// The app made of these files, each with its name.
    pub fn new(files: impl IntoIterator<Item = (String, Bytes)>) -> Self {
        Self { files: files.into_iter().collect() }
    }

    /// Adds files that the build does not know, such as a logo.
    #[must_use]
    pub fn with(mut self, files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Self {
        self.files.extend(files.into_iter().map(|(name, bytes)| (name, bytes.into())));
        self
    }

    /// The tags in the head of a shell that load an app's styles, scripts and WebAssembly, as Trunk wrote them, with
    /// their hashed names and integrity. `None` when there is no app.
    #[must_use]
    pub fn head(&self, app: App) -> Option<&str> {
        let index = std::str::from_utf8(self.files.get(&[app.name(), ".html"].concat())?).ok()?;
        let (_, rest) = index.split_once("<head>")?;
        rest.split_once("</head>").map(|(head, _)| head.trim())
    }

    /// The tag that loads the styles of an app, for a page without the app.
    #[must_use]
    pub fn styles(&self, app: App) -> Option<&str> {
        let head = self.head(app)?;
        let tag = head.get(head.find("<link rel=\"stylesheet\"")?..)?;
        tag.get(..=tag.find('>')?)
    }

    /// The path of the file with the words of an app in a language.
    #[must_use]
    pub fn words(&self, app: App, language: Language) -> Option<String> {
        let prefix = format!("words-{}-{}-", app.name(), language.tag());
        let name = self.files.keys().find(|name| {
            name.strip_prefix(&prefix)
                .and_then(|rest| rest.strip_suffix(".json"))
                .is_some_and(|hash| !hash.contains('-'))
        })?;
        Some(format!("{}{name}", paths::ASSETS))
    }

    /// A file by its name, in the best encoding that the client accepts.
    #[must_use]
    pub fn get(&self, name: &str, accept_encoding: &str) -> Option<Asset<'_>> {
        let content_type = content_type(name)?;
        let plain = self.files.get(name)?;
        let encoded = ENCODINGS
            .iter()
            .filter(|(encoding, _)| accepts(accept_encoding, encoding))
            .find_map(|(encoding, ending)| Some((*encoding, self.files.get(&[name, ending].concat())?)));
        Some(match encoded {
            Some((encoding, bytes)) => Asset { content_type, encoding: Some(encoding), bytes },
            None => Asset { content_type, encoding: None, bytes: plain },
        })
    }
}

/// The media type of what may be asked for by name; the shells and the precompressed files may not.
fn content_type(name: &str) -> Option<&'static str> {
    let (_, ending) = name.rsplit_once('.')?;
    Some(match ending {
        "wasm" => "application/wasm",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webp" => "image/webp",
        "jpg" | "jpeg" => "image/jpeg",
        _ => return None,
    })
}

/// Whether an `Accept-Encoding` header names this coding without forbidding it (RFC 9110 §12.5.3).
fn accepts(header: &str, coding: &str) -> bool {
    header.split(',').any(|item| {
        let (name, parameters) = item.split_once(';').unwrap_or((item, ""));
        let forbidden = parameters
            .trim()
            .strip_prefix("q=")
            .is_some_and(|quality| quality.trim().parse::<f32>().is_ok_and(|quality| quality <= 0.0));
        name.trim().eq_ignore_ascii_case(coding) && !forbidden
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assets() -> Assets {
        Assets::new(
            [
                (
                    "sign-in.html",
                    "<!DOCTYPE html><html><head>\n<link a><link rel=\"stylesheet\" b/><link c>\n</head></html>",
                ),
                ("app-1.js", "plain"),
                ("app-1.js.br", "brotli"),
                ("app-1.js.gz", "gzip"),
                ("words-portal-en-0123.json", "[]"),
            ]
            .map(|(name, text)| (name.to_owned(), Bytes::from(text))),
        )
    }

    #[test]
    fn a_file_is_sent_without_being_copied() {
        let assets = Assets::new([("app-1.js".to_owned(), Bytes::from(vec![b'x'; 1_000_000]))]);
        let [one, other] = [(); 2].map(|()| assets.get("app-1.js", "").expect("is there").bytes.clone());
        assert_eq!(one.as_ptr(), other.as_ptr());
    }

    #[test]
    fn a_file_comes_in_the_best_encoding_that_is_accepted() {
        let assets = assets();
        for (accept, encoding, text) in [
            ("gzip, deflate, br, zstd", Some("br"), "brotli"),
            ("gzip;q=1.0, br;q=0", Some("gzip"), "gzip"),
            ("BR", Some("br"), "brotli"),
            ("identity", None, "plain"),
            ("", None, "plain"),
        ] {
            let asset = assets.get("app-1.js", accept).expect("is there");
            assert_eq!((asset.encoding, asset.bytes.as_ref()), (encoding, text.as_bytes()), "{accept}");
        }
    }

    #[test]
    fn shells_and_precompressed_files_have_no_address_of_their_own() {
        let assets = assets();
        for name in ["sign-in.html", "app-1.js.br", "app-2.js", "", "../app-1.js"] {
            assert_eq!(assets.get(name, "br"), None, "{name}");
        }
    }

    #[test]
    fn the_head_and_the_words_are_found() {
        let assets = assets();
        assert_eq!(assets.head(App::SignIn), Some(r#"<link a><link rel="stylesheet" b/><link c>"#));
        assert_eq!(assets.styles(App::SignIn), Some(r#"<link rel="stylesheet" b/>"#));
        assert_eq!(assets.words(App::Portal, Language::En).as_deref(), Some("/assets/words-portal-en-0123.json"));
        assert_eq!(assets.words(App::SignIn, Language::En), None);
        assert_eq!(Assets::default().head(App::SignIn), None);
    }
}
