//! The speed of the built server, compared with bare axum handlers in the same run: `cargo xtask bench server`.
//!
//! `DOORSTEP_BIN` names the server. The server and the handlers are separate processes, which get requests over
//! kept-alive loopback connections in alternating rounds, so that disturbances affect both. The tables contain
//! medians, as Markdown.

#![expect(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "a benchmark fails by panicking")]
#![expect(clippy::print_stdout, reason = "a benchmark speaks to a terminal")]
#![expect(clippy::disallowed_methods, reason = "a benchmark measures time")]

#[path = "server/bare.rs"]
mod bare;
#[path = "server/client.rs"]
mod client;
#[path = "server/installation.rs"]
mod installation;
#[path = "server/scenes.rs"]
mod scenes;

use std::{
    env, fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use self::{
    client::{Connection, Sample, get, load, median},
    installation::{Installation, Process, largest_file, start_bare},
    scenes::{Count, Scene},
};

/// The number of concurrent connections.
const CONNECTIONS: usize = 8;
/// The number of rows in each growing table of a database of usual size.
const USUAL: u32 = 1_000;
/// The number of devices that poll in turn.
const DEVICES: u32 = 30_000;
/// The number of concurrent sign-ins in the queue.
const FLOOD: usize = 500;
const ENCODINGS: &str = "accept-encoding: gzip, br\r\n";

/// The length and number of the rounds.
struct Plan {
    rounds: u32,
    length: Duration,
    sizes: Vec<u32>,
}

impl Plan {
    fn of_environment() -> Self {
        let said = |name: &str| env::var(name).ok();
        let number = |name, usual| said(name).and_then(|text| text.parse().ok()).unwrap_or(usual);
        let sizes = said("DOORSTEP_BENCH_SIZES").unwrap_or_else(|| "10,1000,100000".to_owned());
        Self {
            rounds: number("DOORSTEP_BENCH_ROUNDS", 5),
            length: Duration::from_millis(number("DOORSTEP_BENCH_MILLISECONDS", 1_000).into()),
            sizes: sizes.split(',').filter_map(|size| size.trim().parse().ok()).collect(),
        }
    }
}

fn main() {
    let words: Vec<_> = env::args().skip(1).collect();
    if let [word, database, folder] = words.as_slice()
        && word == bare::WORD
    {
        let runtime = tokio::runtime::Runtime::new().expect("starts");
        return runtime.block_on(bare::serve(database, folder));
    }
    let Some(binary) = env::var_os("DOORSTEP_BIN").map(PathBuf::from) else {
        return println!("name a server in DOORSTEP_BIN, or say `cargo xtask bench server`");
    };
    // One thread: the others are for the measured processes.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("starts");
    runtime.block_on(async {
        let plan = Plan::of_environment();
        beside_bare_handlers(&plan, &binary).await;
        while_sign_ins_wait(&plan, &binary).await;
        growth(&plan, &binary).await;
    });
}

/// The measured scenes, each with what it is compared with.
struct Pair<'a> {
    name: &'static str,
    process: &'a Process,
    ours: Scene,
    bare: Scene,
    beside: &'static str,
}

async fn beside_bare_handlers(plan: &Plan, binary: &Path) {
    let here = Installation::start(binary, USUAL).await;
    // Enough devices that each waits for its interval before its next turn.
    let devices = Installation::start_with(binary, DEVICES, DEVICES).await;
    let file = largest_file(here.process.address).await;
    let files = here.folder.join("files");
    fs::create_dir(&files).expect("is created");
    let pages = [("login", "/login"), ("portal", "/portal"), ("asset", &file)];
    for (name, path) in pages {
        fs::write(files.join(name), body(here.process.address, path).await).expect("is written");
    }
    let bare = start_bare(&here, &files);
    let select = || Scene::get("/select", "");
    let bytes = |name: &str| Scene::get(&format!("/bytes/{name}"), ENCODINGS);
    let thrice = Scene::Same(get("/select", "").into(), 3, 200);
    let pair = |name, ours, bare, beside| Pair { name, process: &here.process, ours, bare, beside };
    let argon2 = Scene::Same(client::post("/argon2", "", "").into(), 1, 200);
    let pairs = [
        pair("`/healthz`", Scene::get("/healthz", ""), Scene::get("/empty", ""), "nothing"),
        pair("`me`", Scene::me(&here), select(), "a SELECT"),
        Pair {
            process: &devices.process,
            ..pair("a poll in time", Scene::Poll(Count::of(DEVICES)), select(), "a SELECT")
        },
        pair("an early poll", Scene::poll_too_soon(), select(), "a SELECT"),
        pair("code, approval, token", Scene::Device(here.cookie()), thrice, "three SELECTs"),
        pair("refresh", Scene::Refresh(Count::of(u32::MAX)), select(), "a SELECT"),
        pair("sign-in", Scene::SignIn(Count::of(u32::MAX)), argon2, "Argon2"),
        pair("`/login`", Scene::get("/login", ENCODINGS), bytes("login"), "the same bytes"),
        pair("`/portal`", Scene::Same(get("/portal", ENCODINGS).into(), 1, 401), bytes("portal"), "the same bytes"),
        pair("WebAssembly of the app", Scene::get(&file, ENCODINGS), bytes("asset"), "the same bytes"),
    ];
    println!(
        "Beside bare handlers ({CONNECTIONS} connections, {USUAL} rows of all that grows, {} rounds):\n",
        plan.rounds
    );
    println!(
        "| request | per second | p50 | p99 | work | reference | per second | p50 | p99 | work | of its rate | of its work |"
    );
    println!("|---|---:|---:|---:|---:|---|---:|---:|---:|---:|---:|---:|");
    for pair in &pairs {
        let mut seen = (Vec::new(), Vec::new());
        // The first round is a warm-up.
        for round in 0..=plan.rounds {
            let ours = measured(pair.process, plan, &pair.ours).await;
            let theirs = measured(&bare, plan, &pair.bare).await;
            if round > 0 {
                seen.0.push(ours);
                seen.1.push(theirs);
            }
        }
        let ratio = |of: fn(&Sample) -> f64| {
            median(seen.0.iter().zip(&seen.1).map(|(ours, theirs)| of(ours) / of(theirs).max(1e-9)).collect())
        };
        let (rate, work) = (ratio(|sample| sample.rate), ratio(|sample| 1.0 / sample.work.max(1e-9)));
        let (ours, theirs) = (cells(&seen.0), cells(&seen.1));
        println!("| {} | {ours} | {} | {theirs} | **{rate:.2}** | {work:.2} |", pair.name, pair.beside);
    }
    println!();
}

/// The medians over the rounds: rate, latencies, CPU time.
fn cells(seen: &[Sample]) -> String {
    let of = |part: f64| median(seen.iter().map(|sample| sample.quantile(part).as_secs_f64() * 1e6).collect());
    let rate = median(seen.iter().map(|sample| sample.rate).collect());
    let work = median(seen.iter().map(|sample| sample.work).collect());
    format!("{rate:.0} | {:.0} µs | {:.0} µs | {work:.0} µs", of(0.5), of(0.99))
}

async fn measured(process: &Process, plan: &Plan, scene: &Scene) -> Sample {
    let before = process.worked();
    let sample = load(process.address, CONNECTIONS, plan.length, scene).await;
    #[expect(clippy::cast_precision_loss, reason = "a count")]
    let count = sample.took.len().max(1) as f64;
    Sample { work: (process.worked() - before) / count, ..sample }
}

/// The encoded body of a page or a file.
async fn body(address: SocketAddr, path: &str) -> Vec<u8> {
    Connection::open(address).await.answer(&get(path, ENCODINGS)).await.body
}

/// Measures whether signed-in users are affected while Argon2 hashes for others.
async fn while_sign_ins_wait(plan: &Plan, binary: &Path) {
    let here = Installation::start(binary, USUAL).await;
    let address = here.process.address;
    let me = Scene::me(&here);
    let alone = load(address, 1, plan.length, &me).await;
    // Longer than the measurements in between.
    let sign_ins = Scene::SignIn(Count::of(u32::MAX));
    let flood = tokio::spawn(async move { load(address, FLOOD, Duration::from_secs(6), &sign_ins).await });
    tokio::time::sleep(Duration::from_secs(2)).await;
    let beside = load(address, 1, Duration::from_secs(3), &me).await;
    let flood = flood.await.expect("ends");
    println!("`me` on one connection, while {FLOOD} sign-ins wait ({:.0} are done a second):\n", flood.rate);
    println!("| | per second | p50 | p99 |\n|---|---:|---:|---:|");
    for (name, sample) in [("alone", &alone), ("with sign-ins", &beside)] {
        let micros = |part| sample.quantile(part).as_micros();
        println!("| {name} | {:.0} | {} µs | {} µs |", sample.rate, micros(0.5), micros(0.99));
    }
    println!();
}

/// The scenes measured on databases of different sizes.
type Asked = (&'static str, fn(&Installation) -> Scene);

const GROWTH: [Asked; 8] = [
    ("`me`", Scene::me),
    ("an early poll", |_| Scene::poll_too_soon()),
    ("code, approval, token", |here| Scene::Device(here.cookie())),
    ("refresh", |_| Scene::Refresh(Count::of(u32::MAX))),
    ("`/login`", |_| Scene::get("/login", ENCODINGS)),
    ("dashboard", |here| Scene::get("/", &[&here.cookie(), ENCODINGS].concat())),
    ("a page of projects", |here| Scene::get("/api/projects?limit=50", &here.cookie())),
    ("a page of the audit log", |here| Scene::get("/api/audit?limit=50", &here.cookie())),
];

async fn growth(plan: &Plan, binary: &Path) {
    let mut installations = Vec::new();
    for rows in &plan.sizes {
        let here = Installation::start(binary, *rows).await;
        let idle = here.process.resident();
        installations.push((here, idle));
    }
    println!(
        "How it grows with as many accounts, sessions, requests of devices, projects and audit entries; in parentheses,"
    );
    println!("how many times as long as with the fewest:\n");
    let sizes: Vec<_> = plan.sizes.iter().map(u32::to_string).collect();
    println!("| request, per second | {} |\n|---|{}", sizes.join(" | "), "---:|".repeat(sizes.len()));
    for (name, scene) in GROWTH {
        let mut rates = vec![Vec::new(); installations.len()];
        for round in 0..=plan.rounds {
            for ((here, _), rates) in installations.iter().zip(&mut rates) {
                let sample = load(here.process.address, CONNECTIONS, plan.length, &scene(here)).await;
                if round > 0 {
                    rates.push(sample.rate);
                }
            }
        }
        let fewest = rates.first().cloned().unwrap_or_default();
        let cells = rates.iter().map(|rates| {
            let ratio = median(fewest.iter().zip(rates).map(|(few, many)| few / many.max(1e-9)).collect());
            format!("{:.0} ({ratio:.2})", median(rates.clone()))
        });
        println!("| {name} | {} |", cells.collect::<Vec<_>>().join(" | "));
    }
    let memory = |of: &dyn Fn(&(Installation, f64)) -> f64| {
        installations.iter().map(|one| format!("{:.0} MB", of(one))).collect::<Vec<_>>().join(" | ")
    };
    println!("| resident, idle | {} |", memory(&|(_, idle)| *idle));
    println!("| resident, after the benchmark | {} |", memory(&|(here, _)| here.process.resident()));
}
