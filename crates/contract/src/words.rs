//! Enums that are strings on the wire and in the database.

/// Declares an enum with a string for each variant, and its parsing and serialization. `else Variant` takes every other
/// string; without it, another string is an error. The API description has the strings with their doc comments.
macro_rules! words {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $( $(#[doc = $meaning:literal])* $variant:ident = $word:literal, )+
        }
        $( else { $(#[$other_meta:meta])* $other:ident = $other_word:literal } )?
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {
            $( $(#[doc = $meaning])* $variant, )+
            $( $(#[$other_meta])* $other, )?
        }

        impl $name {
            /// Every variant with a string of its own.
            pub const ALL: &[Self] = &[$( Self::$variant, )+];

            /// The string on the wire and in the database.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $( Self::$variant => $word, )+
                    $( Self::$other => $other_word, )?
                }
            }

            /// Parses the string.
            #[must_use]
            pub fn parse(word: &str) -> Option<Self> {
                let known = Self::ALL.iter().copied().find(|known| known.as_str() == word);
                $( let known = known.or(Some(Self::$other)); )?
                known
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                let meanings = [$( ($word, concat!($( $meaning ),*)) ),+];
                crate::words::schema_of_words(&meanings)
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
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

/// The schema of these strings.
#[cfg(feature = "openapi")]
pub(crate) fn schema_of_words(meanings: &[(&str, &str)]) -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
    let line = |(word, meaning): &(&str, &str)| format!("- `{word}`: {}", meaning.trim());
    let lines: Vec<String> = meanings.iter().map(line).collect();
    utoipa::openapi::ObjectBuilder::new()
        .schema_type(utoipa::openapi::Type::String)
        .enum_values(Some(meanings.iter().map(|(word, _)| *word)))
        .description(Some(lines.join("\n")))
        .into()
}

/// Declares a type that wraps text and is serialized as text; the API description has its format.
macro_rules! text {
    ( $(#[$meta:meta])* pub struct $name:ident: $format:literal; ) => {
        $(#[$meta])*
        #[derive(Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        #[cfg(feature = "openapi")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                let format = utoipa::openapi::SchemaFormat::Custom($format.to_owned());
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::Type::String)
                    .format(Some(format))
                    .into()
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
        }

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
