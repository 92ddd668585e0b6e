//! The sign-in by a link in a mail, as the vendor's own command uses it. These calls were observed; they are not documented.

use serde_json::{Value, json};

use crate::logins::{TOKEN_LIFE, Tokens};
use crate::operations::text;
use crate::page::can_be_location;
use crate::refusal::Refusal;
use crate::service::Service;

/// `POST /api/relyingparty/getOobConfirmationCode`: sends a mail with a link to `continueUrl`, which gets an `oobCode`.
pub(super) fn send_link(service: &Service, body: &Value) -> Result<Value, Refusal> {
    if text(body, "requestType")? != "EMAIL_SIGNIN" {
        return Err(Refusal::parameters("`requestType` must be EMAIL_SIGNIN"));
    }
    let email = text(body, "email")?;
    let is_address = email.split_once('@').is_some_and(|(user, host)| !user.is_empty() && !host.is_empty());
    if !is_address || email.len() > 254 || email.contains(char::is_whitespace) {
        return Err(Refusal::parameters("`email` must be an e-mail address"));
    }
    let address = text(body, "continueUrl")?;
    let is_web = address.starts_with("http://") || address.starts_with("https://");
    if !is_web || !can_be_location(address) || address.contains('#') {
        return Err(Refusal::parameters("`continueUrl` must be an http or https address"));
    }
    if body.get("canHandleCodeInApp") != Some(&json!(true)) {
        return Err(Refusal::parameters("`canHandleCodeInApp` must be true"));
    }
    let sent = service.logins.mail(email, address, service.world.clock.now());
    sent.map(|()| json!({ "email": email })).ok_or_else(no_random_numbers)
}

/// `POST /api/relyingparty/emailLinkSignin`: signs in with the code of a mail.
pub(super) fn sign_in(service: &Service, body: &Value) -> Result<Value, Refusal> {
    let (email, code) = (text(body, "email")?, text(body, "oobCode")?);
    let tokens = service.logins.sign_in(email, code, service.world.clock.now());
    let Tokens { id, refresh } = tokens
        .ok_or_else(|| Refusal::uncoded(400, "the code is unknown, was used before, or is older than an hour"))?;
    Ok(json!({ "idToken": id, "refreshToken": refresh, "expiresIn": TOKEN_LIFE.num_seconds().to_string() }))
}

/// `POST /api/token`, a form: renews an id token.
pub(super) fn renew(service: &Service, form: &[u8]) -> Result<Value, Refusal> {
    let field = |name: &str| {
        let mut fields = form_urlencoded::parse(form);
        fields.find(|(other, _)| other == name).map(|(_, value)| value.into_owned())
    };
    if field("grant_type").as_deref() != Some("refresh_token") {
        return Err(Refusal::uncoded(400, "`grant_type` must be refresh_token"));
    }
    let token = field("refresh_token").unwrap_or_default();
    let tokens = service.logins.refresh(&token, service.world.clock.now());
    let Tokens { id, refresh } = tokens.ok_or_else(|| Refusal::uncoded(400, "the refresh token is unknown"))?;
    Ok(json!({ "id_token": id, "refresh_token": refresh, "expires_in": TOKEN_LIFE.num_seconds().to_string() }))
}

fn no_random_numbers() -> Refusal {
    Refusal::uncoded(500, "the system has no random numbers for a code")
}
