//! Pictures that the server paints and the app draws: the mark of an installation without a logo, 32 units wide, and those of
//! the same places, 24 units wide.

/// The frame of a door and its sill: the path of a line.
pub const DOOR: &str = "M9 25V14a7 7 0 0 1 14 0v11M5.5 25h21";
/// The leaf of the door, which stands open: a path to fill.
pub const LEAF: &str = "M18.2 25V7.4A7 7 0 0 1 23 14v11z";
/// The window of an application, with a terminal in it: the path of a line.
pub const TERMINAL: &str = "M3 4.5h18v15H3zM3 8.5h18M7 11.5l2.5 2.5L7 16.5M12.5 16.5h4";
/// A tick: the path of a line.
pub const TICK: &str = "M4.5 12.5l5 5 10-11";
/// A cross: the path of a line.
pub const CROSS: &str = "M6 6l12 12M18 6L6 18";
/// An angle that points down: the path of a line.
pub const DOWN: &str = "M6 9l6 6 6-6";
