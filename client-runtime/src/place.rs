//! Credentials in a header, the query or a cookie.

use http::header::{COOKIE, HeaderMap, HeaderName, HeaderValue};
use url::{Url, form_urlencoded};

use crate::operation::Place;

/// Sets the value at a place, in place of all values that it had. Does not change anything if it returns an error.
pub(crate) fn set(
    place: Place,
    value: HeaderValue,
    url: &mut Url,
    headers: &mut HeaderMap,
) -> Result<(), &'static str> {
    match place {
        Place::Header(name) => {
            headers.insert(header_name(name)?, value);
        }
        Place::Query(name) => {
            let text = value.to_str().map_err(|_| "the credentials cannot be sent in a query")?;
            let kept: Vec<_> = pairs(url.query()).filter(|pair| !is_parameter(pair, name)).collect();
            let kept = kept.join("&");
            url.set_query(Some(kept.as_str()).filter(|kept| !kept.is_empty()));
            url.query_pairs_mut().append_pair(name, text);
        }
        Place::Cookie(name) => {
            let text = value.to_str().ok().filter(|text| text.bytes().all(is_cookie));
            let text = text.ok_or("the credentials contain characters that are not allowed in a cookie")?;
            set_cookie(name, text, headers).ok_or(NO_NAME)?;
        }
    }
    Ok(())
}

/// Sets a cookie, in place of the value that it had. `None` if the name or the value has characters that no header has.
pub(crate) fn set_cookie(name: &str, text: &str, headers: &mut HeaderMap) -> Option<()> {
    let old = headers.get(COOKIE).and_then(|cookies| cookies.to_str().ok()).unwrap_or_default();
    let kept = cookies(old).filter(|(other, _)| *other != name).map(|(other, text)| format!("{other}={text}"));
    let cookies: Vec<_> = kept.chain([format!("{name}={text}")]).collect();
    let mut cookies = HeaderValue::try_from(cookies.join("; ")).ok()?;
    cookies.set_sensitive(true);
    headers.insert(COOKIE, cookies);
    Some(())
}

/// Returns the value at a place.
pub(crate) fn get(place: Place, url: &Url, headers: &HeaderMap) -> Option<HeaderValue> {
    match place {
        Place::Header(name) => headers.get(name).cloned(),
        Place::Query(name) => {
            let (_, value) = url.query_pairs().find(|(other, _)| other == name)?;
            HeaderValue::from_str(&value).ok()
        }
        Place::Cookie(name) => {
            let (_, value) = cookies(headers.get(COOKIE)?.to_str().ok()?).find(|(other, _)| *other == name)?;
            HeaderValue::from_str(value).ok()
        }
    }
}

/// Checks the name of a place.
pub(crate) fn check(place: Place) -> Result<(), &'static str> {
    match place {
        Place::Header(name) | Place::Cookie(name) => header_name(name).map(drop),
        Place::Query("") => Err(NO_NAME),
        Place::Query(_) => Ok(()),
    }
}

const NO_NAME: &str = "the place for credentials has no valid name";

fn header_name(name: &str) -> Result<HeaderName, &'static str> {
    HeaderName::from_bytes(name.as_bytes()).map_err(|_| NO_NAME)
}

fn pairs(query: Option<&str>) -> impl Iterator<Item = &str> {
    query.unwrap_or_default().split('&').filter(|pair| !pair.is_empty())
}

fn is_parameter(pair: &str, name: &str) -> bool {
    form_urlencoded::parse(pair.as_bytes()).next().is_some_and(|(other, _)| other == name)
}

fn cookies(header: &str) -> impl Iterator<Item = (&str, &str)> {
    header.split("; ").filter_map(|cookie| cookie.split_once('='))
}

/// Returns whether RFC 6265 allows a byte in the value of a cookie.
fn is_cookie(byte: u8) -> bool {
    byte.is_ascii_graphic() && !br#"",;\"#.contains(&byte)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that fails panics")]
mod tests {
    use super::*;

    fn at(url: &str) -> (Url, HeaderMap) {
        (Url::parse(url).unwrap(), HeaderMap::new())
    }

    fn value(text: &str) -> HeaderValue {
        HeaderValue::from_str(text).unwrap()
    }

    #[test]
    fn a_value_replaces_the_one_at_its_place_and_no_other() {
        let (mut url, mut headers) = at("https://a.example/b?q=1+2&k%65y=old&key=older&kez=%26&flag");
        for text in ["first", "se&cond"] {
            for place in [Place::Query("key"), Place::Header("x-key"), Place::Cookie("sid")] {
                set(place, value(text), &mut url, &mut headers).unwrap();
                assert_eq!(get(place, &url, &headers).unwrap(), text, "{place:?}");
            }
        }
        set(Place::Cookie("other"), value("x=y"), &mut url, &mut headers).unwrap();
        assert_eq!(url.query(), Some("q=1+2&kez=%26&flag&key=se%26cond"));
        assert_eq!(headers[COOKIE], "sid=se&cond; other=x=y");
        assert_eq!((headers["x-key"].to_str().unwrap(), headers.len()), ("se&cond", 2));
        assert_eq!(get(Place::Cookie("other"), &url, &headers).unwrap(), "x=y");
        assert_eq!(get(Place::Query("keys"), &url, &headers), None);

        let (mut url, mut headers) = at("https://a.example/b?key=old");
        set(Place::Query("key"), value("new"), &mut url, &mut headers).unwrap();
        assert_eq!(url.as_str(), "https://a.example/b?key=new");
    }

    #[test]
    fn no_key_becomes_two_cookies() {
        let (mut url, mut headers) = at("https://a.example/");
        for text in ["a;b", "a; admin=1", "a b", "a\"b", "a\\b", "a,b"] {
            set(Place::Cookie("sid"), value(text), &mut url, &mut headers).unwrap_err();
        }
        assert!(headers.is_empty());
    }

    #[test]
    fn names_that_no_place_can_have_are_found() {
        for place in [Place::Header("a b"), Place::Header(""), Place::Cookie("a;b"), Place::Query("")] {
            check(place).unwrap_err();
        }
        check(Place::Query("a b")).unwrap();
    }
}
