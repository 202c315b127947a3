//! The download size of a visit. Each app has a budget, and docs/size.md has its numbers.
//!
//! There are two kinds of first visits: to the sign-in app, and of a client to the portal. The dashboard is loaded
//! after signing in, and cached by the browser.

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};

use crate::{
    dist::{APPS, BROTLI, GZIP},
    files::{self, with_suffix},
    project, term,
};

/// An app with a budget.
struct Visit {
    /// The name of its row in the table.
    total: &'static str,
    /// The prefix of its files.
    app: &'static str,
    /// The budget in bytes of brotli, for WebAssembly, JavaScript, CSS and the translations of one language.
    budget: u64,
}

/// A first visit downloads at most 200 kB. Its form can be used before the app is loaded. Each budget is slightly above
/// the app's size, so that growth is a decision.
const VISITS: [Visit; 3] = [
    Visit { total: "total of a first visit", app: "sign-in", budget: 200_000 },
    Visit { total: "total of the dashboard", app: "dashboard", budget: 373_000 },
    Visit { total: "total of a first visit to the portal", app: "portal", budget: 141_500 },
];

/// The prefix of the files of translations; the largest language counts.
const WORDS: &str = "words-";

/// How far the numbers in docs/size.md may be off, in bytes of brotli.
const LAG: u64 = 1_000;

const DOCUMENT: &str = "docs/size.md";
const BEGIN: &str = "<!-- size:begin -->";
const END: &str = "<!-- size:end -->";

/// Prints the table, updates docs/size.md if requested, and fails above a budget.
pub(crate) fn run(write: bool) -> Result<()> {
    let sizes = measure(&project::dist()?)?;
    term::print(&term::table(&rows(&sizes)));
    if write {
        write_document(&sizes)?;
    }
    check_budgets(&sizes)
}

/// Prints the table, and fails above a budget or if docs/size.md is out of date.
pub(crate) fn check() -> Result<()> {
    let sizes = measure(&project::dist()?)?;
    term::print(&term::table(&rows(&sizes)));
    check_budgets(&sizes)?;

    let document = fs::read_to_string(project::path(DOCUMENT)).unwrap_or_default();
    for visit in &VISITS {
        let written = written_total(&document, visit);
        ensure!(
            written.is_some_and(|written| written.abs_diff(total(&sizes, visit).brotli) <= LAG),
            "{DOCUMENT} doesn't tell today's size: run `cargo xtask size --write`"
        );
    }
    Ok(())
}

/// The size of a file, plain and compressed.
struct Size {
    name: String,
    raw: u64,
    gzip: u64,
    brotli: u64,
}

fn measure(dist: &Path) -> Result<Vec<Size>> {
    let length = |path: &Path| {
        let metadata = fs::metadata(path).with_context(|| format!("measuring {}", path.display()));
        metadata.map(|metadata| metadata.len())
    };
    let names = files::below(dist)?;
    let names = names.iter().filter(|name| {
        let name = name.to_string_lossy();
        !name.ends_with(BROTLI) && !name.ends_with(GZIP)
    });
    let sizes = names.map(|name| {
        let path = dist.join(name);
        Ok(Size {
            name: without_hash(&name.to_string_lossy()),
            raw: length(&path)?,
            gzip: length(&with_suffix(&path, GZIP))?,
            brotli: length(&with_suffix(&path, BROTLI))?,
        })
    });
    sizes.collect()
}

fn check_budgets(sizes: &[Size]) -> Result<()> {
    for visit in &VISITS {
        let (brotli, Visit { app, budget, .. }) = (total(sizes, visit).brotli, visit);
        ensure!(brotli <= *budget, "{app} weighs {brotli} bytes, {} over its budget of {budget}", brotli - budget);
    }
    Ok(())
}

/// The size that counts against a budget.
fn total(sizes: &[Size], visit: &Visit) -> Size {
    let words = [WORDS, visit.app, "-"].concat();
    let heaviest = sizes.iter().filter(|size| size.name.starts_with(&words)).max_by_key(|size| size.brotli);
    let counts = |size: &&Size| {
        let of_another = APPS.iter().any(|(_, app)| *app != visit.app && size.name.starts_with(app));
        [".wasm", ".js", ".css"].iter().any(|kind| size.name.ends_with(kind)) && !of_another
    };
    let counted = || sizes.iter().filter(counts).chain(heaviest);
    Size {
        name: visit.total.to_owned(),
        raw: counted().map(|size| size.raw).sum(),
        gzip: counted().map(|size| size.gzip).sum(),
        brotli: counted().map(|size| size.brotli).sum(),
    }
}

fn rows(sizes: &[Size]) -> Vec<[String; 4]> {
    let heading = ["file", "bytes", "gzip", "brotli"].map(str::to_owned);
    let row =
        |Size { name, raw, gzip, brotli }: &Size| [name.clone(), raw.to_string(), gzip.to_string(), brotli.to_string()];
    let totals = VISITS.iter().flat_map(|visit| {
        let budget = ["budget".to_owned(), String::new(), String::new(), visit.budget.to_string()];
        [row(&total(sizes, visit)), budget]
    });
    [heading].into_iter().chain(sizes.iter().map(row)).chain(totals).collect()
}

fn write_document(sizes: &[Size]) -> Result<()> {
    let path = project::path(DOCUMENT);
    let current = files::read_if_there(&path)?.map(String::from_utf8).transpose()?;
    let current = current.unwrap_or_else(|| {
        format!("# What a first visit downloads\n\nWritten by `cargo xtask size --write`.\n\n{BEGIN}\n{END}\n")
    });
    let (before, rest) = current.split_once(BEGIN).with_context(|| format!("{DOCUMENT} has no {BEGIN}"))?;
    let (_, after) = rest.split_once(END).with_context(|| format!("{DOCUMENT} has no {END}"))?;
    let table = markdown(&rows(sizes));
    files::write_if_changed(&path, format!("{before}{BEGIN}\n{table}{END}{after}").as_bytes())
}

fn markdown(rows: &[[String; 4]]) -> String {
    let mut lines: Vec<_> = rows.iter().map(|row| format!("| {} |\n", row.join(" | "))).collect();
    lines.insert(1, "|---|---:|---:|---:|\n".to_owned());
    lines.concat()
}

/// The total in a document, in bytes of brotli.
fn written_total(document: &str, visit: &Visit) -> Option<u64> {
    let row = document.lines().find_map(|line| line.strip_prefix(&format!("| {} |", visit.total)))?;
    row.trim_end().trim_end_matches('|').rsplit('|').next()?.trim().parse().ok()
}

/// A file name without its hash: `app_bg.wasm` for `app-0123456789abcdef_bg.wasm`.
fn without_hash(name: &str) -> String {
    let mut parts = name.split('-');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |name, part| {
        let rest = part.trim_start_matches(|letter: char| matches!(letter, '0'..='9' | 'a'..='f'));
        // Trunk writes 64 bits without leading zeros.
        let is_hash = (12..=16).contains(&(part.len() - rest.len())) && rest.starts_with(['.', '_', '/']);
        if is_hash { name + rest } else { format!("{name}-{part}") }
    })
}

#[cfg(test)]
mod tests {
    use super::{Size, VISITS, markdown, rows, total, without_hash, written_total};

    fn sizes() -> Vec<Size> {
        let size = |name: &str, brotli| Size { name: name.to_owned(), raw: 9, gzip: 8, brotli };
        vec![
            size("sign-in_bg.wasm", 90_000),
            size("dashboard_bg.wasm", 150_000),
            size("portal_bg.wasm", 60_000),
            size("boot.js", 500),
            size("app.css", 7_000),
            size("sign-in.html", 40),
            size("words-sign-in-en.json", 2_000),
            size("words-sign-in-zh-Hans.json", 2_500),
            size("words-dashboard-en.json", 2_500),
            size("words-portal-en.json", 2_500),
        ]
    }

    #[test]
    fn names_lose_their_hashes_and_nothing_else() {
        assert_eq!(without_hash("sign-in-9a3f04ce8b1d2e7f_bg.wasm"), "sign-in_bg.wasm");
        assert_eq!(without_hash("sign-in-a3f04ce8b1d2e7f.js"), "sign-in.js");
        assert_eq!(without_hash("snippets/part-9a3f04ce8b1d2e7f/inline0.js"), "snippets/part/inline0.js");
        assert_eq!(without_hash("two-faced.js"), "two-faced.js");
    }

    #[test]
    fn a_visit_is_one_app_and_one_language() {
        assert_eq!(VISITS.map(|visit| total(&sizes(), &visit).brotli), [100_000, 160_000, 70_000]);
    }

    #[test]
    fn the_totals_are_read_back_from_the_document() {
        let document = format!("# Size\n\n{}\nmore\n", markdown(&rows(&sizes())));
        let written = |document| VISITS.map(|visit| written_total(document, &visit));
        assert_eq!(written(document.as_str()), [Some(100_000), Some(160_000), Some(70_000)]);
        assert_eq!(written("# Size\n"), [None, None, None]);
    }
}
