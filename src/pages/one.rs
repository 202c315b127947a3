//! A page of one thing among many: it is asked for when the page is opened, and drawn when it is there.

use doorstep_contract::{envelope::ErrorCode, route::ClientRoute};
use doorstep_locales::{
    Word,
    words::{list as words, not_found},
};
use leptos::{prelude::*, task::spawn_local};
use leptos_meta::Title;

use crate::{
    api::{ApiError, Coming},
    i18n::t,
    problem::sentence,
    ui::part::{alert, block, button, dynamic, link, nothing, page, paragraph},
};

/// The thing, as far as the page knows it.
pub(crate) struct One<T: 'static> {
    value: RwSignal<Option<T>>,
    problem: RwSignal<Option<ApiError>>,
}

impl<T> Copy for One<T> {}

impl<T> Clone for One<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Clone + Send + Sync> One<T> {
    /// What it is now; to be watched.
    pub(crate) fn get(self) -> Option<T> {
        self.value.get()
    }

    /// What it is now.
    pub(crate) fn get_untracked(self) -> Option<T> {
        self.value.get_untracked()
    }

    /// The server says that it is this now.
    pub(crate) fn set(self, value: T) {
        let _ = self.value.try_set(Some(value));
    }

    /// The page: below the way back to all of them, under the thing's name, what `draw` makes of it.
    pub(crate) fn page(
        (list, of_list): (ClientRoute, Word),
        load: impl Fn() -> Coming<T> + 'static,
        name: fn(T) -> String,
        draw: impl Fn(Self) -> Vec<AnyView> + Send + 'static,
    ) -> AnyView {
        let one = Self { value: RwSignal::new(None), problem: RwSignal::new(None) };
        let load = StoredValue::new_local(load);
        let ask = move || {
            one.problem.set(None);
            spawn_local(async move {
                let Some(coming) = load.try_with_value(|load| load()) else {
                    return;
                };
                match coming.await {
                    Ok(value) => one.set(value),
                    Err(problem) => {
                        let _ = one.problem.try_set(Some(problem));
                    }
                }
            });
        };
        ask();
        let title = Memo::new(move |_| one.get().map(name));
        let is_missing = move || one.problem.get() == Some(ApiError::Refused(ErrorCode::NotFound));
        let heading = move || {
            let in_place = if is_missing() { not_found::TITLE } else { of_list };
            title.get().unwrap_or_else(|| t(in_place).to_owned())
        };
        // Its parts follow what changes; they are drawn once.
        let is_there = Memo::new(move |_| title.with(Option::is_some));
        let drawn = dynamic(move || {
            if is_there.get() {
                untrack(|| draw(one)).into_any()
            } else if is_missing() {
                paragraph(t(not_found::TEXT))
            } else {
                nothing()
            }
        });
        let waiting = dynamic(move || match one.problem.get() {
            Some(_) if is_missing() => nothing(),
            Some(_) => button("button", words::AGAIN, ask),
            None => nothing(),
        });
        let told = alert(move || one.problem.get().filter(|_| !is_missing()).map(sentence));
        let back = block("p", "", vec![link("", list.path(), of_list)]);
        view! {
            <Title text=heading />
            {page(heading, vec![back, told, waiting, drawn])}
        }
        .into_any()
    }
}
