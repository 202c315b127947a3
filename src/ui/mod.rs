//! Parts: they know no page and no endpoint.

pub(crate) mod adopt;
pub(crate) mod area;
pub(crate) mod busy;
pub(crate) mod choice;
pub(crate) mod clock;
pub(crate) mod copy;
pub(crate) mod dialog;
pub(crate) mod download;
pub(crate) mod field;
pub(crate) mod focus;
pub(crate) mod form;
pub(crate) mod icon;
pub(crate) mod link;
pub(crate) mod menu;
pub(crate) mod part;
pub(crate) mod qr;
