//! The second factor: on, off, and the recovery codes for when the phone is gone.

use doorstep_contract::{
    account::{RecoveryCodes, TotpDisable, TotpPending},
    envelope::ErrorCode,
    secret::Secret,
};
use doorstep_locales::words::{dialog as dialog_words, recovery_codes, two_factor as words};
use leptos::prelude::*;

use super::{codes::recovery_codes_view, enrolment::enrolment};
use crate::{
    announcement::Announcement,
    api::{ApiError, account},
    i18n::{t, t_count},
    pages::press::Press,
    problem::refusal,
    session::{Session, proof::Proof},
    ui::{
        busy::busy_button,
        dialog::Dialog,
        field::{Kind, field},
        focus::focus_on,
        form::{Form, Problem, form_view},
        part::{block, button, buttons, dynamic, nothing, panel, paragraph},
    },
};

const HEADING: &str = "two-factor-heading";
const CODE: &str = "disable-code";

/// What the section shows.
#[derive(Clone)]
enum View {
    /// On or off, as the server says.
    Resting,
    /// A secret has been handed out, and waits for the first code.
    Enrolling(TotpPending),
    /// New recovery codes, for this once.
    Codes(Vec<Secret>),
}

/// What its parts share.
#[derive(Clone, Copy)]
pub(super) struct Section {
    view: RwSignal<View>,
    pub(super) session: Session,
    pub(super) proof: Proof,
    announcement: Announcement,
    press: Press,
}

impl Section {
    /// Shows new recovery codes, once the page knows how many there are.
    pub(super) async fn show_codes(self, codes: RecoveryCodes) -> Result<(), ApiError> {
        let _ = self.view.try_set(View::Codes(codes.recovery_codes));
        self.session.refresh().await
    }

    /// Back to on or off.
    pub(super) fn rest(self) {
        let _ = self.view.try_set(View::Resting);
    }

    fn finish(self, outcome: doorstep_locales::Word) {
        self.announcement.tell(t(outcome).to_owned());
        self.rest();
    }

    /// Begins to turn it on.
    fn begin(self) {
        self.press.run(async move || {
            let pending = self.proof.with(account::begin_totp).await?;
            let _ = self.view.try_set(View::Enrolling(pending));
            Ok(())
        });
    }

    /// New recovery codes.
    fn renew(self) {
        self.press.run(async move || self.show_codes(self.proof.with(account::renew_recovery_codes).await?).await);
    }
}

/// The section.
pub(super) fn section() -> AnyView {
    let section = Section {
        view: RwSignal::new(View::Resting),
        session: Session::expect(),
        proof: Proof::expect(),
        announcement: Announcement::expect(),
        press: Press::new(),
    };
    // What had the focus goes with its view.
    Effect::new(move |earlier: Option<()>| {
        section.view.track();
        if earlier.is_some() {
            request_animation_frame(|| focus_on(HEADING));
        }
    });
    let drawn = dynamic(move || match section.view.get() {
        View::Resting => resting(section),
        View::Enrolling(pending) => enrolment(section, pending),
        View::Codes(codes) => recovery_codes_view(codes, move || section.finish(recovery_codes::KEPT)),
    });
    panel(HEADING, words::TITLE, vec![section.press.alert(), drawn])
}

/// Whether it is on, and what can be done about it.
fn resting(section: Section) -> AnyView {
    let (disabling, renewing) = (Dialog::new("disable"), Dialog::new("renew"));
    let busy = section.press.busy();
    let state = dynamic(move || match section.session.me().map(|me| me.account) {
        Some(account) if account.totp_enabled => {
            let left = t_count(recovery_codes::LEFT, account.recovery_codes_left);
            let renew = busy_button(recovery_codes::RENEW, busy, move || renewing.open());
            let disable = busy_button(words::TURN_OFF, busy, move || disabling.open());
            block("div", "stack", vec![paragraph(t(words::IS_ON)), paragraph(left), buttons(vec![renew, disable])])
        }
        Some(_) => {
            let enable = busy_button(words::TURN_ON, busy, move || section.begin());
            block("div", "stack", vec![paragraph(t(words::IS_OFF)), buttons(vec![enable])])
        }
        None => nothing(),
    });
    let renew = move || {
        renewing.close();
        section.renew();
    };
    let ask_to_renew = move || {
        let choices = vec![
            button("button", dialog_words::CANCEL, move || renewing.close()),
            button("button primary", recovery_codes::RENEW, renew),
        ];
        (t(recovery_codes::RENEW).to_owned(), vec![paragraph(t(recovery_codes::RENEW_TEXT)), buttons(choices)])
    };
    let ask_to_disable = move || (t(words::TURN_OFF).to_owned(), disable(section, disabling));
    block("div", "", vec![state, disabling.frame(ask_to_disable, || {}), renewing.frame(ask_to_renew, || {})])
}

/// Asks for a code, so that an unlocked computer is not enough; a temporary session is there because there is none.
fn disable(section: Section, dialog: Dialog) -> Vec<AnyView> {
    let needs_code = untrack(|| section.session.me()).is_some_and(|me| !me.session.temporary);
    let form = Form::new("disable");
    let code = RwSignal::new(String::new());
    let send = move || {
        let typed = code.get_untracked().trim().to_owned();
        let missing = needs_code && typed.is_empty();
        let found = missing.then_some(Problem { sentence: words::CODE_MISSING, field: Some(CODE) });
        let send = move || {
            let request = TotpDisable { code: needs_code.then(|| Secret::new(typed)) };
            Box::pin(async move {
                let disabled = match section.proof.with(async || account::disable_totp(&request).await).await {
                    Ok(_) => section.session.refresh().await,
                    Err(error) => Err(error),
                };
                if disabled == Err(ApiError::Refused(ErrorCode::InvalidCode)) {
                    let _ = code.try_set(String::new());
                }
                disabled.map_err(|error| refusal(error, |code| (code == ErrorCode::InvalidCode).then_some(CODE)))
            }) as _
        };
        let done = move || {
            dialog.close();
            section.finish(words::TURNED_OFF);
        };
        form.submit(found, send, done);
    };
    let fields = if needs_code { vec![field(form, CODE, words::ANY_CODE, Kind::Code, code)] } else { Vec::new() };
    vec![
        paragraph(t(words::TURN_OFF_TEXT)),
        form_view(form, words::TURN_OFF, words::TURNING_OFF, fields, send),
        button("button", dialog_words::CANCEL, move || dialog.close()),
    ]
}
