//! The header of every page of a signed-in user: the installation's name, the sections and the account menu.

use doorstep_contract::{
    auth::{Me, Role},
    preferences::Theme,
    route::ClientRoute,
    shell::id,
};
use doorstep_locales::{
    Language, Word, fill,
    words::{account, menu, nav, recovery_codes, role},
};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::components::A;
use web_sys::js_sys::Reflect;

use super::nav::Nav;
use crate::{
    i18n::{language_tag, now, t, t_count, t_with},
    preferences::{choose_language, choose_theme, theme},
    session::Session,
    ui::{
        brand::Brand,
        focus::focus_heading,
        icon::{Icon, Shape},
        menu::{Menu, MenuChoice, MenuGroup, MenuItem, MenuLink},
    },
    widgets::account_notices::has_few_codes,
};

/// The header; nothing while no user is signed in.
#[component]
pub(crate) fn Header() -> impl IntoView {
    let session = Session::expect();
    view! { {move || session.me().map(|me| view! { <UserHeader me /> })} }
}

#[component]
fn UserHeader(me: Me) -> impl IntoView {
    view! {
        <header class="header">
            <A href=ClientRoute::Home.path() exact=true attr:class="brand">
                <Brand />
            </A>
            <Nav is_operator=me.account.role == Role::Operator />
            <PrintedLine name=me.account.display_name().to_owned() />
            <AccountMenu me />
        </header>
    }
}

/// A line for printed pages: the account and the time.
#[component]
fn PrintedLine(name: String) -> impl IntoView {
    let printed = move || t_with(nav::PRINTED, "name", &name);
    let line = RwSignal::new(String::new());
    let about_to_print = window_event_listener_untyped("beforeprint", move |_| {
        line.set(fill(&printed(), "time", &now()));
    });
    on_cleanup(move || about_to_print.remove());
    view! { <p class="print-only">{line}</p> }
}

#[component]
fn AccountMenu(me: Me) -> impl IntoView {
    let name = me.account.display_name().to_owned();
    let role = t(match me.account.role {
        Role::Operator => role::OPERATOR,
        Role::Member => role::MEMBER,
    });
    let left = me.account.recovery_codes_left;
    let alert = has_few_codes(&me).then(|| t(recovery_codes::FEW));
    let codes = alert.map(|_| t_count(recovery_codes::LEFT, left));
    view! {
        <Menu label=t_with(menu::OPEN, "name", &name) button=name note=role alert>
            <MenuLink href=ClientRoute::Account.path()>
                <Icon shape=Shape::Person />
                {t(account::TITLE)}
            </MenuLink>
            {codes
                .map(|codes| {
                    view! {
                        <MenuLink href=ClientRoute::AccountSecurity.path()>
                            <span class="warn-dot"></span>
                            {codes}
                        </MenuLink>
                    }
                })}
            <ThemeChoice />
            <LanguageChoice />
            <LogOut />
        </Menu>
    }
}

#[component]
fn LogOut() -> impl IntoView {
    let session = Session::expect();
    let log_out = move || {
        spawn_local(session.log_out());
        // The focused menu is removed with the session.
        focus_heading();
    };
    view! {
        <MenuItem on_choose=Box::new(log_out) leaves=true>
            <Icon shape=Shape::LogOut />
            {t(menu::LOG_OUT)}
        </MenuItem>
    }
}

#[component]
fn ThemeChoice() -> impl IntoView {
    let chosen = RwSignal::new(theme());
    let choice = move |theme: Theme, word: Word| {
        let choose = move || {
            choose_theme(theme);
            chosen.set(theme);
            // The select in the footer, which is shown when no user is signed in.
            if let Some(select) = document().get_element_by_id(id::THEME) {
                let _ = Reflect::set(&select, &"value".into(), &theme.as_str().into());
            }
        };
        view! {
            <MenuChoice on_choose=Box::new(choose) checked=Signal::derive(move || chosen.get() == theme)>
                {t(word)}
            </MenuChoice>
        }
    };
    view! {
        <MenuGroup label=t(menu::THEME)>
            {choice(Theme::System, menu::THEME_SYSTEM)} {choice(Theme::Light, menu::THEME_LIGHT)}
            {choice(Theme::Dark, menu::THEME_DARK)}
        </MenuGroup>
    }
}

#[component]
fn LanguageChoice() -> impl IntoView {
    let tag = language_tag();
    let choice = move |language: Language| {
        let checked = language.tag() == tag;
        view! {
            <MenuChoice
                on_choose=Box::new(move || choose_language(language))
                checked=Signal::stored(checked)
                leaves=true
            >
                <span lang=language.tag()>{language.name()}</span>
            </MenuChoice>
        }
    };
    view! { <MenuGroup label=t(menu::LANGUAGE)>{Language::ALL.into_iter().map(choice).collect_view()}</MenuGroup> }
}
