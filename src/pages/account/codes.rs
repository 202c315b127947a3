//! Recovery codes, shown once: to copy, download or print.

use doorstep_contract::{auth::Branding, secret::Secret};
use doorstep_locales::{fill, words::recovery_codes as words};
use leptos::prelude::*;

use crate::{
    i18n::{now, t, t_with},
    session::Session,
    ui::{
        button::{Button, Look},
        copy::CopyButton,
        download::download_text,
    },
    widgets::discard_guard::DiscardGuard,
};

const FILE: &str = "recovery-codes.txt";

/// The codes, with buttons to save them. Leaving the page asks for confirmation.
#[component]
pub(super) fn RecoveryCodeList(
    codes: Vec<Secret>,
    /// Called when the user has saved them.
    #[prop(into)]
    on_kept: UnsyncCallback<()>,
) -> impl IntoView {
    let lines = codes.iter().map(Secret::reveal).collect::<Vec<_>>().join("\n");
    let installation = use_context::<Branding>().unwrap_or_default().name;
    // The file names account and time, so that the newest can be recognized.
    let account = untrack(|| Session::expect().me()).map_or_else(String::new, |me| me.account.username);
    let title = fill(&t_with(words::FILE, "installation", &installation), "account", &account);
    let title = fill(&title, "time", &now());
    let file = [&title, "\n\n", &lines, "\n"].concat();
    let line = |code: Secret| {
        view! {
            <li>
                <code>{code.reveal().to_owned()}</code>
            </li>
        }
    };
    let print = || {
        // Fails only without a printer.
        let _ = window().print();
    };
    view! {
        <div class="stack">
            <p>{t(words::TEXT)}</p>
            <div class="to-print">
                <p class="print-only">{title}</p>
                <ol class="codes">{codes.into_iter().map(line).collect_view()}</ol>
            </div>
            <div class="buttons">
                <CopyButton text=Secret::new(lines) />
                <Button on_press=move || download_text(FILE, &file)>{t(words::DOWNLOAD)}</Button>
                <Button on_press=print>{t(words::PRINT)}</Button>
            </div>
            <Button look=Look::Primary on_press=on_kept>
                {t(words::SAVED)}
            </Button>
            <DiscardGuard title=words::DISCARD_QUESTION meaning=words::DISCARD_TEXT label=words::DISCARD />
        </div>
    }
}
