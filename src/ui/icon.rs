//! Icons, drawn as strokes in the text's colour. They are decorative: each is beside a word.

use doorstep_contract::mark::DOWN;
use leptos::prelude::*;

/// The picture of an icon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A door with an arrow out of it.
    LogOut,
    /// A chevron that points down.
    Down,
    /// An empty tray.
    Empty,
    /// A key.
    Key,
    /// A screen.
    Device,
    /// A head and shoulders.
    Person,
    /// A folder.
    Folder,
    /// A chain link.
    Link,
    /// A triangle with an exclamation mark.
    Warning,
    /// An eye; CSS strikes it through while the value is revealed.
    Eye,
}

impl Shape {
    const fn path(self) -> &'static str {
        match self {
            Self::LogOut => "M14 4H6v16h8M10 12h11M17 8l4 4-4 4",
            Self::Down => DOWN,
            Self::Empty => "M4 13l3-8h10l3 8v6H4v-6h5l1.5 2.5h3L15 13h5",
            Self::Key => "M8 11a4 4 0 1 0 0 8 4 4 0 0 0 0-8zm3 1.2L20 3.5M16 7.3l3 3",
            Self::Device => "M4 5h16v11H4zM9 20h6M12 16v4",
            Self::Person => "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.5 20.5c1-4 4-5.5 7.5-5.5s6.5 1.5 7.5 5.5",
            Self::Folder => "M3.5 19V5h6l2 2.5h9V19z",
            Self::Link => {
                "M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7L12 7M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7L12 17"
            }
            Self::Warning => "M12 4 2.5 20h19zM12 10v4.5M12 17.2v.1",
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
