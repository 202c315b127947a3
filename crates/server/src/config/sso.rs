//! `[[sso.providers]]` of the configuration file: SSO providers.

use std::path::{Path, PathBuf};

use doorstep_contract::secret::Secret;
use serde::{Deserialize, Serialize};
use url::Url;

use super::{
    ConfigError,
    pictures::{NamedFile, address, picture},
    secret,
};
use crate::{
    domain::{access::Mode, network::is_local},
    idp::{self, Driver, Endpoints},
};

/// The section.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sso {
    /// The providers, in the order in which they are listed.
    pub providers: Vec<Provider>,
}

/// A provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Provider {
    /// Its name in paths: letters, digits and `-_`.
    pub name: String,
    /// `openid` or `oauth2`.
    pub driver: String,
    /// Its display name.
    pub label: Option<String>,
    /// Its icon: the name of a built-in shape, or the path of an image, which contains a `/`.
    pub icon: Option<String>,
    /// For `openid`: its issuer, exactly as in its discovery document.
    pub issuer: Option<String>,
    /// For `oauth2`: the authorization endpoint.
    pub authorize_url: Option<Url>,
    /// For `oauth2`: the token endpoint.
    pub access_url: Option<Url>,
    /// For `oauth2`: the endpoint with the user's profile.
    pub profile_url: Option<Url>,
    /// The client id.
    pub client_id: String,
    /// The client secret.
    pub client_secret: Option<Secret>,
    /// The file with the client secret, instead.
    pub client_secret_file: Option<PathBuf>,
    /// The requested scopes.
    pub scope: Vec<String>,
    /// The claim with the user's permanent id.
    pub identifier_key: String,
    /// The claim with the email.
    pub email_key: String,
    /// Whether users without an account get one, if the provider verified their email.
    pub allow_registration: bool,
    /// Whether emails count as verified if the provider does not say.
    pub assume_email_verified: bool,
    /// URLs of other origins that a sign-in may return to.
    pub redirect_allow_list: Vec<Url>,
    /// `session`, `cookie` or `json`: how programs get tokens if the start does not specify it; `session` by
    /// default.
    pub mode: Option<String>,
    /// Whether its users may decide about devices without an account.
    pub device_external: bool,
}

impl Default for Provider {
    fn default() -> Self {
        Self {
            name: String::new(),
            driver: "openid".to_owned(),
            label: None,
            icon: None,
            issuer: None,
            authorize_url: None,
            access_url: None,
            profile_url: None,
            client_id: String::new(),
            client_secret: None,
            client_secret_file: None,
            scope: vec!["openid".to_owned(), "profile".to_owned(), "email".to_owned()],
            identifier_key: "sub".to_owned(),
            email_key: "email".to_owned(),
            allow_registration: false,
            assume_email_verified: false,
            redirect_allow_list: Vec::new(),
            mode: None,
            device_external: false,
        }
    }
}

impl Sso {
    /// The settings of all providers, and their icons. At least one is required if password sign-in is disabled.
    pub(super) fn settings(&self, with_passwords: bool) -> Result<(Vec<idp::Settings>, Vec<NamedFile>), ConfigError> {
        if self.providers.is_empty() && !with_passwords {
            let problem = "can't be false without a provider in `sso.providers`".to_owned();
            return Err(ConfigError::Value { name: "login.password", problem });
        }
        let mut names: Vec<&str> = self.providers.iter().map(|provider| provider.name.as_str()).collect();
        names.sort_unstable();
        if let Some(name) = names.windows(2).find_map(|pair| pair.first().filter(|first| pair.last() == Some(first))) {
            return Err(problem(name, "this name is used twice"));
        }
        let mut icons = Vec::new();
        let settings = self.providers.iter().map(|provider| provider.settings(&mut icons)).collect::<Result<_, _>>()?;
        Ok((settings, icons))
    }
}

impl Provider {
    fn settings(&self, icons: &mut Vec<NamedFile>) -> Result<idp::Settings, ConfigError> {
        let name = self.name.as_str();
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        if name.is_empty() || name.len() > 64 || !name.bytes().all(is_plain) || name == "default" {
            return Err(problem(name, "`name` may contain only letters, digits, - and _, and can't be `default`"));
        }
        if self.client_id.is_empty() {
            return Err(problem(name, "`client_id` is missing"));
        }
        if self.identifier_key == self.email_key {
            return Err(problem(name, "`identifier_key` must be a permanent ID; an email can be reassigned"));
        }
        let mode = match self.mode.as_deref() {
            None => Some(Mode::Session),
            Some("json") => None,
            Some(word) => {
                Some(Mode::parse(word).ok_or_else(|| problem(name, "`mode` must be `session`, `cookie` or `json`"))?)
            }
        };
        let client_secret = match (&self.client_secret, &self.client_secret_file) {
            (Some(_), Some(_)) => return Err(problem(name, "set `client_secret` or `client_secret_file`, not both")),
            (Some(secret), None) => Some(secret.clone()),
            (None, Some(path)) => Some(Secret::new(secret::read(path)?.trim())),
            (None, None) => None,
        };
        Ok(idp::Settings {
            name: self.name.clone(),
            driver: self.driver()?,
            label: self.label.clone(),
            icon: self.icon(icons)?,
            client_id: self.client_id.clone(),
            client_secret,
            scope: self.scope.clone(),
            identifier_key: self.identifier_key.clone(),
            email_key: self.email_key.clone(),
            allow_registration: self.allow_registration,
            assume_email_verified: self.assume_email_verified,
            redirect_allow_list: self.redirect_allow_list.clone(),
            mode,
            device_external: self.device_external,
        })
    }

    /// The icon for responses: the name of a shape, or the path of an image.
    fn icon(&self, icons: &mut Vec<NamedFile>) -> Result<Option<String>, ConfigError> {
        let Some(path) = self.icon.as_deref().filter(|icon| icon.contains('/')) else {
            return Ok(self.icon.clone());
        };
        let icon = picture("icon", Path::new(path))?;
        let served_at = address(&icon);
        icons.push(icon);
        Ok(Some(served_at))
    }

    fn driver(&self) -> Result<Driver, ConfigError> {
        let name = self.name.as_str();
        match self.driver.as_str() {
            "openid" => {
                let issuer = self.issuer.clone().ok_or_else(|| problem(name, "`issuer` is missing"))?;
                Url::parse(&issuer).ok().as_ref().filter(|url| is_safe(url)).ok_or_else(|| {
                    problem(name, "`issuer` must be an https URL; http is allowed for this machine only")
                })?;
                Ok(Driver::OpenId { issuer })
            }
            "oauth2" => {
                let url = |key: &str, url: &Option<Url>| match url {
                    Some(url) if is_safe(url) => Ok(url.clone()),
                    Some(_) => Err(problem(
                        name,
                        &format!("`{key}` must be an https URL; http is allowed for this machine only"),
                    )),
                    None => Err(problem(name, &format!("`{key}` is missing"))),
                };
                Ok(Driver::OAuth2(Box::new(Endpoints {
                    authorize_url: url("authorize_url", &self.authorize_url)?,
                    access_url: url("access_url", &self.access_url)?,
                    profile_url: url("profile_url", &self.profile_url)?,
                })))
            }
            _ => Err(problem(name, "`driver` must be `openid` or `oauth2`")),
        }
    }
}

fn problem(name: &str, problem: &str) -> ConfigError {
    ConfigError::Value { name: "sso.providers", problem: format!("{name:?}: {problem}") }
}

fn is_safe(url: &Url) -> bool {
    url.scheme() == "https" || (url.scheme() == "http" && is_local(url))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn okta() -> Provider {
        Provider {
            name: "okta".to_owned(),
            issuer: Some("https://okta.example.org".to_owned()),
            client_id: "doorstep".to_owned(),
            ..Provider::default()
        }
    }

    fn problem(providers: Vec<Provider>) -> String {
        Sso { providers }.settings(true).expect_err("is invalid").to_string()
    }

    #[test]
    fn invalid_settings_are_named_with_their_provider() {
        assert_eq!(Sso { providers: vec![okta()] }.settings(true).expect("is valid").0.len(), 1);
        assert!(problem(vec![okta(), okta()]).contains("twice"));
        for (broken, why) in [
            (Provider { name: "a b".to_owned(), ..okta() }, "`name`"),
            (Provider { name: "default".to_owned(), ..okta() }, "`name`"),
            (Provider { client_id: String::new(), ..okta() }, "`client_id`"),
            (Provider { issuer: None, ..okta() }, "`issuer`"),
            (Provider { issuer: Some("http://okta.example.org".to_owned()), ..okta() }, "`issuer`"),
            (Provider { driver: "saml".to_owned(), ..okta() }, "`driver`"),
            (Provider { driver: "oauth2".to_owned(), ..okta() }, "`authorize_url`"),
            (Provider { identifier_key: "email".to_owned(), ..okta() }, "`identifier_key`"),
            (Provider { mode: Some("x".to_owned()), ..okta() }, "`mode`"),
        ] {
            let text = problem(vec![broken]);
            assert!(text.starts_with("sso.providers: ") && text.contains(why), "{text}");
        }
        let missing = problem(vec![Provider { icon: Some("/nowhere/okta.svg".to_owned()), ..okta() }]);
        assert!(missing.starts_with("/nowhere/okta.svg: "), "{missing}");
        assert!(Sso::default().settings(false).is_err());
    }

    #[test]
    fn programs_get_the_session_cookie_unless_the_file_says_otherwise() {
        let mode = |line: &str| {
            let file = format!(
                "[[providers]]\nname = \"okta\"\nissuer = \"https://okta.example.org\"\nclient_id = \"doorstep\"\n{line}"
            );
            let section: Sso = toml::from_str(&file).expect("is TOML");
            section.settings(true).expect("is valid").0.first().expect("exists").mode
        };
        for (line, expected) in [
            ("", Some(Mode::Session)),
            ("mode = \"session\"", Some(Mode::Session)),
            ("mode = \"cookie\"", Some(Mode::Cookie)),
            ("mode = \"json\"", None),
        ] {
            assert_eq!(mode(line), expected, "{line}");
        }
    }

    #[test]
    fn an_icon_is_a_name_or_a_picture_that_is_served() {
        let icon = |icon: &str| {
            let provider = Provider { icon: Some(icon.to_owned()), ..okta() };
            let (settings, files) = Sso { providers: vec![provider] }.settings(true).expect("is valid");
            (settings.first().and_then(|settings| settings.icon.clone()).expect("exists"), files)
        };
        assert_eq!(icon("building"), ("building".to_owned(), Vec::new()));
        let path = std::env::temp_dir().join(format!("doorstep-icon-{}.svg", std::process::id()));
        std::fs::write(&path, "<svg/>").expect("is written");
        let (served_at, files) = icon(&path.display().to_string());
        std::fs::remove_file(&path).expect("is removed");
        assert_eq!(files.first().map(address), Some(served_at));
    }
}
