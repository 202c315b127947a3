//! The header of every page that somebody signed in sees: the installation's name, and the menu.

use doorstep_contract::{
    auth::{Branding, Role},
    preferences::Theme,
    route::ClientRoute,
};
use doorstep_locales::{
    Language, Word,
    words::{account, audit, clients, menu, projects, recovery_codes, role},
};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::components::A;

use crate::{
    i18n::{t, t_count, t_with},
    pages::account_notices::has_few_codes,
    preferences::{choose_language, choose_theme, language_tag, theme},
    session::Session,
    ui::{
        focus::focus_heading,
        icon::{Icon, Shape},
        menu::{Menu, MenuChoice, MenuGroup, MenuItem, MenuLink},
    },
};

/// Nothing while nobody is signed in.
#[component]
pub(crate) fn Header() -> impl IntoView {
    let session = Session::expect();
    let branding = use_context::<Branding>().unwrap_or_default();
    move || {
        let Branding { name: installation, logo, .. } = branding.clone();
        session.me().map(|me| {
            let name = me.account.display_name().to_owned();
            let role = t(match me.account.role {
                Role::Operator => role::OPERATOR,
                Role::Member => role::MEMBER,
            });
            let is_operator = me.account.role == Role::Operator;
            let left = me.account.recovery_codes_left;
            let codes = me.account.totp_enabled.then(|| t_count(recovery_codes::LEFT, left));
            let alert = has_few_codes(&me).then(|| t(recovery_codes::FEW));
            view! {
                <header class="header">
                    <A href=ClientRoute::Home.path() exact=true attr:class="brand">
                        {logo.map(|logo| view! { <img src=logo alt="" height="32" /> })}
                        {installation}
                    </A>
                    <Menu label=t_with(menu::OPEN, "name", &name) button=name note=role alert>
                        {codes.map(|codes| view! { <p class="menu-note">{codes}</p> })}
                        <MenuLink href=ClientRoute::Projects.path()>{t(projects::TITLE)}</MenuLink>
                        {is_operator
                            .then(|| {
                                view! { <MenuLink href=ClientRoute::Clients.path()>{t(clients::TITLE)}</MenuLink> }
                            })}
                        {is_operator
                            .then(|| view! { <MenuLink href=ClientRoute::Audit.path()>{t(audit::TITLE)}</MenuLink> })}
                        <MenuLink href=ClientRoute::Account.path()>{t(account::TITLE)}</MenuLink>
                        <MenuLink href=ClientRoute::AccountSecurity.path()>{t(account::SECURITY)}</MenuLink>
                        <MenuLink href=ClientRoute::AccountSessions.path()>{t(account::SESSIONS)}</MenuLink>
                        <MenuLink href=ClientRoute::AccountDevices.path()>{t(account::DEVICES)}</MenuLink>
                        <ThemeChoice />
                        <LanguageChoice />
                        <LogOut />
                    </Menu>
                </header>
            }
        })
    }
}

#[component]
fn LogOut() -> impl IntoView {
    let session = Session::expect();
    let log_out = move || {
        spawn_local(session.log_out());
        // The menu that had the focus goes with the person.
        focus_heading();
    };
    view! {
        <MenuItem on_choose=Box::new(log_out)>
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
            <MenuChoice on_choose=Box::new(move || choose_language(language)) checked=Signal::stored(checked)>
                <span lang=language.tag()>{language.name()}</span>
            </MenuChoice>
        }
    };
    view! { <MenuGroup label=t(menu::LANGUAGE)>{Language::ALL.into_iter().map(choice).collect_view()}</MenuGroup> }
}
