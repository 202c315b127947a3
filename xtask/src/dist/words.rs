//! The words of each language as one file: a JSON array in the order of the keys, named after its content.

use std::path::Path;

use anyhow::Result;
use doorstep_locales::Language;
use sha2::{Digest as _, Sha256};

use crate::files;

/// Writes the files into a folder.
pub(super) fn write(folder: &Path) -> Result<()> {
    for language in Language::ALL {
        let content = serde_json::to_vec(language.table())?;
        files::write(&folder.join(name(language, &content)), &content)?;
    }
    Ok(())
}

/// `words-en-0123456789abcdef.json`: the server finds the language by the middle part.
fn name(language: Language, content: &[u8]) -> String {
    let hash = hex::encode(Sha256::digest(content));
    format!("words-{}-{hash:.16}.json", language.tag())
}

#[cfg(test)]
mod tests {
    use doorstep_locales::Language;

    use super::name;

    #[test]
    fn another_content_has_another_name() {
        assert_eq!(name(Language::En, b"[]"), "words-en-4f53cda18c2baa0c.json");
        assert_ne!(name(Language::En, b"[\"\"]"), name(Language::En, b"[]"));
    }
}
