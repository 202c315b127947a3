//! All that xtask itself prints: progress and complaints to stderr, results to stdout.

use std::io::{IsTerminal, Write, stderr};

/// Says what is going on or went wrong.
#[expect(clippy::print_stderr, reason = "the one place that talks to the person")]
pub(crate) fn say(line: &str) {
    eprintln!("{line}");
}

/// Prints a command's result, which may be piped somewhere.
#[expect(clippy::print_stdout, reason = "the one place that prints results")]
pub(crate) fn print(text: &str) {
    println!("{text}");
}

/// Shows a passing line of a long job in place of the last one; silent when nobody watches.
pub(crate) fn flash(line: &str) {
    if stderr().is_terminal() {
        let line: String = line.trim().chars().take(78).collect();
        // Not shown is not worth failing for.
        drop(write!(stderr(), "\r\x1b[2K{line}"));
    }
}

/// Lines up `rows`: the first column to the left, numbers to the right.
pub(crate) fn table<const N: usize>(rows: &[[String; N]]) -> String {
    let mut widths = [0; N];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    let lines = rows.iter().map(|row| {
        let cells = row.iter().zip(widths).enumerate();
        let cells = cells.map(|(column, (cell, width))| match column {
            0 => format!("{cell:<width$}"),
            _ => format!("{cell:>width$}"),
        });
        cells.collect::<Vec<_>>().join("  ")
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::table;

    #[test]
    fn a_table_lines_up_names_left_and_numbers_right() {
        let rows = [["app", "7"], ["browser", "1234"]].map(|row| row.map(str::to_owned));
        assert_eq!(table(&rows), "app         7\nbrowser  1234");
    }
}
