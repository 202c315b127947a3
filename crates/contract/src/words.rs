//! Enums whose variants are words: on the wire, and in the database.

/// Declares an enum with one word a variant, and reads and writes it by that word, for both sides of the wire.
/// `else Variant` takes every other word; without it another word is an error.
macro_rules! words {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $( $(#[$variant_meta:meta])* $variant:ident = $word:literal, )+
        }
        $( else { $(#[$other_meta:meta])* $other:ident = $other_word:literal } )?
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {
            $( $(#[$variant_meta])* $variant, )+
            $( $(#[$other_meta])* $other, )?
        }

        impl $name {
            /// Every variant that has a word of its own.
            pub const ALL: &[Self] = &[$( Self::$variant, )+];

            /// The word on the wire and in the database.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $( Self::$variant => $word, )+
                    $( Self::$other => $other_word, )?
                }
            }

            /// From the word.
            #[must_use]
            pub fn parse(word: &str) -> Option<Self> {
                let known = Self::ALL.iter().copied().find(|known| known.as_str() == word);
                $( let known = known.or(Some(Self::$other)); )?
                known
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let word = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                Self::parse(&word).ok_or_else(|| {
                    let known: Vec<&str> = Self::ALL.iter().map(|known| known.as_str()).collect();
                    serde::de::Error::custom(format_args!("expected one of: {}", known.join(", ")))
                })
            }
        }
    };
}
pub(crate) use words;

/// Declares a type that wraps text, and travels as that text.
macro_rules! text {
    ( $(#[$meta:meta])* pub struct $name:ident; ) => {
        $(#[$meta])*
        #[derive(Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Wraps the text.
            #[must_use]
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }
        }
    };
}
pub(crate) use text;
