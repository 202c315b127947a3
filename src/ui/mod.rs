//! Parts: they know no page and no endpoint.

pub(crate) mod adopt;
pub(crate) mod busy;
pub(crate) mod field;
pub(crate) mod focus;
pub(crate) mod icon;
pub(crate) mod menu;
