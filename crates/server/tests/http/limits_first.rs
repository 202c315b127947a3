//! Limits are checked before the work that they protect, on all surfaces: a refused request hashes nothing, writes
//! nothing and contacts no provider.
//!
//! The table of routes states the limits of each endpoint; each combination is tried.

use axum::http::Method;
use doorstep_contract::paths::DEVICE_MOUNTS;
use doorstep_server::{
    domain::quota::Quota,
    http::routes::Limit::{self, SignIn, Times},
    idp::{Providers, Settings},
};
use serde_json::json;

use crate::{
    device::{came_back_from_provider, program, token},
    provider::Idp,
    support::{Authenticator, PASSWORD, RequestBuilder, Server, credentials, get, post, second_step, statements_of},
    tokens::Tokens,
};

/// The address of the wrong passwords.
const ADDRESS: &str = "192.0.2.1";
/// A user code of no device.
const CODE: &str = "BCDF-GHJK";
/// Exceeding the limit on mails is silent: the request succeeds.
const SILENT: [Quota; 2] = [Quota::PasswordRequestAccount, Quota::NewBrowserMail];

/// A server, and users with all kinds of credentials. No browser is known, since known ones have their own limit.
struct World {
    server: Server,
    idp: Idp,
    /// Ada's session and access token.
    ada: (String, String),
    /// Those of Bob, who has an authenticator, and the challenge of his second step.
    bob: (String, String),
    authenticator: Authenticator,
    challenge: String,
    /// A device token.
    device: String,
    /// The cookie, the CSRF token and the user code of an SSO user without an account.
    grant: (String, String, String),
    /// The cookie and the query of an SSO callback.
    back: (String, String),
}

fn session_of(cookie: &str) -> String {
    cookie.split("; ").find(|pair| pair.contains("session=")).expect("exists").to_owned()
}

impl World {
    async fn open() -> Self {
        let idp = Idp::start().await;
        let server = Server::start_with(|builder| builder.providers = providers(&idp)).await;
        let (admin, _) = server.sign_in_with_new_password().await;
        let device = token(&server, &admin).await;
        let grant = came_back_from_provider(&server, &idp).await;
        let authenticator = server.add_with_totp("bob").await;
        let challenge = server.challenge("bob").await;
        let login = json!({ "email": "bob@example.org", "password": PASSWORD, "otp": authenticator.code(&server) });
        let bob = Tokens::of(&server.send(program("/auth/login", &login)).await).access;
        let bob = (session_of(&authenticator.cookie), bob);
        let ada = (session_of(&server.sign_in_member("ada").await), server.tokens("ada").await.access);
        server.service.sign_in().make_login_token(Some("ada")).await.expect("is created");
        let out = server.send(get("/auth/login/okta")).await;
        let back = (out.cookie(), idp.agree(out.headers["location"].to_str().expect("is ASCII")));
        Self { server, idp, ada, bob, authenticator, challenge, device, grant, back }
    }

    /// Allows this only once from now on, and everything else any number of times.
    async fn limited(self, limit: Limit) -> Self {
        let Self { server, idp, .. } = self;
        let server = server.restart_with(|builder| {
            builder.providers = providers(&idp);
            for quota in Quota::ALL {
                builder.policy.quotas.set(quota, if limit == Times(quota) { 1 } else { 1000 });
            }
        });
        let server = server.await;
        if limit == SignIn {
            for number in 0..5 {
                let wrong = json!({ "username": format!("user{number}"), "password": "wrong" });
                let sent = post("/api/auth/login").json(&wrong).from(ADDRESS);
                server.send(sent).await.assert_error(401, "invalid_credentials");
            }
        }
        Self { server, idp, ..self }
    }
}

fn providers(idp: &Idp) -> Providers {
    let settings = Settings { device_external: true, ..idp.openid() };
    Providers::new(vec![settings]).expect("the system has certificates")
}

/// A request that is subject to a limit.
type Example = Box<dyn Fn(&World) -> RequestBuilder>;

/// For each limit of each endpoint, a request that is subject to it.
#[derive(Default)]
struct Examples(Vec<(Limit, Example)>);

impl Examples {
    fn all() -> Self {
        let mut examples = Self::default();
        examples.add_dashboard();
        examples.add_tokens();
        examples.add_navigations();
        examples.add_device();
        examples
    }

    fn add(&mut self, limit: Limit, request: impl Fn(&World) -> RequestBuilder + 'static) {
        self.0.push((limit, Box::new(request)));
    }

    fn add_dashboard(&mut self) {
        let temporary = json!({ "login_type": "temporary_token", "temporary_token": "x".repeat(43) });
        let confirmed = json!({ "secret": "A".repeat(32), "code": "123456" });
        for (limit, path, body) in [
            (SignIn, "/api/auth/login", credentials("ada", PASSWORD)),
            (Times(Quota::TemporaryToken), "/api/auth/login", temporary),
            (SignIn, "/api/auth/reauth", json!({ "password": PASSWORD })),
            (SignIn, "/api/auth/account/edit", json!({ "password": PASSWORD, "new_name": "Ada" })),
            (SignIn, "/api/auth/totp/setup", json!({ "password": PASSWORD })),
            (SignIn, "/api/auth/totp/setup", confirmed),
            (Times(Quota::SsoStart), "/api/auth/identities", json!({ "provider": "okta" })),
        ] {
            self.add(limit, move |world| post(path).cookie(&world.ada.0).json(&body));
        }
        self.add(SignIn, |world| {
            post("/api/auth/login").json(&second_step(&world.challenge, &world.authenticator.code(&world.server)))
        });
        for path in ["/api/auth/reauth", "/api/auth/totp/disable"] {
            self.add(SignIn, move |world| post(path).cookie(&world.bob.0).json(&json!({ "code": "123456" })));
        }
    }

    /// REST paths of the token surface also have GraphQL fields.
    fn add_tokens(&mut self) {
        let login = json!({ "email": "ada@example.org", "password": PASSWORD });
        let reset = json!({ "token": "x".repeat(43), "password": "seven clouds over" });
        for (limit, path, body, selection) in [
            (SignIn, "/auth/login", &login, "{ access_token }"),
            (Times(Quota::Refresh), "/auth/refresh", &json!({ "refresh_token": "x".repeat(64) }), "{ access_token }"),
            (Times(Quota::PasswordRequest), "/auth/password/request", &json!({ "email": "ada@example.org" }), ""),
            (Times(Quota::PasswordReset), "/auth/password/reset", &reset, ""),
            (SignIn, "/users/me/tfa/generate", &json!({ "password": PASSWORD }), "{ secret }"),
            (SignIn, "/users/me/tfa/enable", &json!({ "secret": "A".repeat(32), "otp": "123456" }), ""),
            (SignIn, "/users/me/tfa/disable", &json!({ "otp": "123456" }), ""),
        ] {
            let arguments = body.as_object().expect("is valid").iter().map(|(name, value)| format!("{name}: {value}"));
            let arguments = arguments.collect::<Vec<_>>().join(", ");
            let field = path.trim_start_matches('/').replace('/', "_");
            let query = format!("mutation {{ {field}({arguments}) {selection} }}");
            let has_totp = path.ends_with("disable");
            for (path, body) in [(path, body.clone()), ("/graphql/system", json!({ "query": query }))] {
                self.add(limit, move |world| {
                    let token = if has_totp { &world.bob.1 } else { &world.ada.1 };
                    program(path, &body).header("authorization", &format!("Bearer {token}"))
                });
            }
        }
        self.add(SignIn, move |_| program("/auth/login/default", &login));
    }

    fn add_navigations(&mut self) {
        self.add(Times(Quota::SsoStart), |_| get("/auth/login/okta"));
        self.add(Times(Quota::SsoStart), |world| post("/auth/login/okta?link=1").cookie(&world.ada.0));
        self.add(Times(Quota::SsoCallback), |World { back: (cookie, query), .. }| {
            get(&format!("/auth/login/okta/callback?{query}")).cookie(cookie)
        });
        self.add(Times(Quota::PortalEnter), |_| get("/portal/enter/x"));
    }

    fn add_device(&mut self) {
        for (ask, path) in [
            (get as fn(&str) -> RequestBuilder, "/v1/me"),
            (get, "/openapi/v1/account"),
            (get, "/openapi/v1/workspaces"),
            (get, "/openapi/v1/workspaces/x"),
            (post, "/openapi/v1/workspaces/x:switch"),
            (post, "/openapi/v1/workspaces/x/switch"),
        ] {
            self.add(Times(Quota::Me), move |world| {
                ask(path).header("authorization", &format!("Bearer {}", world.device))
            });
        }
        let contexts = [(Quota::DeviceLookup, "/console/api/oauth/device/context".to_owned())];
        let lookups = DEVICE_MOUNTS.map(|mount| (Quota::DeviceLookup, format!("{mount}/lookup")));
        let initiates = DEVICE_MOUNTS.map(|mount| (Quota::DeviceSsoInitiate, format!("{mount}/sso-initiate")));
        for (quota, path) in contexts.into_iter().chain(lookups).chain(initiates) {
            for quota in [quota, Quota::WrongUserCodes] {
                let path = format!("{path}?user_code={CODE}&provider=okta");
                self.add(Times(quota), move |world| get(&path).cookie(&world.ada.0));
            }
        }
        for mount in DEVICE_MOUNTS.into_iter().chain(["/console/api/oauth/device"]) {
            for path in ["approve", "deny"].map(|decision| format!("{mount}/{decision}")) {
                for quota in [Quota::DeviceApprove, Quota::WrongUserCodes] {
                    let (path, body) = (path.clone(), json!({ "user_code": CODE }));
                    self.add(Times(quota), move |world| post(&path).cookie(&world.ada.0).json(&body));
                }
            }
        }
        for mount in DEVICE_MOUNTS {
            let asked = json!({ "client_id": "difyctl" });
            self.add(Times(Quota::DeviceCode), move |_| program(&format!("{mount}/code"), &asked));
            for path in ["approve", "deny"].map(|decision| format!("{mount}/{decision}-external")) {
                self.add(
                    Times(Quota::DeviceApproveExternal),
                    move |World { grant: (cookie, csrf_token, code), .. }| {
                        post(&path)
                            .cookie(cookie)
                            .header("x-csrf-token", csrf_token)
                            .json(&json!({ "user_code": code }))
                    },
                );
            }
        }
    }
}

#[tokio::test]
async fn a_limited_request_hashes_nothing_writes_nothing_and_contacts_no_provider() {
    let quotas = Quota::ALL.into_iter().filter(|quota| !SILENT.contains(quota)).map(Times);
    let mut tried: Vec<(Method, String, Limit)> = Vec::new();
    let mut world = World::open().await;
    for limit in quotas.chain([SignIn]) {
        world = Box::pin(world.limited(limit)).await;
        let server = &world.server;
        for (number, (_, request)) in Examples::all().0.iter().filter(|(of, _)| *of == limit).enumerate() {
            // The first time is allowed. Limits by address use an address for each case.
            let address = if limit == SignIn { ADDRESS.to_owned() } else { format!("198.51.100.{number}") };
            let request = || request(&world).from(&address);
            let sent = request();
            let endpoint = server.endpoint(sent.method(), sent.path()).expect("is valid").clone();
            server.send(sent).await;
            let before = (server.service.passwords().checked(), world.idp.exchanges(), world.idp.discoveries());
            let (answer, asked) = statements_of(server.send(request())).await;
            let what = format!("{limit:?} {} {} {}", endpoint.method, endpoint.path, answer.text);
            // GraphQL has its errors in the body.
            assert!(answer.status == 429 || answer.text.contains("REQUESTS_EXCEEDED"), "{}: {what}", answer.status);
            assert!(answer.headers.contains_key("retry-after"), "{what}");
            let is_first = endpoint.needs.limits.first() == Some(&limit) || !endpoint.needs.limits.contains(&limit);
            let may = |statement: &String| {
                // An earlier limit may have counted.
                statement.starts_with("SELECT") || (!is_first && statement.contains("quotas"))
            };
            assert!(asked.iter().all(may), "{what}: {asked:?}");
            let after = (server.service.passwords().checked(), world.idp.exchanges(), world.idp.discoveries());
            assert_eq!(after, before, "{what}");
            tried.push((endpoint.method, endpoint.path, limit));
        }
    }
    for endpoint in world.server.endpoints() {
        for limit in endpoint.needs.limits {
            let wanted = (endpoint.method.clone(), endpoint.path.clone(), *limit);
            assert!(tried.contains(&wanted), "add an example to `Examples`: {wanted:?}");
        }
    }
}
