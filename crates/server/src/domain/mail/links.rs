//! Letters with a link that acts: it confirms an email, or sets a new password.

use doorstep_contract::{paths::CONFIRM_EMAIL_FRAGMENT, route::ClientRoute};
use doorstep_locales::mail;
use url::Url;

use super::{
    letter::{Letter, Part},
    occasion::{By, Occasion},
};
use crate::domain::token::Token;

/// The letter to a new email, whose link confirms that the user receives its mails.
///
/// The address may belong to someone else, so the letter contains no text that the requester could choose freely:
/// the username is shortened and stripped of characters that form links.
#[must_use]
pub fn confirm_email<'a>(occasion: Occasion<'a>, token: &Token) -> Letter<'a> {
    use mail::confirm_email::{EXPIRES, NOT_YOU, REASON, SUBJECT, SUBMIT, TEXT};
    // Fragments are not sent to servers, so the token appears in no log or `Referer`.
    let fragment = [CONFIRM_EMAIL_FRAGMENT, &token.reveal()].concat();
    let mut letter = occasion.letter(occasion.words_for_unverified(SUBJECT), occasion.words_for_unverified(TEXT));
    letter.greeting = None;
    letter.reason = occasion.words_for_unverified(REASON);
    letter.parts = vec![
        occasion.button(SUBMIT, ClientRoute::Account, Some(&fragment)),
        Part::Text(occasion.words_for_unverified(EXPIRES)),
        Part::Text(occasion.words_for_unverified(NOT_YOU)),
    ];
    letter
}

/// The letter with the link of a password reset. The recipient may not have requested it.
#[must_use]
pub fn reset_password<'a>(occasion: Occasion<'a>, link: Url, by: By<'_>) -> Letter<'a> {
    use mail::reset_password::{EXPIRES, NOT_YOU, SUBJECT, SUBMIT, TEXT};
    let mut letter = occasion.letter(occasion.words(SUBJECT), occasion.words(TEXT));
    letter.parts = vec![
        Part::Button { label: occasion.word(SUBMIT), url: link },
        Part::Text(occasion.words(EXPIRES)),
        Part::Facts(by.facts(&occasion)),
        Part::Text(occasion.words(NOT_YOU)),
    ];
    letter
}
