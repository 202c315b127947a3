//! The mark of an installation without a logo, 32 units wide: the server paints it, the app draws it.

/// The frame of a door and its sill: the path of a line.
pub const DOOR: &str = "M9 25V14a7 7 0 0 1 14 0v11M5.5 25h21";
/// The leaf of the door, which stands open: a path to fill.
pub const LEAF: &str = "M18.2 25V7.4A7 7 0 0 1 23 14v11z";
