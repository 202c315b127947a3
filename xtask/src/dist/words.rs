//! The translations as one file for each language and app: a JSON array in the order of the keys, with a hash in its
//! name.

use std::path::Path;

use anyhow::Result;
use doorstep_locales::Language;
use sha2::{Digest as _, Sha256};

use super::APPS;
use crate::files;

/// Writes the files into a folder.
pub(super) fn write(folder: &Path) -> Result<()> {
    for (_, app) in APPS {
        for language in Language::ALL {
            let words: Vec<&str> = language.table_of(app).collect();
            let content = serde_json::to_vec(&words)?;
            files::write(&folder.join(name(app, language, &content)), &content)?;
        }
    }
    Ok(())
}

/// `words-portal-en-0123456789abcdef.json`: the server finds the file by app and language.
fn name(app: &str, language: Language, content: &[u8]) -> String {
    let hash = hex::encode(Sha256::digest(content));
    format!("words-{app}-{}-{hash:.16}.json", language.tag())
}

#[cfg(test)]
mod tests {
    use doorstep_locales::Language;

    use super::name;

    #[test]
    fn another_content_has_another_name() {
        assert_eq!(name("portal", Language::En, b"[]"), "words-portal-en-4f53cda18c2baa0c.json");
        assert_ne!(name("portal", Language::En, b"[\"\"]"), name("portal", Language::En, b"[]"));
    }
}
