//! The frame of each view: an icon and a heading.

use doorstep_contract::mark::{CROSS, TERMINAL, TICK};
use leptos::prelude::*;

use crate::ui::{brand::Brand, page::CARD_HEADING};

/// The icon of a view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Picture {
    /// A window with a terminal: an application.
    Terminal,
    /// Success.
    Done,
    /// Denied.
    Denied,
    /// Expired.
    Late,
    /// An error.
    Problem,
}

impl Picture {
    const fn path(self) -> &'static str {
        match self {
            Self::Terminal => TERMINAL,
            Self::Done => TICK,
            Self::Denied => CROSS,
            Self::Late => "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18zM12 7v5.5l3.5 2",
            Self::Problem => "M12 3L2 20.5h20zM12 9.5v5M12 17.5v.1",
        }
    }

    /// The semantic colour.
    const fn tone(self) -> Option<&'static str> {
        match self {
            Self::Terminal => None,
            Self::Denied => Some("idle"),
            Self::Done => Some("ok"),
            Self::Late | Self::Problem => Some("warn"),
        }
    }
}

/// A card with its icon beside the heading.
#[component]
pub(super) fn DeviceCard(picture: Picture, #[prop(into)] title: String, children: Children) -> impl IntoView {
    view! {
        <section class="card device">
            <p class="brand">
                <Brand />
            </p>
            <div class="device-title">
                <span class="tile" data-tone=picture.tone()>
                    <svg class="icon" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
                        <path d=picture.path() />
                    </svg>
                </span>
                <h1 id=CARD_HEADING tabindex="-1">
                    {title}
                </h1>
            </div>
            {children()}
        </section>
    }
}
