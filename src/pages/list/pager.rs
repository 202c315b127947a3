//! The way to the other pages of a list.

use doorstep_locales::words::list as words;
use leptos::{ev::MouseEvent, html::custom, prelude::*};
use leptos_router::components::A;

use super::PagedList;
use crate::{
    i18n::{number, t},
    ui::part::{dynamic, nothing, text},
};

/// Links to the pages beside the present one, and to the first and the last; nothing when there is one page.
pub(super) fn pager(list: PagedList) -> AnyView {
    dynamic(move || {
        let found = list.found.with(|found| found.as_ref().map(|found| (found.page, found.last_page())));
        found.filter(|(_, last)| *last > 1).map_or_else(nothing, |(page, last)| links(list, page, last))
    })
}

fn links(list: PagedList, page: u32, end: u32) -> AnyView {
    let mut parts = Vec::new();
    if page > 1 {
        parts.push(turn(list, page - 1, t(words::BEFORE).to_owned()));
    }
    let mut before = 0;
    for shown in beside(page, end) {
        if shown > before + 1 {
            parts.push(text("…"));
        }
        parts.push(if shown == page {
            custom("span").attr("class", "button").attr("aria-current", "page").child(number(shown)).into_any()
        } else {
            turn(list, shown, number(shown))
        });
        before = shown;
    }
    if page < end {
        parts.push(turn(list, page + 1, t(words::AFTER).to_owned()));
    }
    // A page has one matter of its own, and may have several lists beside.
    let (tag, role) = if list.is_in_address() { ("nav", None) } else { ("div", Some("group")) };
    let label = t(words::PAGES);
    custom(tag).attr("class", "pages").attr("role", role).attr("aria-label", label).child(parts).into_any()
}

/// A link, so that the page can be opened in another tab; where the address is about something else, a button.
fn turn(list: PagedList, page: u32, label: String) -> AnyView {
    let query = list.query.get_untracked().turned_to(page);
    if list.is_in_address() {
        view! {
            <A
                href=query.address(&list.path.read_untracked())
                attr:class="button"
                on:click=move |event: MouseEvent| {
                    let elsewhere = event.ctrl_key() || event.meta_key() || event.shift_key();
                    list.turned.set_value(!elsewhere);
                }
            >
                {label}
            </A>
        }
        .into_any()
    } else {
        let press = move |_| {
            list.turned.set_value(true);
            list.show(&query, false);
        };
        view! {
            <button type="button" class="button" on:click=press>
                {label}
            </button>
        }
        .into_any()
    }
}

/// Which of `last` pages are named on `page`.
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
