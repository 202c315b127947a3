//! Identifiers.

use std::fmt;

use jiff::Timestamp;

use super::{
    clock::Clock,
    random::{Random, RandomError},
};

/// A `UUIDv7` (RFC 9562 §5.7): globally unique, and sorted by creation time.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Id(String);

impl Id {
    /// A new id.
    ///
    /// # Errors
    /// When the random source fails.
    pub fn new(clock: &Clock, random: &Random) -> Result<Self, RandomError> {
        let millis = u64::try_from(clock.now().as_millisecond()).unwrap_or_default();
        let uuid = uuid::Builder::from_unix_timestamp_millis(millis, &random.bytes()?).into_uuid();
        Ok(Self(uuid.to_string()))
    }

    /// A deterministic id: it is the same whenever time and data are the same.
    #[must_use]
    pub fn standing_for(at: Timestamp, known: [u8; 10]) -> Self {
        let millis = u64::try_from(at.as_millisecond()).unwrap_or_default();
        Self(uuid::Builder::from_unix_timestamp_millis(millis, &known).into_uuid().to_string())
    }

    /// An id from the database.
    #[must_use]
    pub const fn stored(text: String) -> Self {
        Self(text)
    }

    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
