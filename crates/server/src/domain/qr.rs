//! QR codes (ISO/IEC 18004), drawn by the server so that the app does not need a library.

use std::fmt::Write as _;

use doorstep_contract::{account, secret::Secret};
use qrcode::{Color, EcLevel, QrCode};

/// The width of the quiet zone, in modules.
const QUIET: usize = 4;

/// A QR code of a text; `None` if the text is longer than 2,331 bytes.
#[must_use]
pub fn draw(text: &str) -> Option<account::QrCode> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let width = code.width();
    let colors = code.to_colors();
    let mut path = String::new();
    for (row, modules) in colors.chunks(width.max(1)).enumerate() {
        let mut column = 0;
        for run in modules.chunk_by(|one, next| one == next) {
            if run.first() == Some(&Color::Dark) {
                // A run of modules is one rectangle. Writing to a string can't fail.
                let (x, y, length) = (column + QUIET, row + QUIET, run.len());
                let _ = write!(path, "M{x} {y}h{length}v1h-{length}z");
            }
            column += run.len();
        }
    }
    let side = u32::try_from(width + 2 * QUIET).ok()?;
    Some(account::QrCode { side, path: Secret::new(path) })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The modules that a path covers.
    fn painted(path: &str) -> Vec<(usize, usize)> {
        let rectangles = path.split('M').skip(1).map(|rectangle| {
            let (x, rest) = rectangle.split_once(' ').expect("has two numbers");
            let (y, rest) = rest.split_once('h').expect("has a length");
            let (length, rest) = rest.split_once('v').expect("has a height");
            assert_eq!(rest, format!("1h-{length}z"), "is closed");
            let number = |text: &str| text.parse::<usize>().expect("is a number");
            (number(x), number(y), number(length))
        });
        rectangles.flat_map(|(x, y, length)| (x..x + length).map(move |x| (x, y))).collect()
    }

    #[test]
    fn every_dark_module_is_painted_once_and_no_other() {
        let text = "otpauth://totp/Doorstep:ada?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Doorstep";
        let drawn = draw(text).expect("fits");
        let code = QrCode::with_error_correction_level(text, EcLevel::M).expect("fits");
        assert_eq!(usize::try_from(drawn.side).expect("is small"), code.width() + 8);
        let mut expected = Vec::new();
        for y in 0..code.width() {
            for x in 0..code.width() {
                if code[(x, y)] == Color::Dark {
                    expected.push((x + 4, y + 4));
                }
            }
        }
        assert_eq!(painted(drawn.path.reveal()), expected);
    }

    #[test]
    fn a_text_that_does_not_fit_is_not_drawn() {
        assert!(draw(&"x".repeat(2331)).is_some());
        assert!(draw(&"x".repeat(2332)).is_none());
    }
}
