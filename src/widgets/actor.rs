//! Who did something, by name.

use doorstep_contract::audit::COMMAND_LINE;
use doorstep_locales::words::audit as words;

use crate::i18n::t;

/// The name as it is shown: what an operator did by a command is by the command line, in the user's language.
pub(crate) fn by(name: String) -> String {
    if name == COMMAND_LINE { t(words::COMMAND_LINE).to_owned() } else { name }
}
