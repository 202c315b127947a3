//! What can be rendered before the app runs: the header with its navigation, and the page's heading over
//! placeholder rows. The links work; the app replaces everything in place.
//!
//! ```text
//! me, or the portal's client -> header -> `header`, which the app empties before it mounts its own
//! route, me -> outline -> `main`, from which the app removes it when it draws the page
//! ```

use doorstep_contract::{
    auth::{Branding, Me, Role},
    mark::DOWN,
    route::{ACCOUNT_PAGES, ClientRoute, Page, SECTIONS},
    shell::id,
};
use doorstep_locales::{
    Language, fill, title,
    words::{account, device, home, list, menu, nav, projects, stopped, two_factor},
};
use maud::{Markup, html};

use super::frame::brand_parts;

/// The header for a signed-in user.
pub(super) fn header(language: Language, branding: &Branding, me: &Me, route: Option<ClientRoute>) -> Markup {
    let here = route.map(ClientRoute::page).map(|page| match page {
        Page::Project => Page::Projects,
        Page::Client => Page::Clients,
        other => other,
    });
    let sections = SECTIONS.into_iter().filter(|page| is_operator(me) || !page.is_for_operators());
    let name = me.account.display_name();
    html! {
        header class="header" {
            (home_link(branding, ClientRoute::Home))
            nav class="nav" aria-label=(language.word(nav::LABEL)) {
                div class="strip" {
                    @for page in sections { (link(language, page, here)) }
                }
            }
            // The menu works once the app runs.
            button type="button" class="button menu-button" disabled
                aria-label=(fill(language.word(menu::OPEN), "name", name)) aria-haspopup="menu" aria-expanded="false" {
                span class="initial" aria-hidden="true" data-initial=[initial(name)] {}
                span class="menu-name" { (name) }
                svg class="icon" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" { path d=(DOWN) {} }
            }
        }
    }
}

/// The header of the portal.
pub(super) fn portal_header(branding: &Branding, client: &str) -> Markup {
    html! {
        header class="header" {
            (home_link(branding, ClientRoute::Portal))
            div class="visitor" { bdi class="visitor-name" title=(client) { (client) } }
        }
    }
}

/// The heading of a dashboard page, as far as it is known, over placeholder rows; `None` for pages with another
/// layout.
pub(super) fn outline(language: Language, me: &Me, route: ClientRoute) -> Option<Markup> {
    let t = |word| language.word(word);
    // Reserves the space of the button that the app draws beside the heading.
    let head = |above: Option<&Markup>, title: &str, has_button: bool| {
        html! {
            div class="page-head" {
                @if let Some(above) = above { (above) }
                div class="page-title" { h1 tabindex="-1" { (title) } }
                @if has_button { span class="button app-only" aria-hidden="true" {} }
            }
        }
    };
    let wide_page = |head: Markup| page("page wide", language, &head);
    Some(match route.page() {
        Page::Home => wide_page(html! {
            div class="page-head" {
                div class="page-title" {
                    h1 tabindex="-1" { (fill(t(home::WELCOME), "name", me.account.display_name())) }
                }
                div class="buttons" {
                    a class="button" href=(ClientRoute::Device.path()) { (t(device::TITLE)) }
                    @if is_operator(me) {
                        a class="button" href=(ClientRoute::Projects.path()) { (t(projects::NEW)) }
                    }
                }
            }
        }),
        Page::Projects => wide_page(head(None, t(title(Page::Projects)), is_operator(me))),
        Page::Clients if is_operator(me) => wide_page(head(None, t(title(Page::Clients)), true)),
        Page::Audit if is_operator(me) => wide_page(head(None, t(title(Page::Audit)), false)),
        Page::AccountTwoFactor => {
            let above = html! {
                nav class="above" aria-label=(t(list::BREADCRUMB)) { (link(language, Page::AccountSecurity, None)) }
            };
            page("page", language, &head(Some(&above), t(two_factor::SET_UP), false))
        }
        // Their titles come from the API.
        Page::Project | Page::Client => wide_page(html! {}),
        Page::Account
        | Page::AccountSecurity
        | Page::AccountSessions
        | Page::AccountDevices
        | Page::AccountIdentities => {
            html! {
                section id=(id::OUTLINE) class="page settings" {
                    h1 tabindex="-1" { (t(account::TITLE)) }
                    nav class="tabs" aria-label=(t(account::TITLE)) {
                        div class="strip" {
                            @for page in ACCOUNT_PAGES { (link(language, page, Some(route.page()))) }
                        }
                    }
                    div class="settings-content" { (rows(language)) }
                }
            }
        }
        Page::Clients
        | Page::Audit
        | Page::Login
        | Page::ForgotPassword
        | Page::ResetPassword
        | Page::Device
        | Page::Portal
        | Page::PortalProject => return None,
    })
}

/// The placeholder of a portal page.
pub(super) fn portal_outline(language: Language) -> Markup {
    page("page", language, &html! {})
}

fn page(class: &str, language: Language, head: &Markup) -> Markup {
    html! { section id=(id::OUTLINE) class=(class) { (head) (rows(language)) } }
}

/// Three placeholder rows, as the app draws them.
fn rows(language: Language) -> Markup {
    html! {
        div class="outline" aria-hidden="true" { span {} span {} span {} }
        p class="slow" { (language.word(stopped::SLOW_PAGE)) }
    }
}

fn home_link(branding: &Branding, home: ClientRoute) -> Markup {
    html! { a class="brand" href=(home.path()) { (brand_parts(branding)) } }
}

fn link(language: Language, page: Page, here: Option<Page>) -> Markup {
    let current = (here == Some(page)).then_some("page");
    html! { a href=(page.path()) aria-current=[current] { (language.word(title(page))) } }
}

fn is_operator(me: &Me) -> bool {
    me.account.role == Role::Operator
}

fn initial(name: &str) -> Option<String> {
    name.chars().next().map(|first| first.to_uppercase().collect())
}
