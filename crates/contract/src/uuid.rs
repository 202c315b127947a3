//! UUIDs in paths.

/// A UUID in the form that the server writes (RFC 9562 §4: hyphens, lower case). `Copy`, so that a
/// [`ClientRoute`](crate::route::ClientRoute) can hold it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Uuid([u8; Self::LENGTH]);

impl Uuid {
    /// The length of its text.
    pub const LENGTH: usize = 36;

    /// Parses a text; `None` if it has another form.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes: [u8; Self::LENGTH] = text.as_bytes().try_into().ok()?;
        let well_formed = bytes.iter().enumerate().all(|(position, byte)| match position {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
        });
        well_formed.then_some(Self(bytes))
    }

    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Always ASCII: `parse` is the only constructor.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl std::str::FromStr for Uuid {
    type Err = NoUuid;

    fn from_str(text: &str) -> Result<Self, NoUuid> {
        Self::parse(text).ok_or(NoUuid)
    }
}

/// The text is not a UUID in the form that the server writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoUuid;

impl std::fmt::Display for NoUuid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("not a UUID")
    }
}

impl std::error::Error for NoUuid {}

impl std::fmt::Debug for Uuid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_parsed_and_formatted() {
        let text = "0198c2a5-7b1e-7c3f-9a44-0123456789ab";
        assert_eq!(Uuid::parse(text).expect("is one").as_str(), text);
    }

    #[test]
    fn other_forms_are_refused() {
        for text in [
            "",
            "0198c2a5-7b1e-7c3f-9a44-0123456789a",
            "0198C2A5-7b1e-7c3f-9a44-0123456789ab",
            "0198c2a57b1e7c3f9a440123456789abcdef",
            "0198c2a5-7b1e-7c3f-9a44-0123456789ä",
            "0198c2a5/7b1e-7c3f-9a44-0123456789ab",
        ] {
            assert_eq!(Uuid::parse(text), None, "{text}");
        }
    }
}
