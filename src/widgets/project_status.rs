//! The status of a project.

use doorstep_contract::projects::ProjectStatus;
use doorstep_locales::{Word, words::project_status};
use leptos::prelude::*;

use crate::ui::badge::{Badge, Tone};

/// The status as a badge.
#[component]
pub(crate) fn StatusBadge(status: ProjectStatus) -> impl IntoView {
    view! { <Badge word=status_word(status) tone=tone(status) /> }
}

/// The name of a status.
pub(crate) const fn status_word(status: ProjectStatus) -> Word {
    match status {
        ProjectStatus::Planned => project_status::PLANNED,
        ProjectStatus::Active => project_status::ACTIVE,
        ProjectStatus::Paused => project_status::PAUSED,
        ProjectStatus::Done => project_status::DONE,
        ProjectStatus::Archived => project_status::ARCHIVED,
    }
}

const fn tone(status: ProjectStatus) -> Tone {
    match status {
        ProjectStatus::Planned => Tone::Idle,
        ProjectStatus::Active => Tone::Ok,
        ProjectStatus::Paused => Tone::Hold,
        ProjectStatus::Done => Tone::Info,
        ProjectStatus::Archived => Tone::Away,
    }
}
