//! A minimal build of the app.

use doorstep_locales::Language;
use doorstep_server::assets::Assets;

/// The path of a file of 4 MB.
pub(crate) const LARGE_FILE: &str = "/assets/large-0123456789abcdef.js";

/// The least that the server accepts as a built app: a head with tags, a script, translations.
pub(super) fn small() -> Assets {
    let files = [
        ("sign-in.html", "<html><head><script src=\"/assets/app-0123456789abcdef.js\"></script></head></html>"),
        ("dashboard.html", "<html><head><script src=\"/assets/app-0123456789abcdef.js\"></script></head></html>"),
        (
            "portal.html",
            "<html><head><script src=\"/assets/app-0123456789abcdef.js\"></script>\
             <link rel=\"stylesheet\" href=\"/assets/app-0123456789abcdef.css\"/></head></html>",
        ),
        ("app-0123456789abcdef.js", "export default 0;"),
        ("app-0123456789abcdef.js.br", "compressed"),
    ];
    let words = ["sign-in", "dashboard", "portal"].into_iter().flat_map(|app| {
        Language::ALL.map(|language| (format!("words-{app}-{}-0123456789abcdef.json", language.tag()), "[]".into()))
    });
    let large = ("large-0123456789abcdef.js".to_owned(), vec![b'x'; 4_000_000].into());
    Assets::new(files.map(|(name, text)| (name.to_owned(), text.into())).into_iter().chain(words).chain([large]))
}
