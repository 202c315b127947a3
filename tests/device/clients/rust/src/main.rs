//! Signs in as a device, as in the documentation of the crate `oauth2`: `device-client SERVER LABEL`.
//!
//! Prints two lines of JSON: the codes, and after the decision the token.

use std::{
    env,
    error::Error,
    io::{self, Write as _},
    thread,
};

use oauth2::{
    ClientId, DeviceAuthorizationUrl, HttpRequest, HttpResponse, Scope, StandardDeviceAuthorizationResponse,
    TokenResponse as _, TokenUrl, VerificationUriComplete, basic::BasicClient,
};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let mut words = env::args().skip(1);
    let (server, label) = words.next().zip(words.next()).ok_or("usage: device-client SERVER LABEL")?;
    let client = BasicClient::new(ClientId::new("difyctl".to_owned()))
        .set_device_authorization_url(DeviceAuthorizationUrl::new(format!("{server}/v1/oauth/device/code"))?)
        .set_token_uri(TokenUrl::new(format!("{server}/oauth/token"))?);
    let codes: StandardDeviceAuthorizationResponse = client
        .exchange_device_code()
        .add_scope(Scope::new("full".to_owned()))
        .add_extra_param("device_label", label)
        .request(&send)?;
    let link = codes.verification_uri_complete().map(VerificationUriComplete::secret);
    print(&json!({ "user_code": codes.user_code().secret(), "verification_uri_complete": link }))?;
    let token = client.exchange_device_access_token(&codes).request(&send, thread::sleep, None)?;
    print(&json!({ "access_token": token.access_token().secret(), "scope": token.scopes() }))?;
    Ok(())
}

/// The HTTP client for the library.
fn send(request: HttpRequest) -> Result<HttpResponse, ureq::Error> {
    let config = ureq::Agent::config_builder().proxy(None).max_redirects(0).http_status_as_error(false).build();
    let (head, mut body) = ureq::Agent::from(config).run(request)?.into_parts();
    Ok(HttpResponse::from_parts(head, body.read_to_vec()?))
}

fn print(line: &Value) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}
