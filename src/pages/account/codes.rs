//! Recovery codes, shown once: to copy, to download, to print.

use doorstep_contract::{auth::Branding, secret::Secret};
use doorstep_locales::words::recovery_codes as words;
use leptos::prelude::*;

use crate::{
    i18n::{t, t_with},
    ui::{
        copy::copy_button,
        download::download_text,
        part::{block, button, buttons, paragraph, text},
    },
};

const FILE: &str = "recovery-codes.txt";

/// The view; `kept` when the person says that they have kept them.
pub(super) fn recovery_codes_view(codes: Vec<Secret>, kept: impl Fn() + 'static) -> AnyView {
    let lines = codes.iter().map(Secret::reveal).collect::<Vec<_>>().join("\n");
    let installation = use_context::<Branding>().unwrap_or_default().name;
    let title = t_with(words::FILE, "installation", &installation);
    let file = [&title, "\n\n", &lines, "\n"].concat();
    let line = |code: Secret| block("li", "", vec![block("code", "", vec![text(code.reveal())])]);
    let print = || {
        // Refused only where there is no printer.
        let _ = window().print();
    };
    block(
        "div",
        "stack",
        vec![
            paragraph(t(words::TEXT)),
            block(
                "div",
                "to-print",
                vec![
                    block("p", "print-only", vec![text(title)]),
                    block("ol", "codes", codes.into_iter().map(line).collect()),
                ],
            ),
            buttons(vec![
                copy_button(Secret::new(lines)),
                button("button", words::DOWNLOAD, move || download_text(FILE, &file)),
                button("button", words::PRINT, print),
            ]),
            button("button primary", words::SAVED, kept),
        ],
    )
}
