//! A word that marks what stands beside it.

use doorstep_locales::Word;
use leptos::prelude::*;

use crate::i18n::t;

/// What a badge means, by its colour and by a sign, so that it can be recognised without colours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Tone {
    /// A property.
    #[default]
    Neutral,
    /// Not begun, or over.
    Idle,
    /// Going on.
    Ok,
    /// Held up.
    Warn,
    /// Completed.
    Info,
    /// Archived or revoked.
    Away,
}

impl Tone {
    const fn name(self) -> Option<&'static str> {
        match self {
            Self::Neutral | Self::Idle | Self::Away => None,
            Self::Ok => Some("ok"),
            Self::Warn => Some("warn"),
            Self::Info => Some("info"),
        }
    }

    /// Drawn by the style, so that it is neither read aloud nor copied.
    const fn sign(self) -> Option<&'static str> {
        match self {
            Self::Neutral => None,
            Self::Idle => Some("○"),
            Self::Ok => Some("●"),
            // Two bars, which the style draws: the sign of some fonts looks like one.
            Self::Warn => Some(""),
            Self::Info => Some("✓"),
            Self::Away => Some("▪"),
        }
    }
}

/// The badge.
#[component]
pub(crate) fn Badge(word: Word, #[prop(optional)] tone: Tone) -> impl IntoView {
    view! {
        <span class="badge" data-tone=tone.name() data-mark=tone.sign()>
            {t(word)}
        </span>
    }
}
