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
    ui::{button::Button, link::Link, live::Alert, page::Page},
};

/// The thing, as far as the page knows it.
pub(crate) struct One<T: 'static> {
    value: RwSignal<Option<T>>,
    problem: RwSignal<Option<ApiError>>,
    load: StoredValue<Box<dyn Fn() -> Coming<T>>, LocalStorage>,
}

impl<T> Copy for One<T> {}

impl<T> Clone for One<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Clone + Send + Sync> One<T> {
    /// Begins to load it.
    pub(crate) fn load(load: impl Fn() -> Coming<T> + 'static) -> Self {
        let one = Self {
            value: RwSignal::new(None),
            problem: RwSignal::new(None),
            load: StoredValue::new_local(Box::new(load)),
        };
        one.ask();
        one
    }

    /// Loads it, again after it did not come.
    fn ask(self) {
        self.problem.set(None);
        spawn_local(async move {
            let Some(coming) = self.load.try_with_value(|load| load()) else {
                return;
            };
            match coming.await {
                Ok(value) => self.set(value),
                Err(problem) => {
                    let _ = self.problem.try_set(Some(problem));
                }
            }
        });
    }

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

    /// Whether the server has no such thing, or not for this user; to be watched.
    fn is_missing(self) -> bool {
        self.problem.get() == Some(ApiError::Refused(ErrorCode::NotFound))
    }

    /// Why it did not come, when it may come later; to be watched.
    fn error(self) -> Option<Word> {
        self.problem.get().filter(|_| !self.is_missing()).map(sentence)
    }
}

/// The page: below the link to the list of all of them, under the thing's name, the parts that show it.
#[component]
pub(crate) fn OnePage<T: Clone + Send + Sync + 'static>(
    one: One<T>,
    /// The page of the list.
    list: ClientRoute,
    of_list: Word,
    /// The name of the thing.
    name: fn(T) -> String,
    /// Drawn once, when it is there; they follow what changes.
    children: ChildrenFn,
) -> impl IntoView {
    let title = Memo::new(move |_| one.get().map(name));
    let heading = move || {
        let in_place = if one.is_missing() { not_found::TITLE } else { of_list };
        title.get().unwrap_or_else(|| t(in_place).to_owned())
    };
    let is_there = Memo::new(move |_| title.with(Option::is_some));
    let parts = move || is_there.get().then(|| untrack(|| children()));
    let missing = move || (!is_there.get() && one.is_missing()).then(|| view! { <p>{t(not_found::TEXT)}</p> });
    let again = move || one.error().map(|_| view! { <Button on_press=move || one.ask()>{t(words::AGAIN)}</Button> });
    view! {
        <Title text=heading />
        <Page title=heading>
            <p>
                <Link href=list.path()>{t(of_list)}</Link>
            </p>
            <Alert error=Signal::derive(move || one.error()) />
            {again}
            {missing}
            {parts}
        </Page>
    }
}
