//! Bodies of requests, by the way in which they are written.

use bytes::Bytes;
use http::header::{ACCEPT, HeaderValue};
use serde::Serialize;

use super::Request;
use super::form::Form;
use super::multipart::{Files, Multipart};
use super::parameter::Parameter;
use crate::encode::{AsNumber, Encode, EncodeNumber, Encoded};
use crate::extra::Extra;

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

const BAD_MEDIA_TYPE: &str = "the media type of the body contains characters that are not allowed in a header";

/// The body in the making, in one of the ways to write it.
#[derive(Default)]
pub(super) struct RequestBody {
    /// The media type, if it is not the usual one.
    content_type: Option<&'static str>,
    /// A complete body, with its usual media type.
    whole: Option<(&'static str, Bytes)>,
    form: Option<Form>,
    multipart: Option<Multipart>,
}

impl RequestBody {
    /// Returns the value of `Content-Type` and the bytes that are sent. `None` for a request without a body.
    pub(super) fn finish(self) -> Result<Option<(HeaderValue, Bytes)>, String> {
        if let Some(multipart) = self.multipart {
            let (content_type, bytes) = multipart.finish();
            let content_type = HeaderValue::try_from(content_type).map_err(|_| BAD_MEDIA_TYPE)?;
            return Ok(Some((content_type, bytes)));
        }
        let form = self.form.map(|form| (FORM, form.into_bytes().into()));
        let Some((usual, bytes)) = form.or(self.whole) else { return Ok(None) };
        let content_type = HeaderValue::from_str(self.content_type.unwrap_or(usual)).map_err(|_| BAD_MEDIA_TYPE)?;
        Ok(Some((content_type, bytes)))
    }
}

impl Request {
    /// Sets a JSON body.
    pub fn json(&mut self, body: &(impl Encode + ?Sized)) {
        self.written(serde_json::to_vec(&Encoded(body)));
    }

    /// Sets a JSON body of decimals, which are written as numbers.
    pub fn json_number(&mut self, body: &(impl EncodeNumber + ?Sized)) {
        self.written(serde_json::to_vec(&AsNumber(body)));
    }

    /// Sets a body that is plain text.
    pub fn text(&mut self, media_type: &'static str, body: &str) {
        self.bytes(media_type, body.as_bytes());
    }

    /// Sets a body that is sent as it is.
    pub fn bytes(&mut self, media_type: &'static str, body: &[u8]) {
        self.body.whole = Some((media_type, Bytes::copy_from_slice(body)));
    }

    /// Adds a property of a form body (`application/x-www-form-urlencoded`); a list adds a pair for each element, and `None`
    /// adds none.
    pub fn form(&mut self, name: &'static str, value: &impl Parameter) {
        let result = self.body.form.get_or_insert_default().value(name, value);
        self.check(name, result);
    }

    /// Adds the properties of a form body that the API description does not list. Call it for every form: one without any
    /// property is a body too.
    pub fn form_extra(&mut self, extra: &Extra) {
        if let Err(problem) = self.body.form.get_or_insert_default().extra(extra) {
            self.refuse(problem.to_owned());
        }
    }

    /// Adds one pair to a form body for all elements of a list, with `separator` between them. An empty list adds none.
    pub fn form_joined(&mut self, name: &'static str, separator: &str, value: &impl Parameter) {
        let result = self.body.form.get_or_insert_default().joined(name, separator, value);
        self.check(name, result);
    }

    /// Adds a pair with the JSON of an object or a list to a form body. `null` adds none.
    pub fn form_json(&mut self, name: &'static str, value: &impl Serialize) {
        self.form_value(name, value, |form, json| form.value_as_json(name, json));
    }

    /// Adds a pair to a form body for each member of an object, under the member's name.
    pub fn form_spread(&mut self, name: &'static str, value: &impl Serialize) {
        self.form_value(name, value, Form::spread);
    }

    /// Adds a pair to a form body for each scalar in an object or a list, under the way to it: `a[b]=c`.
    pub fn form_deep(&mut self, name: &'static str, value: &impl Serialize) {
        self.form_value(name, value, |form, json| form.deep(name, json));
    }

    fn form_value(
        &mut self,
        name: &'static str,
        value: &impl Serialize,
        add: impl FnOnce(&mut Form, &str) -> Result<(), &'static str>,
    ) {
        let form = self.body.form.get_or_insert_default();
        // The message of serde_json may quote a value.
        let added = match serde_json::to_string(value) {
            Ok(json) => add(form, &json).map_err(str::to_owned),
            Err(_) => Err(format!("`{name}` cannot be written as JSON")),
        };
        if let Err(problem) = added {
            self.refuse(problem);
        }
    }

    /// Makes the body one of several parts (`multipart/form-data`), of which it has none yet.
    pub fn multipart(&mut self) {
        self.body.multipart.get_or_insert_default();
    }

    /// Adds a part of plain text; a list adds a part for each element, and `None` adds none.
    pub fn part(&mut self, name: &'static str, content_type: Option<&'static str>, value: &impl Parameter) {
        let result = self.body.multipart.get_or_insert_default().text(name, content_type, value);
        self.check(name, result);
    }

    /// Adds a part that is JSON.
    pub fn json_part(&mut self, name: &'static str, content_type: &'static str, value: &impl Serialize) {
        match serde_json::to_vec(value) {
            Ok(bytes) => self.body.multipart.get_or_insert_default().written(name, content_type, bytes),
            // The message of serde_json may quote a value.
            Err(_) => self.refuse(format!("`{name}` cannot be written as JSON")),
        }
    }

    /// Adds a part for each file. One without a media type of its own has this one.
    pub fn file(&mut self, name: &'static str, content_type: &'static str, files: &impl Files) {
        let mut problem = None;
        let multipart = self.body.multipart.get_or_insert_default();
        files.each(&mut |file| {
            if let Err(reason) = multipart.file(name, content_type, file) {
                problem.get_or_insert(reason);
            }
        });
        if let Some(problem) = problem {
            self.refuse(problem);
        }
    }

    /// Sets the media type of a body that is not of the usual one, such as `application/problem+json`.
    pub fn content_type(&mut self, media_type: &'static str) {
        self.body.content_type = Some(media_type);
    }

    /// Asks for a JSON response.
    pub fn accept_json(&mut self) {
        self.accept(JSON);
    }

    /// Asks for a response of these media types.
    pub fn accept(&mut self, media_types: &'static str) {
        match HeaderValue::from_str(media_types) {
            Ok(value) => drop(self.headers.insert(ACCEPT, value)),
            Err(_) => {
                self.refuse(
                    "the media type of the response contains characters that are not allowed in a header".to_owned(),
                );
            }
        }
    }

    fn written(&mut self, written: serde_json::Result<Vec<u8>>) {
        match written {
            Ok(bytes) => self.body.whole = Some((JSON, bytes.into())),
            // The message of serde_json may quote a value.
            Err(_) => self.refuse("the body cannot be written as JSON".to_owned()),
        }
    }
}
