//! Cookies of sign-ins through a provider that are over, or of other programs, beside the good one.

use jiff::SignedDuration;

use crate::{
    auth::sso::{linked, linked_with_totp, location, server, through},
    provider::Idp,
    support::{Answer, get, post, second_step},
};

/// The pair of a cookie that an answer sets.
fn pair(answer: &Answer, start: &str) -> String {
    let set = answer.set_cookies().find(|set| set.starts_with(start) && !set.contains("Max-Age=0"));
    set.and_then(|set| set.split(';').next()).unwrap_or_else(|| panic!("{:?}", answer.headers)).to_owned()
}

/// Both orders of two values for a `Cookie` header.
fn orders(one: &str, other: &str) -> [String; 2] {
    [format!("{one}; {other}"), format!("{other}; {one}")]
}

#[tokio::test]
async fn a_challenge_that_is_over_hides_no_good_one() {
    let idp = Idp::start().await;
    let server = server(&idp).await;
    let app = linked_with_totp(&server, &idp, "okta").await;
    let begun = async || {
        let answer = through(&server, &idp, "okta", "", "").await;
        assert_eq!(location(&answer), "/login?reason=INVALID_OTP&redirect=%2F");
        pair(&answer, "doorstep_challenge")
    };
    // One that has been answered, and one whose time is over.
    let challenge = |cookie: &str| second_step(cookie.split('=').nth(1).expect("has a value"), &app.code(&server));
    let answered = begun().await;
    server.send(post("/api/auth/login").json(&challenge(&answered))).await.data();
    let expired = begun().await;
    server.wait(SignedDuration::from_mins(5));
    idp.set(|script| script.now = server.now());
    let good = begun().await;
    let foreign = format!("doorstep_challenge_8080=x; doorstep_challenge_8080={:A>43}", "");
    for stale in [&answered, &expired, &foreign, &[answered.as_str(), &expired, &foreign].join("; ")] {
        server.send(get("/api/auth/challenge").cookie(stale)).await.assert_error(404, "not_found");
        for line in orders(stale, &good) {
            let told = server.send(get("/api/auth/challenge").cookie(&line)).await.data();
            assert_eq!(told["challenge"], challenge(&good)["challenge"], "{line}");
        }
    }
    server.send(post("/api/auth/login").json(&challenge(&good))).await.data();
}

#[tokio::test]
async fn a_state_of_another_sign_in_under_the_same_name_hides_no_good_one() {
    let idp = Idp::start().await;
    let server = server(&idp).await;
    linked(&server, &idp, "okta").await;
    let other = pair(&server.send(get("/auth/login/okta")).await, "doorstep_sso_");
    let sealed = other.split_once('=').expect("is a pair").1;
    for number in 0..2 {
        let out = server.send(get("/auth/login/okta")).await;
        let good = pair(&out, "doorstep_sso_");
        let name = good.split_once('=').expect("is a pair").0;
        let line = &orders(&format!("{name}=x%; {name}=; {name}={sealed}; {other}"), &good)[number];
        let back = format!("/auth/login/okta/callback?{}", idp.agree(location(&out)));
        assert_eq!(location(&server.send(get(&back).cookie(line)).await), "/", "{line}");
    }
}
