//! Who calls: every way in which a token can be wrong.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
use reqwest::Method;
use serde_json::{Value, json};
use tilisy_sandbox::Sandbox;
use tilisy_sandbox::chrono::TimeDelta;

use crate::{Caller, signed, signed_in};

/// The value with a key set, or taken out where it is set to null.
fn with(value: &Value, key: &str, to: Value) -> Value {
    let mut value = value.clone();
    match to {
        Value::Null => drop(value.as_object_mut().unwrap().remove(key)),
        to => value[key] = to,
    }
    value
}

#[tokio::test]
async fn every_wrong_token_is_refused_in_the_documented_form() {
    let caller = Caller::new().await;
    let (header, claims) = (caller.header(), caller.claims());
    let now = caller.clock.now().timestamp();
    let mut tokens = Vec::new();
    for (key, value) in [
        ("alg", Value::Null),
        ("alg", json!("RS512")),
        ("alg", json!("PS256")),
        ("typ", Value::Null),
        ("typ", json!("at+jwt")),
        ("kid", Value::Null),
        ("kid", json!("none")),
        ("kid", json!("497f6eca-6276-4993-bfeb-53cbbbba6f08")),
        ("crit", json!(["exp"])),
    ] {
        tokens.push((format!("{key} {value}"), caller.signed(&with(&header, key, value), &claims)));
    }
    for (key, value) in [
        ("iss", Value::Null),
        ("iss", json!("tilisy.com")),
        ("aud", Value::Null),
        ("aud", json!("api.example.org")),
        ("iat", Value::Null),
        ("iat", json!("soon")),
        ("iat", json!(now + 60)),
        ("exp", Value::Null),
        ("exp", json!(now)),
        ("exp", json!(now - 3600)),
        ("exp", json!(now + 86_401)),
        ("exp", json!(i64::MAX)),
        ("iat", json!(i64::MIN)),
    ] {
        tokens.push((format!("{key} {value}"), caller.signed(&header, &with(&claims, key, value))));
    }
    let encoded = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let unsigned = format!("{}.{}.", encoded(&with(&header, "alg", json!("none"))), encoded(&claims));
    tokens.push(("none".to_owned(), unsigned));
    // Signed with what everybody knows, in the hope that it is taken for a secret.
    let message = format!("{}.{}", encoded(&with(&header, "alg", json!("HS256"))), encoded(&claims));
    let tag =
        hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, caller.sandbox.private_key_pem().as_bytes()), message.as_bytes());
    tokens.push(("HS256".to_owned(), format!("{message}.{}", URL_SAFE_NO_PAD.encode(tag))));
    let other = Sandbox::builder().fresh_key().start().await.unwrap();
    tokens.push(("another key".to_owned(), signed(other.private_key_pem(), &header, &claims)));
    let good = caller.token();
    let changed = format!(
        "{}.{}.{}",
        encoded(&header),
        encoded(&with(&claims, "sub", json!("x"))),
        good.rsplit('.').next().unwrap()
    );
    tokens.push(("changed claims".to_owned(), changed));
    for text in ["", "a", "a.b", "a.b.c", "a.b.c.d", "{}.{}.", "....", &good[..good.len() - 8]] {
        tokens.push((format!("text {text}"), text.to_owned()));
    }
    for (what, token) in tokens {
        let answer = caller.send_bare(caller.request(Method::GET, "/application").bearer_auth(&token)).await;
        assert_eq!(answer.refusal(), (401, "UNAUTHORIZED_ACCESS"), "{what}");
        assert_eq!(answer.body["code"], 401);
        assert!(token.len() < 20 || !answer.body["message"].as_str().unwrap().contains(&token), "{what}");
    }
    let bare = caller.send_bare(caller.request(Method::GET, "/application")).await;
    assert_eq!(bare.refusal(), (401, "UNAUTHORIZED_ACCESS"));
    let basic = caller.send_bare(caller.request(Method::GET, "/application").basic_auth("a", Some("b"))).await;
    assert_eq!(basic.refusal(), (401, "UNAUTHORIZED_ACCESS"));
}

#[tokio::test]
async fn padding_is_accepted_and_signed_as_it_was_sent() {
    let caller = Caller::new().await;
    let (header, claims) = (caller.header(), with(&caller.claims(), "sub", json!("x")));
    let padded = signed_in(&URL_SAFE, caller.sandbox.private_key_pem(), &header, &claims);
    assert!(padded.contains('='), "{padded}");
    let call = |token: String| caller.send_bare(caller.request(Method::GET, "/application").bearer_auth(token));
    assert_eq!(call(padded.clone()).await.status, 200);
    // Removing the padding changes what was signed.
    let (parts, signature) = padded.rsplit_once('.').unwrap();
    assert_eq!(call(format!("{}.{signature}", parts.replace('=', ""))).await.refusal(), (401, "UNAUTHORIZED_ACCESS"));
}

#[tokio::test]
async fn both_audiences_the_longest_life_and_a_fast_clock_are_taken() {
    let caller = Caller::new().await;
    let now = caller.clock.now().timestamp();
    for claims in [
        caller.claims(),
        with(&caller.claims(), "aud", json!("api.enablebanking.com")),
        with(&with(&caller.claims(), "iat", json!(now)), "exp", json!(now + 86_400)),
        with(&caller.claims(), "iat", json!(now + 5)),
    ] {
        let token = caller.signed(&caller.header(), &claims);
        let answer = caller.send_bare(caller.request(Method::GET, "/application").bearer_auth(token)).await;
        assert_eq!(answer.status, 200, "{claims}: {:?}", answer.body);
    }
}

#[tokio::test]
async fn a_registered_application_calls_with_its_own_key() {
    let caller = Caller::new().await;
    let certificate = include_str!("../../../enablebanking-core/tests/keys/certificate.pem");
    let body = json!({ "name": "Mine", "certificate": certificate, "environment": "SANDBOX",
                       "redirect_urls": ["http://localhost:9/back"] });
    let register = |body: Value| {
        let request = caller.request(Method::POST, "/api/applications").json(&body);
        caller.send_bare(request.bearer_auth(caller.sandbox.registration_token()))
    };
    let id = register(body.clone()).await.ok()["app_id"].clone();
    let key = include_str!("../../../enablebanking-core/tests/keys/rsa2048.pkcs8.pem");
    let call = |id: Value, key: &str| {
        let token = signed(key, &with(&caller.header(), "kid", id), &caller.claims());
        caller.send_bare(caller.request(Method::GET, "/application").bearer_auth(token))
    };
    let own = call(id.clone(), key).await.ok();
    assert_eq!((&own["kid"], &own["name"], &own["redirect_urls"]), (&id, &json!("Mine"), &body["redirect_urls"]));
    assert_eq!(call(id, caller.sandbox.private_key_pem()).await.status, 401);

    let public = include_str!("../../../enablebanking-core/tests/keys/public.pem");
    register(with(&body, "certificate", json!(public))).await.ok();
    let production =
        with(&with(&body, "environment", json!("PRODUCTION")), "redirect_urls", json!(["https://a.example"]));
    let waiting = register(production.clone()).await.ok()["app_id"].clone();
    assert_eq!(call(waiting, key).await.refusal(), (403, "UNAUTHORIZED_ACCESS"));

    let private = json!(key);
    let elliptic = json!(include_str!("../../../enablebanking-core/tests/keys/ec.pkcs8.pem"));
    for (what, body) in [
        ("no name", with(&body, "name", Value::Null)),
        ("no certificate", with(&body, "certificate", Value::Null)),
        ("private key", with(&body, "certificate", private)),
        ("other key", with(&body, "certificate", elliptic)),
        ("text", with(&body, "certificate", json!("hello"))),
        ("environment", with(&body, "environment", json!("MOON"))),
        ("no address", with(&body, "redirect_urls", json!([]))),
        ("bad address", with(&body, "redirect_urls", json!(["javascript:alert(1)"]))),
        ("plain address", with(&production, "redirect_urls", json!(["http://a.example"]))),
    ] {
        assert_eq!(register(body).await.refusal().0, 422, "{what}");
    }
    let stranger = caller.request(Method::POST, "/api/applications").json(&body).bearer_auth(caller.token());
    assert_eq!(caller.send_bare(stranger).await.refusal().0, 401);
}

#[tokio::test]
async fn a_token_that_was_accepted_before_is_refused_once_it_has_expired_or_its_application_is_gone() {
    let caller = Caller::current().await;
    let (id, key) = caller.register("Mine").await;
    let token = caller.token_of(&id, &key);
    let call = |token: String| caller.send_bare(caller.request(Method::GET, "/application").bearer_auth(token));
    for _ in 0..2 {
        call(token.clone()).await.ok();
    }
    // Another signature under the same text is another token.
    let (message, signature) = token.rsplit_once('.').unwrap();
    let first = if signature.starts_with('A') { 'B' } else { 'A' };
    assert_eq!(call(format!("{message}.{first}{}", &signature[1..])).await.refusal().0, 401);
    caller.clock.advance(TimeDelta::seconds(3600));
    assert_eq!(call(token).await.refusal(), (401, "UNAUTHORIZED_ACCESS"));
    let fresh = caller.token_of(&id, &key);
    call(fresh.clone()).await.ok();
    let delete = caller.request(Method::DELETE, &format!("/api/applications/{id}"));
    delete.bearer_auth(caller.sandbox.registration_token()).send().await.unwrap();
    assert_eq!(call(fresh).await.refusal(), (401, "UNAUTHORIZED_ACCESS"));
}
