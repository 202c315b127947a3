//! Shared by the benchmarks that compare response times: a server with accounts of each kind, and the comparison of
//! distributions.
//!
//! Samples of all kinds are taken in turn, so that disturbances affect all kinds alike.

use std::{net::IpAddr, path::PathBuf, time::Instant};

use doorstep_contract::auth::Role;
use doorstep_server::{
    domain::{
        account::{Account, Status},
        audit::{Actor, Entry, Event},
        limits::Backoff,
        policy::Policy,
        quota::{Quota, Quotas},
        secret_key::SecretKeys,
        session::Visitor,
    },
    service::{ClientContext, Service, ServiceBuilder, Wanted},
    store::{DatabaseUrl, NewAccount, Store},
};

pub const ROUNDS: u32 = 300;
pub const PASSWORD: &str = "seven clouds over lisbon";

/// A server with three accounts: `known`, `suspended`, and `sso`, which has no password.
pub struct World {
    pub service: Service,
    pub store: Store,
    pub folder: PathBuf,
}

impl World {
    pub async fn make(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("doorstep-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("is created");
        let builder = builder(&format!("sqlite://{}", folder.join("bench.sqlite3").display())).await;
        let store = builder.store.clone();
        let service = builder.build().expect("is created");
        fill(&service, &store).await;
        Self { service, store, folder }
    }

    pub async fn end(self) {
        self.store.close().await;
        std::fs::remove_dir_all(&self.folder).expect("is removed");
    }
}

/// A client with a distinct address for each round.
pub fn context(round: u32) -> ClientContext {
    let visitor = Visitor::new(IpAddr::from(round.to_be_bytes()), "bench");
    ClientContext { visitor, earlier: Vec::new(), proofs: Vec::new(), trusted: Vec::new(), language: None }
}

/// The time that something takes, in milliseconds, and its result.
pub async fn timed<T>(work: impl Future<Output = T>) -> (f64, T) {
    let started = Instant::now();
    let outcome = work.await;
    (started.elapsed().as_secs_f64() * 1e3, outcome)
}

/// Prints the quartiles of each kind, and the Kolmogorov-Smirnov distance between its distribution and that of the
/// first kind: two samples of the same distribution stay below the line under the table in 95 % of cases.
pub fn report(title: &str, mut samples: Vec<(&str, Vec<f64>)>) {
    for (_, sample) in &mut samples {
        sample.sort_by(f64::total_cmp);
    }
    let (_, reference) = samples.first().expect("exists");
    println!("{title:28}{:>8}{:>8}{:>8}   distance", "25 %", "50 %", "75 %");
    for (kind, sample) in &samples {
        let at = |part: usize| sample.get(sample.len() * part / 4).copied().unwrap_or_default();
        println!("{kind:28}{:8.2}{:8.2}{:8.2}{:11.3}", at(1), at(2), at(3), distance(reference, sample));
    }
    println!("(milliseconds; told apart if the distance is above {:.3})", 1.36 * (2.0 / f64::from(ROUNDS)).sqrt());
}

/// The largest difference between two empirical distributions, both sorted.
fn distance(one: &[f64], other: &[f64]) -> f64 {
    let share = |sample: &[f64], limit: f64| {
        let below = sample.partition_point(|value| *value <= limit);
        f64::from(u32::try_from(below).unwrap_or_default()) / f64::from(u32::try_from(sample.len()).unwrap_or(1))
    };
    one.iter().chain(other).map(|limit| (share(one, *limit) - share(other, *limit)).abs()).fold(0.0, f64::max)
}

async fn builder(url: &str) -> ServiceBuilder {
    let mut quotas = Quotas::default();
    quotas.set(Quota::PasswordRequestAccount, u32::MAX);
    let store = Store::open(&DatabaseUrl::parse(url).expect("is valid")).await.expect("opens");
    let keys = SecretKeys::parse("q8dPzN1mVxT4sKfWb7YhRj2LcGaEuC9o").expect("is strong enough");
    // No other request is pending: this measures the work itself.
    let policy = Policy { sign_in_limit: Backoff { free_failures: u32::MAX }, quotas, ..Policy::default() };
    ServiceBuilder { policy, ..ServiceBuilder::new(store, keys, "http://127.0.0.1:8080".parse().expect("is a URL")) }
}

async fn fill(service: &Service, store: &Store) {
    let wanted = |username: &str| Wanted {
        username: username.to_owned(),
        email: format!("{username}@example.org"),
        name: String::new(),
        role: Role::Member,
    };
    let known = service.accounts().add(wanted("known"), PASSWORD).await.expect("is added");
    service.accounts().add(wanted("suspended"), PASSWORD).await.expect("is added");
    service.accounts().set_status("suspended", Status::Suspended).await.expect("is suspended");
    let account = Account {
        id: service.new_id().expect("random bytes"),
        username: "sso".to_owned(),
        email: "sso@example.org".to_owned(),
        ..known
    };
    let entry = Entry {
        id: account.id.clone(),
        at: account.created_at,
        event: Event::AccountAdded,
        actor: Actor::anonymous(),
        address: None,
        subject: account.username.clone(),
        times: 1,
        detail: serde_json::Map::new(),
    };
    store.insert_account(&NewAccount { account, password_hash: None }, &entry).await.expect("is added");
}
