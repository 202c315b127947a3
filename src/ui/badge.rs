//! A badge: a word that marks what is beside it.

use doorstep_locales::Word;
use leptos::prelude::*;

use crate::i18n::t;

/// The meaning of a badge, shown by colour and by a sign.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Tone {
    /// A property.
    #[default]
    Neutral,
    /// Not started, or over.
    Idle,
    /// In progress.
    Ok,
    /// On hold.
    Hold,
    /// To be careful with.
    Caution,
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
            Self::Hold | Self::Caution => Some("warn"),
            Self::Info => Some("info"),
        }
    }

    /// Drawn by CSS, so that it is neither read aloud nor copied.
    const fn sign(self) -> Option<&'static str> {
        match self {
            Self::Neutral => None,
            Self::Idle => Some("○"),
            Self::Ok => Some("●"),
            // Two bars drawn by CSS: in some fonts the character looks like one bar.
            Self::Hold => Some(""),
            Self::Caution => Some("!"),
            Self::Info => Some("✓"),
            Self::Away => Some("■"),
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
