//! `/projects/{id}/portal-preview`, and the API of the dashboard's button.

mod portal_preview;
