//! Text that must not be logged.

use std::fmt;

use crate::words::text;

text! {
    /// A password, token or code on its way to the server. `Debug` redacts it, and there is no `Display`, so that it
    /// does not get into a log (ASVS 16.2.5).
    pub struct Secret: "password";
}

impl Secret {
    /// The text itself: only for code that checks or sends it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_not_printed() {
        assert_eq!(format!("{:?}", Secret::new("hunter2")), "[redacted]");
    }
}
