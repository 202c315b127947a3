//! Output of xtask: progress and errors to stderr, results to stdout.

use std::io::{IsTerminal, Write, stderr};

/// Prints progress or an error.
#[expect(clippy::print_stderr, reason = "the one place that prints progress")]
pub(crate) fn say(line: &str) {
    eprintln!("{line}");
}

/// Prints a result.
#[expect(clippy::print_stdout, reason = "the one place that prints results")]
pub(crate) fn print(text: &str) {
    println!("{text}");
}

/// Shows a line of progress in place of the previous one; only on a terminal.
pub(crate) fn show_progress(line: &str) {
    if stderr().is_terminal() {
        let line: String = line.trim().chars().take(78).collect();
        // A failure to show progress is ignored.
        drop(write!(stderr(), "\r\x1b[2K{line}"));
    }
}

/// Aligns `rows`: the first column to the left, the others to the right.
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
