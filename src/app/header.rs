//! The header of every page that somebody signed in sees: the installation's name, and the menu.

use doorstep_contract::{
    auth::{Branding, Role},
    route::ClientRoute,
};
use doorstep_locales::words::{menu, role};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    i18n::{t, t_with},
    session::Session,
    ui::{
        icon::{Icon, Shape},
        menu::{Menu, MenuItem},
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
            view! {
                <header class="header">
                    <a href=ClientRoute::Home.path() class="brand">
                        {logo.map(|logo| view! { <img src=logo alt="" height="32" /> })}
                        {installation}
                    </a>
                    <Menu label=t_with(menu::OPEN, "name", &name) button=name.clone()>
                        <p class="menu-who">
                            <strong>{name.clone()}</strong>
                            <span>{role}</span>
                        </p>
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
    let busy = RwSignal::new(false);
    let log_out = move || {
        if !busy.get_untracked() {
            busy.set(true);
            spawn_local(session.log_out());
        }
    };
    view! {
        <MenuItem on_choose=log_out busy>
            <Icon shape=Shape::LogOut />
            {move || t(if busy.get() { menu::LOGGING_OUT } else { menu::LOG_OUT })}
        </MenuItem>
    }
}
