//! The links to other pages of a list.

use doorstep_locales::words::list as words;
use leptos::{either::Either, ev::MouseEvent, prelude::*};

use super::PagedList;
use crate::{
    i18n::{number, t},
    ui::button::Button,
};

/// Links to the neighbouring pages, the first and the last; nothing if there is one page.
#[component]
pub(super) fn Pager(list: PagedList) -> impl IntoView {
    move || {
        let found = list.found.with(|found| found.as_ref().map(|found| (found.page, found.last_page())));
        found.filter(|(_, last)| *last > 1).map(|(page, last)| {
            let turns = view! { <Turns list page last /> };
            // A page may have several lists; only the main one is a landmark.
            if list.is_in_address() {
                Either::Left(view! {
                    <nav class="pages" aria-label=t(words::PAGES)>
                        {turns}
                    </nav>
                })
            } else {
                Either::Right(view! {
                    <div class="pages" role="group" aria-label=t(words::PAGES)>
                        {turns}
                    </div>
                })
            }
        })
    }
}

#[component]
fn Turns(list: PagedList, page: u32, last: u32) -> impl IntoView {
    let mut before = 0;
    let numbered = move |shown: u32| {
        let gap = (shown > before + 1).then_some("…");
        before = shown;
        let number = if shown == page {
            view! {
                <span class="button" aria-current="page">
                    {number(shown)}
                </span>
            }
            .into_any()
        } else {
            view! { <Turn list page=shown label=number(shown) /> }.into_any()
        };
        view! {
            {gap}
            {number}
        }
    };
    view! {
        {(page > 1).then(|| view! { <Turn list page=page - 1 label=t(words::BEFORE) /> })}
        {beside(page, last).into_iter().map(numbered).collect_view()}
        {(page < last).then(|| view! { <Turn list page=page + 1 label=t(words::AFTER) /> })}
    }
}

/// A link, so that the page can be opened in another tab; a button if the query is not in the address.
#[component]
fn Turn(list: PagedList, page: u32, #[prop(into)] label: String) -> impl IntoView {
    let query = list.query.get_untracked().turned_to(page);
    if list.is_in_address() {
        let press = move |event: MouseEvent| {
            let elsewhere = event.ctrl_key() || event.meta_key() || event.shift_key();
            list.turned.set_value(!elsewhere);
        };
        Either::Left(view! {
            // `<A>` would mark the first page as the current one on every page: it compares paths only.
            <a href=query.address(&list.path.read_untracked()) class="button" on:click=press>
                {label}
            </a>
        })
    } else {
        let press = move || {
            list.turned.set_value(true);
            list.show(&query, false);
        };
        Either::Right(view! { <Button on_press=press>{label}</Button> })
    }
}

/// The pages that are linked on `page` of `last`.
fn beside(page: u32, last: u32) -> Vec<u32> {
    let near = page.saturating_sub(1)..=page.saturating_add(1);
    let mut shown = vec![1];
    shown.extend(near.filter(|shown| (2..last).contains(shown)));
    shown.extend((last > 1).then_some(last));
    shown
}

#[cfg(test)]
mod tests {
    use super::beside;

    #[test]
    fn first_last_and_neighbouring_pages_are_a_press_away() {
        assert_eq!(beside(1, 1), [1]);
        assert_eq!(beside(1, 2), [1, 2]);
        assert_eq!(beside(1, 200), [1, 2, 200]);
        assert_eq!(beside(7, 200), [1, 6, 7, 8, 200]);
        assert_eq!(beside(200, 200), [1, 199, 200]);
    }

    #[test]
    fn however_many_pages_there_are_few_are_named() {
        for page in 1..=500 {
            assert!(beside(page, 500).len() <= 5);
        }
    }
}
