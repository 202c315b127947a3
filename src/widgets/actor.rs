//! Names of actors.

use doorstep_contract::audit::COMMAND_LINE;
use doorstep_locales::words::audit as words;

use crate::i18n::t;

/// The name as displayed: actions of the command line are attributed to it in the page's language.
pub(crate) fn by(name: String) -> String {
    if name == COMMAND_LINE { t(words::COMMAND_LINE).to_owned() } else { name }
}
