//! Icons, drawn as strokes in the colour of the text. They say nothing by themselves: a word stands beside each.

use leptos::prelude::*;

/// What an icon shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A door with an arrow out of it.
    LogOut,
    /// An angle that points down.
    Down,
    /// An eye; the style strikes it through while what it shows is shown.
    Eye,
}

impl Shape {
    const fn path(self) -> &'static str {
        match self {
            Self::LogOut => "M14 4H6v16h8M10 12h11M17 8l4 4-4 4",
            Self::Down => "M6 9l6 6 6-6",
            Self::Eye => "M2 12s3.6-7 10-7 10 7 10 7-3.6 7-10 7-10-7-10-7zm10-3a3 3 0 1 0 0 6 3 3 0 0 0 0-6z",
        }
    }
}

/// An icon.
#[component]
pub(crate) fn Icon(shape: Shape) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
            <path d=shape.path() />
            {(shape == Shape::Eye).then(|| view! { <path class="strike" d="M4 20 20 4" /> })}
        </svg>
    }
}
