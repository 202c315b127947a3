//! Pictures that the server paints and the app draws: the default logo, 32 units wide, and icons of the device page, 24
//! units wide.

/// The frame of a door and its sill: a path to stroke.
pub const DOOR: &str = "M9 25V14a7 7 0 0 1 14 0v11M5.5 25h21";
/// The open leaf of the door: a path to fill.
pub const LEAF: &str = "M18.2 25V7.4A7 7 0 0 1 23 14v11z";
/// A window with a terminal: a path to stroke.
pub const TERMINAL: &str = "M3 4.5h18v15H3zM3 8.5h18M7 11.5l2.5 2.5L7 16.5M12.5 16.5h4";
/// A tick: a path to stroke.
pub const TICK: &str = "M4.5 12.5l5 5 10-11";
/// A cross: a path to stroke.
pub const CROSS: &str = "M6 6l12 12M18 6L6 18";
/// A chevron that points down: a path to stroke.
pub const DOWN: &str = "M6 9l6 6 6-6";
