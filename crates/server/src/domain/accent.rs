//! The installation's accent colour, computed for mails, where a stylesheet can't do it.
//!
//! The same rule as in style/tokens.css: the lightness is bounded in OKLCH, away from the text on the colour and
//! from the background, so that both stay readable for any hue.

use std::fmt;

/// The colour of an installation that has not configured one, as in style/tokens.css.
pub const BRAND: &str = "#1f5b4b";
/// The greatest lightness on a light background, and the least on a dark one.
const DARK_ENOUGH: f64 = 0.48;
const LIGHT_ENOUGH: f64 = 0.8;

/// An sRGB colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour([u8; 3]);

/// The accent colour of an installation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accent {
    /// For light backgrounds, with white text on it.
    pub light: Colour,
    /// For dark backgrounds, with [`Accent::ON_DARK`] text on it.
    pub dark: Colour,
}

impl Accent {
    /// The colour of text on [`Accent::light`], and on [`Accent::dark`].
    pub const ON_LIGHT: &str = "#ffffff";
    /// See [`Accent::ON_LIGHT`].
    pub const ON_DARK: &str = "#0d1f19";

    /// The accent of a brand colour, `#rrggbb`; of [`BRAND`] if it is missing or malformed.
    #[must_use]
    pub fn of(brand: Option<&str>) -> Self {
        let colour = brand.and_then(Colour::parse).or_else(|| Colour::parse(BRAND)).unwrap_or(Colour([0; 3]));
        Self {
            light: colour.with_lightness(|lightness| lightness.min(DARK_ENOUGH)),
            dark: colour.with_lightness(|lightness| lightness.max(LIGHT_ENOUGH)),
        }
    }
}

impl Colour {
    fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
        let byte = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
        Some(Self([byte(0)?, byte(2)?, byte(4)?]))
    }

    /// The same hue and chroma with another lightness (<https://bottosson.github.io/posts/oklab/>), clipped to
    /// sRGB.
    fn with_lightness(self, change: impl Fn(f64) -> f64) -> Self {
        let [red, green, blue] = self.0.map(linear);
        let long = (0.412_221 * red + 0.536_333 * green + 0.051_446 * blue).cbrt();
        let medium = (0.211_903 * red + 0.680_700 * green + 0.107_397 * blue).cbrt();
        let short = (0.088_302 * red + 0.281_719 * green + 0.629_979 * blue).cbrt();
        let lightness = change(0.210_454 * long + 0.793_618 * medium - 0.004_072 * short);
        let to_red = 1.977_998 * long - 2.428_592 * medium + 0.450_594 * short;
        let to_yellow = 0.025_904 * long + 0.782_772 * medium - 0.808_676 * short;

        let long = (lightness + 0.396_338 * to_red + 0.215_804 * to_yellow).powi(3);
        let medium = (lightness - 0.105_561 * to_red - 0.063_854 * to_yellow).powi(3);
        let short = (lightness - 0.089_484 * to_red - 1.291_486 * to_yellow).powi(3);
        Self([
            nearest(4.076_742 * long - 3.307_712 * medium + 0.230_970 * short),
            nearest(-1.268_438 * long + 2.609_757 * medium - 0.341_319 * short),
            nearest(-0.004_196 * long - 0.703_419 * medium + 1.707_615 * short),
        ])
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

/// The linear light of an sRGB component, from 0 to 1 (IEC 61966-2-1).
fn linear(component: u8) -> f64 {
    let share = f64::from(component) / 255.0;
    if share <= 0.040_45 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
}

/// The sRGB component that is nearest to this linear light.
fn nearest(light: f64) -> u8 {
    let distance = |component: &u8| (linear(*component) - light).abs();
    (0..=u8::MAX).min_by(|one, other| distance(one).total_cmp(&distance(other))).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// WCAG 2.2, contrast ratio.
    fn contrast(one: Colour, other: &str) -> f64 {
        let luminance = |Colour(components): Colour| {
            let [red, green, blue] = components.map(linear);
            0.2126 * red + 0.7152 * green + 0.0722 * blue
        };
        let (one, other) = (luminance(one), luminance(Colour::parse(other).expect("is a colour")));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn text_is_readable_on_any_accent_and_an_accent_on_its_ground() {
        for brand in ["#1f5b4b", "#aa0000", "#f5c518", "#0b5fff", "#ffffff", "#000000", "#00ff00", "#808080"] {
            let accent = Accent::of(Some(brand));
            for (colour, other) in [
                (accent.light, Accent::ON_LIGHT),
                (accent.light, "#f6f6f3"),
                (accent.dark, Accent::ON_DARK),
                (accent.dark, "#1b211e"),
            ] {
                let contrast = contrast(colour, other);
                assert!(contrast >= 4.5, "{brand}: {colour} on {other} has {contrast}");
            }
        }
    }

    #[test]
    fn a_colour_within_the_bounds_is_not_changed() {
        assert_eq!(Accent::of(Some("#1f5b4b")).light.to_string(), "#1f5b4b");
        assert_eq!(Accent::of(None), Accent::of(Some(BRAND)));
        assert_eq!(Accent::of(Some("red")), Accent::of(None));
    }
}
