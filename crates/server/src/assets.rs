//! The browser app: the files built by `cargo xtask dist`.
//!
//! A release binary embeds them. A debug build reads them at start from `target/dist`, or the folder in
//! `DOORSTEP_DIST`, so that a change of the app does not rebuild the server. In both cases each file is in memory
//! once, however many responses send it.

use std::collections::BTreeMap;

use axum::body::Bytes;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use doorstep_contract::paths;
use doorstep_locales::Language;
use sha2::{Digest as _, Sha256};

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// One of the apps (the browser app's `src/bin/`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum App {
    /// The sign-in pages only, so that the first visit loads quickly.
    SignIn,
    /// All pages for signed-in users.
    Dashboard,
    /// The clients' portal.
    Portal,
}

impl App {
    const ALL: [Self; 3] = [Self::SignIn, Self::Dashboard, Self::Portal];

    /// The prefix of its file names, as in `xtask/src/dist.rs`.
    const fn name(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in",
            Self::Dashboard => "dashboard",
            Self::Portal => "portal",
        }
    }
}

/// The files of the apps; empty if the server was built without them.
#[derive(Debug, Default)]
pub struct Assets {
    files: BTreeMap<String, Bytes>,
    heads: Vec<(App, Head)>,
    inline: Inline,
}

/// The tags in the head of an app's pages.
#[derive(Debug)]
struct Head {
    /// The tags that load the app.
    tags: String,
    /// The tag of the stylesheet, for pages without the app.
    styles: Option<String>,
}

/// Sources of the content security policy (CSP3 §2.3.1) for inline scripts and styles: the policy names their
/// hashes, and allows no others.
#[derive(Debug, Default)]
pub struct Inline {
    /// For `script-src`.
    pub scripts: Vec<String>,
    /// For `style-src`.
    pub styles: Vec<String>,
}

/// The supported encodings, best first, with the suffix of the precompressed file.
const ENCODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

/// The app's folder of a debug build; `None` before the first `cargo xtask dist`.
#[cfg(debug_assertions)]
fn folder_of_debug_build() -> Option<std::path::PathBuf> {
    let built = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/dist");
    let given = std::env::var_os("DOORSTEP_DIST").filter(|folder| !folder.is_empty()).map(std::path::PathBuf::from);
    given.or_else(|| built.is_dir().then_some(built))
}

/// A file to be sent.
#[derive(Debug, PartialEq, Eq)]
pub struct Asset<'a> {
    /// Its media type.
    pub content_type: &'static str,
    /// Its `Content-Encoding`.
    pub encoding: Option<&'static str>,
    /// The encoded content.
    pub bytes: &'a Bytes,
}

impl Assets {
    /// The embedded files. A debug build reads the folder in `DOORSTEP_DIST` instead, or `target/dist` in the
    /// source tree that it was built from.
    ///
    /// # Errors
    /// When that folder can't be read.
    pub fn load() -> std::io::Result<Self> {
        #[cfg(debug_assertions)]
        if let Some(folder) = folder_of_debug_build() {
            let mut files = BTreeMap::new();
            for entry in std::fs::read_dir(folder)? {
                let entry = entry?;
                if entry.file_type()?.is_file() {
                    files.insert(entry.file_name().to_string_lossy().into_owned(), std::fs::read(entry.path())?.into());
                }
            }
            return Ok(Self::new(files));
        }
        Ok(Self::new(EMBEDDED.iter().map(|(name, bytes)| ((*name).to_owned(), Bytes::from_static(bytes)))))
    }

    /// Assets with these files, each with its name.
    pub fn new(files: impl IntoIterator<Item = (String, Bytes)>) -> Self {
        let mut assets = Self { files: files.into_iter().collect(), ..Self::default() };
        for app in App::ALL {
            if let Some(head) = assets.make_head(app) {
                assets.heads.push((app, head));
            }
        }
        assets
    }

    /// Adds files that are not part of the build, such as a logo.
    #[must_use]
    pub fn with(mut self, files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Self {
        self.files.extend(files.into_iter().map(|(name, bytes)| (name, bytes.into())));
        self
    }

    /// The tags in the head of a page that load an app, as Trunk wrote them, with hashed names and integrity. Those
    /// of the sign-in app have styles and boot script inline, so that the form appears with the page itself; the
    /// files of the other apps are usually cached by the browser. `None` without the app.
    #[must_use]
    pub fn head(&self, app: App) -> Option<&str> {
        self.of(app).map(|head| head.tags.as_str())
    }

    /// The stylesheet's tag of an app, for pages without the app. That of the portal is inline.
    #[must_use]
    pub fn styles(&self, app: App) -> Option<&str> {
        self.of(app)?.styles.as_deref()
    }

    /// The hashes of the inline scripts and styles in these tags.
    #[must_use]
    pub fn inline(&self) -> &Inline {
        &self.inline
    }

    fn of(&self, app: App) -> Option<&Head> {
        self.heads.iter().find(|(of, _)| *of == app).map(|(_, head)| head)
    }

    fn make_head(&mut self, app: App) -> Option<Head> {
        let page = self.files.get(&[app.name(), ".html"].concat())?;
        let (_, rest) = std::str::from_utf8(page).ok()?.split_once("<head>")?;
        let mut tags = rest.split_once("</head>")?.0.trim().to_owned();
        let mut styles = element(&tags, "<link rel=\"stylesheet\"", ">").map(str::to_owned);
        if app != App::Dashboard
            && let Some(link) = &styles
            && let Some(inline) = self.text(link, "href")
        {
            self.inline.styles.push(source(&inline));
            let inline = ["<style>", &inline, "</style>"].concat();
            if app == App::SignIn {
                tags = tags.replace(link, &inline);
            }
            styles = Some(inline);
        }
        if app == App::SignIn
            && let Some(script) = element(&tags, "<script src=", "</script>")
            && let Some(inline) = self.text(script, "src")
        {
            self.inline.scripts.push(source(&inline));
            tags = tags.replace(script, &["<script>", &inline, "</script>"].concat());
        }
        Some(Head { tags, styles })
    }

    /// The content of the file that a tag references, as text, unless it would close the element.
    fn text(&self, tag: &str, attribute: &str) -> Option<String> {
        let (_, rest) = tag.split_once(&[" ", attribute, "=\"", paths::ASSETS].concat())?;
        let file = self.files.get(rest.split_once('"')?.0)?;
        let text = std::str::from_utf8(file).ok()?;
        (!text.contains("</") && !text.contains("<!--")).then(|| text.to_owned())
    }

    /// The path of the translations of an app in a language.
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

/// The first element with this start and end.
fn element<'a>(tags: &'a str, begin: &str, end: &str) -> Option<&'a str> {
    let tag = tags.get(tags.find(begin)?..)?;
    tag.get(..tag.find(end)? + end.len())
}

/// The source expression of an inline text.
fn source(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)))
}

/// The media type of a file that may be requested by name; HTML and precompressed files may not.
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

/// Whether an `Accept-Encoding` header allows this coding (RFC 9110 §12.5.3).
pub(crate) fn accepts(header: &str, coding: &str) -> bool {
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
        let [one, other] = [(); 2].map(|()| assets.get("app-1.js", "").expect("exists").bytes.clone());
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
            let asset = assets.get("app-1.js", accept).expect("exists");
            assert_eq!((asset.encoding, asset.bytes.as_ref()), (encoding, text.as_bytes()), "{accept}");
        }
    }

    #[test]
    fn shells_and_precompressed_files_are_not_served_by_name() {
        let assets = assets();
        for name in ["sign-in.html", "app-1.js.br", "app-2.js", "", "../app-1.js"] {
            assert_eq!(assets.get(name, "br"), None, "{name}");
        }
    }

    #[test]
    fn sign_in_pages_have_styles_and_boot_script_inline_by_their_hashes() {
        let head = |app: &str| {
            format!(
                "<head><script src=\"/assets/boot-1.js\" integrity=\"x\"></script>\
                 <link rel=\"stylesheet\" href=\"/assets/{app}-1.css\"/></head>"
            )
        };
        let files = [
            ("sign-in.html", head("sign-in")),
            ("dashboard.html", head("dashboard")),
            ("portal.html", head("portal")),
            ("boot-1.js", "start()".to_owned()),
            ("sign-in-1.css", "a{}".to_owned()),
            ("dashboard-1.css", "b{}".to_owned()),
            ("portal-1.css", "i:after{content:\"</style>\"}".to_owned()),
        ];
        let assets = Assets::new(files.map(|(name, text)| (name.to_owned(), Bytes::from(text))));
        assert_eq!(assets.head(App::SignIn), Some("<script>start()</script><style>a{}</style>"));
        assert!(assets.head(App::Dashboard).is_some_and(|head| !head.contains("<style>") && !head.contains("start()")));
        // A stylesheet that would close its element is not inlined.
        assert_eq!(assets.styles(App::Portal), Some("<link rel=\"stylesheet\" href=\"/assets/portal-1.css\"/>"));
        let Inline { scripts, styles } = assets.inline();
        assert_eq!(scripts, &[source("start()")]);
        assert_eq!(styles, &["'sha256-X1RutGBrXCt9KkSaXMK7tHftWiRscFHOhxsS8tv8hBk='".to_owned()]);
    }

    #[test]
    fn the_head_and_the_translations_are_found() {
        let assets = assets();
        assert_eq!(assets.head(App::SignIn), Some(r#"<link a><link rel="stylesheet" b/><link c>"#));
        assert_eq!(assets.styles(App::SignIn), Some(r#"<link rel="stylesheet" b/>"#));
        assert_eq!(assets.words(App::Portal, Language::En).as_deref(), Some("/assets/words-portal-en-0123.json"));
        assert_eq!(assets.words(App::SignIn, Language::En), None);
        assert_eq!(Assets::default().head(App::SignIn), None);
    }
}
