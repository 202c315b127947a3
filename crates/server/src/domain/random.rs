//! The random source, passed as a parameter.

use std::{fmt, sync::Arc};

/// Fills a buffer, or fails.
type Fill = dyn Fn(&mut [u8]) -> Result<(), RandomError> + Send + Sync;

/// A source of unpredictable bytes.
#[derive(Clone)]
pub struct Random(Arc<Fill>);

/// The operating system provided no random bytes.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("the operating system gives no random bytes")]
pub struct RandomError;

impl Random {
    /// The operating system's source (ASVS 11.5.1).
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the only access to the system's random source")]
    pub fn system() -> Self {
        Self(Arc::new(|buffer| getrandom::fill(buffer).map_err(|_| RandomError)))
    }

    /// A source that calls a function, for deterministic tests.
    pub fn new(fill: impl Fn(&mut [u8]) -> Result<(), RandomError> + Send + Sync + 'static) -> Self {
        Self(Arc::new(fill))
    }

    /// `N` random bytes.
    ///
    /// # Errors
    /// When the source fails.
    pub fn bytes<const N: usize>(&self) -> Result<[u8; N], RandomError> {
        let mut bytes = [0; N];
        (self.0)(&mut bytes)?;
        Ok(bytes)
    }

    /// `length` characters of an alphabet, uniformly distributed. The alphabet has at most 256 characters.
    ///
    /// # Errors
    /// When the source fails.
    pub fn text(&self, length: usize, alphabet: &[u8]) -> Result<String, RandomError> {
        // Bytes at or above the largest multiple of the alphabet's length would favour its first characters.
        let fair = 256 - 256 % alphabet.len().max(1);
        let mut text = String::with_capacity(length);
        while text.len() < length {
            let [byte] = self.bytes()?;
            let index = usize::from(byte);
            if index < fair
                && let Some(&character) = alphabet.get(index % alphabet.len().max(1))
            {
                text.push(char::from(character));
            }
        }
        Ok(text)
    }
}

impl fmt::Debug for Random {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Random")
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU8, Ordering};

    use super::*;

    #[test]
    fn text_skips_bytes_that_would_bias_it() {
        let next = AtomicU8::new(255);
        let random = Random::new(move |buffer| {
            for byte in buffer {
                *byte = next.fetch_add(1, Ordering::Relaxed);
            }
            Ok(())
        });
        // 255 is the largest multiple of three up to 256: the first byte used is 0.
        assert_eq!(random.text(4, b"abc").expect("random bytes"), "abca");
    }
}
