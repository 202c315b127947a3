//! Does the response time of a password reset request reveal whether the email has an account? `cargo bench -p
//! doorstep-server`. Mails are queued and delivered meanwhile, as in a running server; the second table shows the
//! effect on the next request.

#![expect(clippy::expect_used, reason = "a benchmark fails by panicking")]
#![expect(clippy::print_stdout, reason = "a benchmark speaks to a terminal")]
#![expect(clippy::disallowed_methods, reason = "a benchmark measures time")]

mod timing;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use doorstep_contract::tokens::PasswordRequest;
use doorstep_server::post::{Outbox, Post};

use self::timing::{ROUNDS, World, context, report, timed};

const KINDS: [(&str, &str); 4] =
    [("known", "known"), ("unknown", "nobody"), ("suspended", "suspended"), ("without a password", "sso")];

/// Each kind follows each other kind equally often.
const ORDERS: [[usize; 4]; 4] = [[0, 1, 3, 2], [1, 2, 0, 3], [2, 3, 1, 0], [3, 0, 2, 1]];

#[tokio::main]
async fn main() {
    let World { service, store, folder } = World::make("reset").await;
    let (service, over) = (Arc::new(service), Arc::new(AtomicBool::new(false)));
    let from = "doorstep@example.org".parse().expect("is an address");
    let post = Post::outbox(from, Outbox::new(folder.join("outbox")));
    let delivery = tokio::spawn({
        let (service, over) = (Arc::clone(&service), Arc::clone(&over));
        async move {
            while !over.load(Ordering::Relaxed) {
                service.account().process_password_requests().await;
                while service.mails().deliver_next(&post).await {}
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    });
    let mut samples = KINDS.map(|(kind, _)| (kind, Vec::new()));
    let mut afterwards = samples.clone();
    let mut before = None;
    for (round, order) in (0..ROUNDS).zip(ORDERS.iter().cycle()) {
        for index in order {
            let (Some((_, name)), Some((_, sample))) = (KINDS.get(*index), samples.get_mut(*index)) else { continue };
            let request = PasswordRequest { email: format!("{name}@example.org"), reset_url: None };
            let context = context(round);
            let (took, outcome) = timed(service.account().request_reset(&request, &context)).await;
            outcome.expect("is taken");
            sample.push(took);
            if let Some((_, sample)) = before.replace(*index).and_then(|before| afterwards.get_mut(before)) {
                sample.push(took);
            }
        }
    }
    over.store(true, Ordering::Relaxed);
    delivery.await.expect("ends");
    let sent = std::fs::read_dir(folder.join("outbox")).map_or(0, Iterator::count);
    assert_eq!(u32::try_from(sent).unwrap_or_default(), ROUNDS, "the known one alone gets mails");
    report("a mail is asked for by", samples.into());
    report("asked by anybody after", afterwards.into());
    let service = Arc::into_inner(service).expect("has no other owner");
    World { service, store, folder }.end().await;
}
