//! UI components: they know no page and no endpoint.

pub(crate) mod adopt;
pub(crate) mod area;
pub(crate) mod badge;
pub(crate) mod brand;
pub(crate) mod button;
pub(crate) mod callout;
pub(crate) mod cancel;
pub(crate) mod choice;
pub(crate) mod clock;
pub(crate) mod copy;
pub(crate) mod dialog;
pub(crate) mod download;
pub(crate) mod facts;
pub(crate) mod field;
pub(crate) mod focus;
pub(crate) mod form;
#[cfg(debug_assertions)]
pub(crate) mod gallery;
pub(crate) mod icon;
pub(crate) mod link;
pub(crate) mod live;
pub(crate) mod menu;
pub(crate) mod more;
pub(crate) mod page;
pub(crate) mod prose;
pub(crate) mod qr;
pub(crate) mod skeleton;
pub(crate) mod strip;
pub(crate) mod time;
