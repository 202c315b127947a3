//! What a server stores at start for commands, which may run without its configuration.

use serde::{Deserialize, Serialize};
use url::Url;

use super::{ServeError, own_url};
use crate::{config::Config, error::Error, store::Store};

/// The setting with the public URL.
const PUBLIC_URL: &str = "public_url";
/// The setting with the [`Brand`].
const BRAND: &str = "brand";

/// What mails show of the installation, as JSON.
#[derive(Serialize, Deserialize)]
struct Brand {
    name: String,
    accent: Option<String>,
    support: Option<String>,
}

/// Stores the public URL and the brand of this server.
pub(super) async fn remember(config: &Config, public_url: &Url, store: &Store) -> Result<(), Error> {
    let brand = Brand {
        name: config.branding.name.clone(),
        accent: config.branding.accent.clone(),
        support: config.footer.support.clone(),
    };
    let brand = serde_json::to_vec(&brand).map_err(|_| Error::NotJson)?;
    store.put_setting(PUBLIC_URL, public_url.as_str().as_bytes()).await?;
    store.put_setting(BRAND, &brand).await?;
    Ok(())
}

/// The public URL of the server with this data: the one of its last start, or else the configured one.
///
/// # Errors
/// When the database fails.
pub async fn public_url(config: &Config, store: &Store) -> Result<Url, ServeError> {
    let stored = store.setting(PUBLIC_URL).await.map_err(Error::from)?;
    let stored = stored.and_then(|stored| Url::parse(&String::from_utf8_lossy(&stored)).ok());
    stored.or_else(|| config.public_url.clone()).map_or_else(|| own_url(config.listen), Ok)
}

/// The configuration with the brand of the server's last start, for a command without a configuration file.
///
/// # Errors
/// When the database fails.
pub async fn with_brand(mut config: Config, store: &Store) -> Result<Config, ServeError> {
    let stored = store.setting(BRAND).await.map_err(Error::from)?;
    if let Some(brand) = stored.and_then(|stored| serde_json::from_slice::<Brand>(&stored).ok()) {
        config.branding.name = brand.name;
        config.branding.accent = brand.accent;
        config.footer.support = brand.support;
    }
    Ok(config)
}
