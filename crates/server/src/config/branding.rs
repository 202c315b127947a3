//! `[branding]`: validates it, and provides the paths and files that pages need.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use doorstep_contract::{auth, paths};
use sha2::{Digest as _, Sha384};
use url::Url;

use super::{
    ConfigError, file,
    pictures::{NamedFile, address, picture},
};

/// The links in the footer of every page, as absolute URLs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Footer {
    /// The support page; may be a mail address.
    pub support: Option<String>,
    /// The privacy policy.
    pub privacy: Option<String>,
    /// The terms of use.
    pub terms: Option<String>,
}

impl Footer {
    /// Validates the URLs.
    pub(super) fn check(file: &file::Branding) -> Result<Self, ConfigError> {
        let link =
            |name, text: &Option<String>, schemes: &[&str], begins: &str| -> Result<Option<String>, ConfigError> {
                let Some(text) = text else {
                    return Ok(None);
                };
                match Url::parse(text) {
                    Ok(url) if schemes.contains(&url.scheme()) => Ok(Some(url.into())),
                    _ => Err(ConfigError::Value { name, problem: format!("must begin with {begins}") }),
                }
            };
        Ok(Self {
            support: link(
                "branding.support",
                &file.support,
                &["https", "http", "mailto"],
                "https:, http:, or mailto:",
            )?,
            privacy: link("branding.links.privacy", &file.links.privacy, &["https", "http"], "https: or http:")?,
            terms: link("branding.links.terms", &file.links.terms, &["https", "http"], "https: or http:")?,
        })
    }
}

/// The branding for responses, and the files to serve.
pub(super) fn check(file: file::Branding) -> Result<(auth::Branding, Vec<NamedFile>), ConfigError> {
    if file.name.trim().is_empty() {
        return Err(ConfigError::Value { name: "branding.name", problem: "must not be empty".to_owned() });
    }
    if file.logo.is_none() && file.logo_dark.is_some() {
        let problem = "requires branding.logo".to_owned();
        return Err(ConfigError::Value { name: "branding.logo_dark", problem });
    }
    let logo = file.logo.as_deref().map(|path| picture("logo", path)).transpose()?;
    let logo_dark = file.logo_dark.as_deref().map(|path| picture("logo-dark", path)).transpose()?;
    let accent = file.accent.as_deref().map(accent).transpose()?;
    let branding = auth::Branding {
        name: file.name,
        logo: logo.as_ref().map(address),
        logo_dark: logo_dark.as_ref().map(address),
        accent: accent.clone(),
        public_note: file.public_note,
    };
    let style = accent.as_deref().map(|accent| (style_name(accent), style(accent)));
    Ok((branding, logo.into_iter().chain(logo_dark).chain(style).collect()))
}

/// The path of the stylesheet that sets an accent colour, and its integrity hash (Subresource Integrity).
#[must_use]
pub fn style_link(accent: &str) -> (String, String) {
    let checksum = STANDARD.encode(Sha384::digest(style(accent)));
    ([paths::ASSETS, &style_name(accent)].concat(), format!("sha384-{checksum}"))
}

fn style_name(accent: &str) -> String {
    format!("accent-{}.css", accent.trim_start_matches('#'))
}

/// The app's stylesheet derives all other colours from this one (style/tokens.css).
fn style(accent: &str) -> Vec<u8> {
    format!("@layer tokens{{:root{{--brand:{accent}}}}}\n").into_bytes()
}

/// Validates a colour and returns it as `#rrggbb` in lower case.
fn accent(text: &str) -> Result<String, ConfigError> {
    let digits = text.strip_prefix('#').unwrap_or_default();
    if digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        Ok(text.to_lowercase())
    } else {
        Err(ConfigError::Value {
            name: "branding.accent",
            problem: format!("{text:?} is not a color; use a value such as #2a5d4e"),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn an_accent_is_a_colour_and_nothing_else() {
        assert_eq!(accent("#2A5D4E").expect("is valid"), "#2a5d4e");
        for text in ["", "#", "#fff", "2a5d4e", "#2a5d4g", "#2a5d4e;}", "red", "#2a5d4e0"] {
            assert!(accent(text).is_err(), "{text}");
        }
    }

    #[test]
    fn links_lead_to_the_web_or_to_mail() {
        let file = |support: &str, privacy: &str| file::Branding {
            support: Some(support.to_owned()),
            links: file::LegalLinks { privacy: Some(privacy.to_owned()), terms: None },
            ..file::Branding::default()
        };
        let footer = Footer::check(&file("mailto:it@acme.example", "https://acme.example/privacy")).expect("fits");
        assert_eq!(footer.support.as_deref(), Some("mailto:it@acme.example"));
        assert_eq!(footer.privacy.as_deref(), Some("https://acme.example/privacy"));
        for (support, privacy) in [
            ("javascript:alert(1)", "https://a.example"),
            ("it@acme.example", "https://a.example"),
            ("mailto:a@b.example", "mailto:a@b.example"),
        ] {
            assert!(Footer::check(&file(support, privacy)).is_err(), "{support} {privacy}");
        }
    }

    #[test]
    fn branding_brings_its_files() {
        let folder = std::env::temp_dir().join(format!("doorstep-branding-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("is created");
        let path = folder.join("Logo.SVG");
        fs::write(&path, "<svg/>").expect("is written");
        let file = file::Branding {
            name: "Acme".to_owned(),
            logo: Some(path.clone()),
            logo_dark: Some(path),
            accent: Some("#AA0000".to_owned()),
            ..file::Branding::default()
        };
        let (branding, files) = check(file).expect("fits");
        fs::remove_dir_all(&folder).expect("is removed");
        let names: Vec<String> = files.into_iter().map(|(name, _)| [paths::ASSETS, &name].concat()).collect();
        assert_eq!(
            names,
            [branding.logo.expect("exists"), branding.logo_dark.expect("exists"), style_link("#aa0000").0]
        );
    }

    #[test]
    fn a_logo_for_dark_themes_alone_is_refused() {
        let file = file::Branding { logo_dark: Some("logo.svg".into()), ..file::Branding::default() };
        assert!(check(file).expect_err("is refused").to_string().starts_with("branding.logo_dark: "));
    }
}
