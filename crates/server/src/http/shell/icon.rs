//! The icons of SSO providers: built-in shapes, images of the operator, or an initial. They are decorative; the
//! provider's name is beside them.

use doorstep_contract::{auth::Provider, paths};
use maud::{Markup, html};

/// The shapes by their names in the configuration; each has a view box of 24 units.
const SHAPES: [(&str, &str); 9] = [
    ("key", "M14.5 9.5a4 4 0 1 1-4 4 4 4 0 0 1 4-4zm-2.8 6.8L4 8.6V4h4v3h3v3"),
    ("building", "M5 21V4h9v17M14 9h5v12M3 21h18M8 8h3M8 12h3M8 16h3"),
    ("shield", "M12 3 5 6v5c0 4.6 3 8 7 10 4-2 7-5.4 7-10V6z"),
    ("code", "m9 7-5 5 5 5M15 7l5 5-5 5"),
    (
        "git",
        "M5 5a2 2 0 1 1 4 0 2 2 0 1 1-4 0M15 5a2 2 0 1 1 4 0 2 2 0 1 1-4 0M5 19a2 2 0 1 1 4 0 2 2 0 1 1-4 0M7 7v10M17 7v1a4 4 0 0 1-4 4H7",
    ),
    ("mail", "M3 6h18v12H3zM3 7l9 6 9-6"),
    ("cloud", "M7 18h10a4 4 0 0 0 .6-7.9A6 6 0 0 0 6.3 9.6 4.2 4.2 0 0 0 7 18z"),
    (
        "users",
        "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20a6.5 6.5 0 0 1 13 0M16 4.3a3.5 3.5 0 0 1 0 6.4M18 14.4a6.5 6.5 0 0 1 3.5 5.6",
    ),
    ("globe", "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3 12h18M12 3c3.3 3 3.3 15 0 18M12 3c-3.3 3-3.3 15 0 18"),
];

/// Renders the icon of a provider.
pub(super) fn icon(provider: &Provider) -> Markup {
    let name = provider.icon.as_deref().unwrap_or_default();
    let shape = SHAPES.iter().find(|(shape, _)| *shape == name);
    html! {
        @if name.starts_with(paths::ASSETS) {
            img src=(name) alt="" width="20" height="20" class="icon";
        } @else if let Some((_, path)) = shape {
            svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" class="icon" { path d=(path) {} }
        } @else {
            // Drawn by the style, so that it does not become part of the link's text.
            span class="initial" aria-hidden="true" data-initial=(initial(&provider.display_name())) {}
        }
    }
}

fn initial(name: &str) -> String {
    name.chars().next().map(|first| first.to_uppercase().collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(icon_name: Option<&str>) -> String {
        let (name, driver) = ("okta".to_owned(), "openid".to_owned());
        icon(&Provider { name, driver, label: Some("élan".to_owned()), icon: icon_name.map(str::to_owned) })
            .into_string()
    }

    #[test]
    fn a_known_name_is_a_shape_a_picture_is_shown_and_the_rest_is_an_initial() {
        assert!(drawn(Some("shield")).contains("<path d=\"M12 3 5 6v5"));
        assert!(drawn(Some("/assets/icon-1.svg")).starts_with("<img src=\"/assets/icon-1.svg\" alt=\"\""));
        for name in [None, Some("okta"), Some("Shield"), Some("https://evil.example/x.svg"), Some("\"><script>")] {
            let text = drawn(name);
            assert!(text.contains("data-initial=\"É\"") && !text.contains("<script>"), "{text}");
        }
    }
}
