//! Version numbers in the output of programs.

use std::fmt;

/// Major, minor, patch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version(pub(crate) u64, pub(crate) u64, pub(crate) u64);

impl Version {
    /// The first word of `text` that is a version: `trunk 0.21.14`, `v20.19.0`. Pre-releases do not count, because they
    /// may differ from the release.
    pub(crate) fn find(text: &str) -> Option<Self> {
        text.split_whitespace().find_map(|word| {
            let mut numbers = word.strip_prefix('v').unwrap_or(word).split('.').map(|part| part.parse().ok());
            let version = Self(numbers.next()??, numbers.next()??, numbers.next()??);
            numbers.next().is_none().then_some(version)
        })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(major, minor, patch) = self;
        write!(formatter, "{major}.{minor}.{patch}")
    }
}

#[cfg(test)]
mod tests {
    use super::Version;

    #[test]
    fn a_version_is_found_in_what_programs_print() {
        assert_eq!(Version::find("trunk 0.21.14\n"), Some(Version(0, 21, 14)));
        assert_eq!(Version::find("v20.20.2"), Some(Version(20, 20, 2)));
        assert_eq!(Version::find("rustc 1.95.0 (59807616e 2026-04-14)"), Some(Version(1, 95, 0)));
    }

    #[test]
    fn a_pre_release_or_half_a_version_is_none() {
        assert_eq!(Version::find("trunk 0.21.14-alpha.1"), None);
        assert_eq!(Version::find("20.19"), None);
        assert_eq!(Version::find("1.2.3.4"), None);
        assert_eq!(Version::find(""), None);
    }

    #[test]
    fn versions_compare_by_number_not_by_letter() {
        assert!(Version(20, 9, 0) < Version(20, 19, 0));
    }
}
