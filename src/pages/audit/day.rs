//! Local days as timestamps.

use web_sys::js_sys::Date;

/// The start of the local day this many days later, RFC 3339; empty if the text is not a date. The text is the value of
/// a field of type `date`: `2026-01-31`.
pub(super) fn begin_of(day: &str, later: i32) -> String {
    let Some([year, month, date]) = parts(day) else { return String::new() };
    let begin = Date::new_with_year_month_day(year.unsigned_abs(), month - 1, date + later);
    begin.to_iso_string().into()
}

/// The time this many hours ago, RFC 3339.
pub(crate) fn hours_ago(hours: u32) -> String {
    Date::new(&(Date::now() - f64::from(hours) * 3_600_000.0).into()).to_iso_string().into()
}

/// Year, month and day of a date.
fn parts(day: &str) -> Option<[i32; 3]> {
    let mut numbers = day.split('-').map(|number| number.parse::<u16>().ok().map(i32::from));
    let parts = [numbers.next()??, numbers.next()??, numbers.next()??];
    // `Date` would map a two-digit year to the 20th century.
    let fits = numbers.next().is_none() && parts[0] >= 1000 && (1..=12).contains(&parts[1]);
    (fits && (1..=31).contains(&parts[2])).then_some(parts)
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn only_days_are_days() {
        assert_eq!(parts("2026-01-31"), Some([2026, 1, 31]));
        for text in
            ["", "yesterday", "2026-01", "2026-13-01", "2026-01-32", "0026-01-01", "2026-01-01-01", "99999-01-01"]
        {
            assert_eq!(parts(text), None, "{text}");
        }
    }
}
