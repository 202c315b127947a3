//! `/projects/{id}/portal-preview` and what its button in the dashboard calls.

mod portal_preview;
