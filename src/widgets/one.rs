//! A page of one thing among many: it is asked for when the page is opened, and drawn when it is there.

use doorstep_contract::{envelope::ErrorCode, route::ClientRoute};
use doorstep_locales::{Word, words::not_found};
use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    api::{ApiError, Coming},
    i18n::t,
    ui::{callout::Callout, link::Link, page::Page, skeleton::Skeleton},
    widgets::list::{can_be_tried_again, not_loaded},
};

/// The thing, as far as the page knows it.
pub(crate) struct One<T: 'static>(LocalResource<Result<T, ApiError>>);

impl<T> Copy for One<T> {}

impl<T> Clone for One<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Clone + Send + Sync> One<T> {
    /// Begins to load it.
    pub(crate) fn load(load: impl Fn() -> Coming<T> + 'static) -> Self {
        Self(LocalResource::new(load))
    }

    /// What it is now; to be watched.
    pub(crate) fn get(self) -> Option<T> {
        self.0.get().and_then(Result::ok)
    }

    /// What it is now.
    pub(crate) fn get_untracked(self) -> Option<T> {
        self.0.get_untracked().and_then(Result::ok)
    }

    /// The server says that it is this now.
    pub(crate) fn set(self, value: T) {
        self.0.try_set(Some(Ok(value)));
    }

    /// Why it did not come; to be watched.
    fn error(self) -> Option<ApiError> {
        self.0.get().and_then(Result::err)
    }
}

/// How far the loading is.
#[derive(Clone, Copy, PartialEq)]
enum Phase {
    Awaited,
    There,
    Failed(ApiError),
}

/// Its children once the thing is there, which follow what changes of it. Before, a skeleton; in place of what did not come,
/// a sentence and a button to try again.
#[component]
pub(crate) fn Loaded<T: Clone + Send + Sync + 'static>(one: One<T>, children: ChildrenFn) -> impl IntoView {
    let phase = Memo::new(move |_| match (one.get(), one.error()) {
        (Some(_), _) => Phase::There,
        (None, Some(error)) => Phase::Failed(error),
        (None, None) => Phase::Awaited,
    });
    let shown = move || {
        // The reading has the transition wait; the children are drawn anew for another phase alone. Inside a transition an
        // untracked reading is tracked all the same.
        untrack(|| one.get_untracked());
        match phase.get() {
            Phase::Awaited => None,
            Phase::There => Some(untrack(|| children()).into_any()),
            Phase::Failed(error) => Some(view! { <Failed one error /> }.into_any()),
        }
    };
    view! { <Transition fallback=Skeleton>{shown}</Transition> }
}

/// Why it did not come. What there is not, or not for this user, does not come later either.
#[component]
fn Failed<T: Clone + Send + Sync + 'static>(one: One<T>, error: ApiError) -> impl IntoView {
    if error == ApiError::Refused(ErrorCode::NotFound) {
        return view! { <p>{t(not_found::TEXT)}</p> }.into_any();
    }
    view! {
        <Callout
            error=Signal::stored(Some(not_loaded(error)))
            may_help=Signal::stored(can_be_tried_again(error))
            on_again=move || one.0.refetch()
        />
    }
    .into_any()
}

/// The page: below a link to the list of all of them, under the thing's name, the parts that show it.
#[component]
pub(crate) fn OnePage<T: Clone + Send + Sync + 'static>(
    one: One<T>,
    /// The page of the list.
    list: ClientRoute,
    of_list: Word,
    /// The name of the thing.
    name: fn(T) -> String,
    /// What marks it, beside its name.
    mark: fn(T) -> AnyView,
    /// What can be done with it, beside its name.
    #[prop(optional, into)]
    actions: ViewFnOnce,
    /// Drawn once, when it is there; they follow what changes.
    children: ChildrenFn,
) -> impl IntoView {
    let title = Memo::new(move |_| one.get().map(name));
    let heading = move || {
        let is_missing = one.error() == Some(ApiError::Refused(ErrorCode::NotFound));
        title.get().unwrap_or_else(|| t(if is_missing { not_found::TITLE } else { of_list }).to_owned())
    };
    view! {
        <Title text=heading />
        <Page
            title=heading
            wide=true
            above=move || {
                view! {
                    <p class="above">
                        <Link href=list.path()>{t(of_list)}</Link>
                    </p>
                }
            }
            mark=move || move || one.get().map(mark)
            actions
        >
            <Loaded one>{children()}</Loaded>
        </Page>
    }
}
