//! Does the response time of a sign-in reveal why it was refused? `cargo bench -p doorstep-server`.

#![expect(clippy::expect_used, reason = "a benchmark fails by panicking")]
#![expect(clippy::print_stdout, reason = "a benchmark speaks to a terminal")]
#![expect(clippy::disallowed_methods, reason = "a benchmark measures time")]

mod timing;

use doorstep_contract::secret::Secret;
use doorstep_server::service::sign_in::{Credentials, Purpose};

use self::timing::{PASSWORD, ROUNDS, World, context, report, timed};

const KINDS: [(&str, &str, &str); 4] = [
    ("wrong password", "known", "wrong"),
    ("unknown user", "nobody", "wrong"),
    ("suspended, right password", "suspended", PASSWORD),
    ("without a password", "sso", "wrong"),
];

#[tokio::main]
async fn main() {
    let world = World::make("sign-in").await;
    let mut samples = KINDS.map(|(kind, ..)| (kind, Vec::new()));
    for round in 0..ROUNDS {
        for ((_, name, password), (_, sample)) in KINDS.iter().zip(&mut samples) {
            let credentials = Credentials {
                name: (*name).to_owned(),
                password: Secret::new(*password),
                code: None,
                trust: false,
                purpose: Purpose::Browser,
            };
            let context = context(round);
            let (took, outcome) = timed(world.service.sign_in().with_password(&credentials, &context)).await;
            sample.push(took);
            assert!(outcome.is_err(), "{name} was signed in");
        }
    }
    report("refused because of", samples.into());
    world.end().await;
}
