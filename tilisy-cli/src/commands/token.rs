//! `tilisy token`: prints or decodes a token.

use std::io::{IsTerminal as _, Read as _, stdin};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use clap::Args;
use enablebanking_client::chrono::DateTime;
use serde_json::{Value, json};

use crate::environment::Environment;
use crate::failure::{Exit, Failure};
use crate::options::Global;
use crate::output::{Format, odd, show, to_stdout};

/// Print a token for the API, or decode one.
///
/// For example: `curl -H "Authorization: Bearer $(tilisy token)" https://api.enablebanking.com/application`
///
/// Until it expires, anyone with the token can read the accounts of the application's consents: do not store it.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// The lifetime of the token, in seconds: at most 86400.
    #[arg(long, value_name = "SECONDS", default_value_t = 3600, value_parser = clap::value_parser!(u32).range(1..=86_400))]
    ttl: u32,
    /// Show the header and the claims of the token on stdin instead. The signature is not verified.
    #[arg(long, conflicts_with = "ttl")]
    decode: bool,
}

pub(crate) async fn run(global: &Global, arguments: Arguments) -> Result<(), Failure> {
    if arguments.decode {
        return show(Format::Json, decode(&given()?)?.as_bytes());
    }
    let environment = Environment::open(global).await?;
    let credentials = environment.credentials()?.with_ttl(Duration::from_secs(arguments.ttl.into()))?;
    let token = credentials.token(&environment.host()?)?;
    to_stdout(format!("{}\n", token.expose()).as_bytes())
}

fn given() -> Result<String, Failure> {
    if stdin().is_terminal() {
        let asked = rpassword::prompt_password("Token (it is not shown): ");
        return asked.map_err(|error| Failure::new(Exit::Setup, "the token cannot be read").because(error));
    }
    let mut text = String::new();
    let read = stdin().take(1 << 16).read_to_string(&mut text);
    read.map_err(|_| no_token("stdin does not contain text"))?;
    Ok(text)
}

fn no_token(text: &str) -> Failure {
    Failure::new(Exit::Usage, text).hint("a token (JWS, compact form) has three parts, separated by dots")
}

/// Returns the header and the claims of a token as JSON. The signature is left out.
fn decode(text: &str) -> Result<String, Failure> {
    let text = text.trim();
    let text = text.strip_prefix("Bearer ").unwrap_or(text).trim();
    let parts: Vec<_> = text.split('.').collect();
    let [header, claims, signature] = &*parts else {
        return Err(no_token(&format!("expected three parts separated by dots, found {}", parts.len())));
    };
    let (header, claims) = (part(header, "header")?, part(claims, "claims")?);
    if signature.is_empty() {
        return Err(no_token("the token has no signature"));
    }
    let time = |name: &str| {
        let time = claims.get(name).and_then(Value::as_i64).and_then(|seconds| DateTime::from_timestamp(seconds, 0));
        time.map(|time| time.to_rfc3339())
    };
    let shown = json!({ "header": header, "claims": claims, "issued": time("iat"), "expires": time("exp") });
    Ok(format!("{}\n", serde_json::to_string_pretty(&shown).map_err(odd)?))
}

fn part(text: &str, name: &str) -> Result<Value, Failure> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok();
    let value = bytes.and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
    value.filter(Value::is_object).ok_or_else(|| no_token(&format!("the {name} of the token cannot be read")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_decoded_without_their_signature() {
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        let token = format!("{}.{}.hunter2", part(r#"{"alg":"RS256"}"#), part(r#"{"iat":0,"exp":86400}"#));
        let shown = decode(&format!(" Bearer {token}\n")).unwrap_or_default();
        assert!(shown.contains("1970-01-02T00:00:00+00:00") && shown.contains("RS256"), "{shown}");
        assert!(!shown.contains("hunter2"));
    }

    #[test]
    fn text_that_is_not_a_token_is_refused_without_being_shown() {
        for text in ["", "hunter2", "a.b", "a.b.c", "e30.e30.", "e30.W10.x", "e30.e30.x.y"] {
            let refused = decode(text).err().map(|failure| failure.text().to_owned());
            assert!(refused.is_some_and(|text| !text.contains("hunter2")), "{text}");
        }
        // `iat` and `exp` are optional.
        assert!(decode("e30.e30.x").is_ok());
        // Beyond the range of dates.
        let far = URL_SAFE_NO_PAD.encode(r#"{"exp":9223372036854775807}"#);
        assert!(decode(&format!("e30.{far}.x")).is_ok());
    }
}
