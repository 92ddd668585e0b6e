//! Operations, with their parameters, bodies and responses.

use std::collections::BTreeSet;

use super::naming::Member;
use super::security::location;
use super::{Builder, text};
use crate::api::{
    Body, Content, Headers, Location, Operation, Parameter, ParameterStyle, Response, ResponseHeader, Returns, Scalar,
    Status, Success, Tag, Ty,
};
use crate::directions::Directions;
use crate::media::{self, MediaKind};
use crate::names::{self, Style};
use crate::spec::{self, NodeRef};

impl<'a> Builder<'a> {
    /// The operations, by method name.
    pub(super) fn operations(&mut self) -> Vec<Operation> {
        let all = self.view.operations().into_iter().filter(|operation| !self.omitted.has(&operation.node.pointer));
        let all: Vec<_> = all.collect();
        let mut operations: Vec<_> = all.iter().map(|operation| self.operation(operation)).collect();
        operations.sort_by(|left, right| left.name.cmp(&right.name));
        let requests: BTreeSet<_> = operations.iter().map(|operation| names::type_name(&operation.name)).collect();
        for operation in &mut operations {
            // The request of another operation may have the name already.
            let is_taken = |name: &str| requests.contains(name) || names::is_reserved_request(name);
            if let Returns::ByStatus(name) = &mut operation.returns {
                while is_taken(name) {
                    name.push_str("Body");
                }
            }
            if let Some(Headers { name, .. }) = &mut operation.headers {
                while is_taken(name) {
                    name.push_str("Fields");
                }
            }
        }
        operations
    }

    fn operation(&mut self, source: &spec::Operation<'a>) -> Operation {
        let node = &source.node;
        let name = self.naming.method(source).unwrap_or_default().to_owned();
        // The id says more about where words begin than the method's name.
        let id = node.text("operationId").filter(|id| names::method_name(id) == name);
        let prefix = names::type_name(id.unwrap_or(&name));
        let parameters = self.parameters(source, &prefix);
        let body = self.request_body(&node.get("requestBody"), &prefix);
        let responses = self.responses(&node.get("responses"), &prefix);
        let context_headers = self.used_context_headers(source);
        let security = self.security(node);
        let request_id = self.view.root().get("x-codegen");
        let request_id = request_id.text("request-id-header").unwrap_or_default();
        let mut operation = Operation {
            name,
            tag: self.tag(node),
            group: None,
            method: source.method.to_uppercase(),
            path: source.path.to_owned(),
            summary: text(node, "summary"),
            docs: text(node, "description"),
            parameters,
            body,
            responses,
            returns: Returns::Nothing,
            errors: Returns::Nothing,
            headers: None,
            request_id: context_headers.iter().find(|name| name.eq_ignore_ascii_case(request_id)).cloned(),
            context_headers,
            authorization: self.authorization(&security).or_else(|| self.listed_authorization(source)),
            security,
            single_use: node.flag("x-single-use"),
            gone: node.get("x-gone").texts().into_iter().map(str::to_owned).collect(),
            deprecated: node.flag("deprecated"),
        };
        let enum_name = format!("{}Response", names::type_name(&operation.name).trim_end_matches('_'));
        operation.returns = Returns::of(&operation.outcomes(), &enum_name);
        operation.headers = self.headers(&operation, &node.get("responses"));
        operation
    }

    /// The first tag of an operation, with its description in the list of tags.
    fn tag(&self, operation: &NodeRef<'a>) -> Option<Tag> {
        let name = operation.get("tags").item(0).as_str()?;
        let described = self.view.root().get("tags").items().find(|tag| tag.text("name") == Some(name));
        Some(Tag { name: name.to_owned(), docs: described.map(|tag| text(&tag, "description")).unwrap_or_default() })
    }

    fn is_context_header(&self, parameter: &spec::Parameter<'a>) -> bool {
        let is_named = |header: &&str| header.eq_ignore_ascii_case(parameter.name());
        parameter.location() == "header" && self.context_headers.iter().any(is_named)
    }

    /// The context headers that an operation lists, in the order of `context-headers`.
    fn used_context_headers(&self, source: &spec::Operation<'a>) -> Vec<String> {
        let listed = self.view.parameters(source);
        let is_listed = |header: &str| {
            let mut headers = listed.iter().filter(|parameter| parameter.location() == "header");
            headers.any(|parameter| parameter.name().eq_ignore_ascii_case(header))
        };
        let all = self.context_headers.iter().copied();
        all.filter(|header| is_listed(header)).map(str::to_owned).collect()
    }

    fn parameters(&mut self, source: &spec::Operation<'a>, prefix: &str) -> Vec<Parameter> {
        let listed = self.view.parameters(source).into_iter().filter_map(|parameter| {
            let location = location(parameter.location()).filter(|_| !self.is_context_header(&parameter))?;
            Some((location, parameter))
        });
        let mut listed: Vec<_> = listed.collect();
        let mut seen = BTreeSet::new();
        listed.retain(|(location, parameter)| {
            let name = parameter.name();
            let is_header = *location == Location::Header;
            let key = if is_header { name.to_ascii_lowercase() } else { name.to_owned() };
            // OpenAPI says that parameters with these names are ignored.
            let is_sent = !is_header || !names::is_reserved_header(name);
            let has_place = *location != Location::Path || source.path.contains(&format!("{{{name}}}"));
            is_sent && has_place && seen.insert((*location, key))
        });
        listed.sort_by_key(|(location, _)| *location);
        let mut parameters = Vec::new();
        let names = self.parameter_names(source, &listed);
        for ((location, parameter), name) in listed.into_iter().zip(names) {
            let (node, wire) = (&parameter.node, parameter.name());
            let (_, media_type) = node.get("content").children().next().unzip();
            let schema = media_type.as_ref().unwrap_or(node).get("schema");
            let ty = self.schema(&schema, &format!("{prefix}{}", names::type_name(wire)));
            let ty = if schema.exists() || media_type.is_some() { ty } else { Ty::Scalar(Scalar::String) };
            self.mark(&ty, Directions::REQUEST);
            self.describe_newtype(&ty, node, &format!("{prefix}{}", names::type_name(wire)));
            parameters.push(Parameter {
                name,
                wire: wire.to_owned(),
                location,
                docs: text(node, "description"),
                style: if media_type.is_some() { ParameterStyle::Json } else { style(node, location, &ty) },
                ty: if media_type.is_some() { ty } else { as_text(ty) },
                required: node.flag("required") || location == Location::Path,
                deprecated: node.flag("deprecated"),
            });
        }
        self.undeclared_parameters(source, &mut parameters);
        let place = |wire: &str| source.path.find(&format!("{{{wire}}}")).unwrap_or(usize::MAX);
        parameters.sort_by_cached_key(|parameter| match parameter.location {
            Location::Path => (Location::Path, place(&parameter.wire), String::new()),
            other => (other, 0, parameter.wire.clone()),
        });
        parameters
    }

    /// Adds the parameters in the path template that the document does not describe, as texts.
    fn undeclared_parameters(&self, source: &spec::Operation<'a>, parameters: &mut Vec<Parameter>) {
        let names = source.path.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name);
        for wire in names {
            if parameters.iter().any(|known| known.location == Location::Path && known.wire == wire) {
                continue;
            }
            let is_free = |name: &str| parameters.iter().all(|known| known.name != name) && name != "body";
            let name = names::unique(Style::Snake, &names::field_name(wire), wire, &["path"], wire, is_free);
            parameters.push(Parameter {
                name,
                wire: wire.to_owned(),
                location: Location::Path,
                docs: String::new(),
                ty: Ty::Scalar(Scalar::String),
                style: ParameterStyle::Plain,
                required: true,
                deprecated: false,
            });
        }
    }

    /// The names of parameters: those in the path before those in the query, and those before headers.
    fn parameter_names(
        &mut self,
        source: &spec::Operation<'a>,
        listed: &[(Location, spec::Parameter<'a>)],
    ) -> Vec<String> {
        let members = listed.iter().map(|(location, parameter)| Member {
            written: parameter.name(),
            parts: location.parts(),
            identity: parameter.name(),
            place: parameter.used.clone(),
        });
        let members: Vec<_> = members.collect();
        let reserved: &[&str] = if source.node.has("requestBody") { &["body"] } else { &[] };
        let noun = ("parameter", "give one of them another name");
        self.member_names(Style::Snake, noun, &members, reserved)
    }

    fn request_body(&mut self, used: &NodeRef<'a>, prefix: &str) -> Option<Body> {
        let body = self.view.resolve(used);
        if !body.exists() {
            return None;
        }
        let contents = self.contents(&body, &format!("{prefix}Body"), true);
        for ty in contents.iter().filter_map(|content| content.ty.as_ref()) {
            self.mark(ty, Directions::REQUEST);
        }
        let mut docs = text(&body, "description");
        let entries = media::entries(&self.view, &body.get("content"), true);
        if docs.is_empty()
            && let Some(entry) = media::used(&entries).and_then(|nth| entries.get(nth))
        {
            docs = self.description(&entry.place.get("schema"));
        }
        Some(Body { docs, required: body.flag("required"), contents })
    }

    fn responses(&mut self, all: &NodeRef<'a>, prefix: &str) -> Vec<Response> {
        let mut listed: Vec<_> = all.members().collect();
        listed.sort_by_key(|(status, _)| *status);
        let success = Success::of(listed.iter().filter_map(|(status, _)| Status::parse(status)));
        let mut responses = Vec::new();
        for (status, used) in listed {
            let Some(status) = Status::parse(status) else { continue };
            let response = self.view.resolve(&used);
            self.undecoded = !success.decodes(status);
            // The first success has the plain name, which others would take from it.
            let is_further = responses.iter().any(|response: &Response| success.includes(response.status));
            let part = if is_further { status.to_string() } else { String::new() };
            let contents = self.contents(&response, &format!("{prefix}{part}Response"), false);
            self.undecoded = true;
            let headers = self.response_headers(&response);
            self.undecoded = false;
            for ty in contents.iter().filter_map(|content| content.ty.as_ref()) {
                self.mark(ty, Directions::RESPONSE);
            }
            responses.push(Response { status, docs: text(&response, "description"), contents, headers });
        }
        responses
    }

    /// The media types of a body. Those beside the one that is sent or decoded get no types of their own.
    fn contents(&mut self, owner: &NodeRef<'a>, name: &str, is_request: bool) -> Vec<Content> {
        let entries = media::entries(&self.view, &owner.get("content"), is_request);
        let used = media::used(&entries);
        let mut contents = Vec::new();
        for (nth, entry) in entries.into_iter().enumerate() {
            let Some(media_type) = entry.media_type else { continue };
            let was_undecoded = self.undecoded;
            self.undecoded |= used != Some(nth);
            let schema = entry.place.get("schema");
            let ty = match media_type.kind {
                MediaKind::Text => Ty::Scalar(Scalar::String),
                MediaKind::Bytes => Ty::Bytes,
                MediaKind::Multipart => self.multipart(&schema, name),
                _ => self.schema(&schema, name),
            };
            self.undecoded = was_undecoded;
            let encodings = self.encodings(&entry.place);
            contents.push(Content { media_type, ty: Some(ty), encodings });
        }
        contents
    }

    fn response_headers(&mut self, response: &NodeRef<'a>) -> Vec<ResponseHeader> {
        let mut headers = Vec::new();
        for (wire, used) in response.get("headers").children() {
            let header = self.view.resolve(&used);
            headers.push(ResponseHeader {
                wire: wire.to_owned(),
                docs: text(&header, "description"),
                ty: self.schema(&header.get("schema"), &names::type_name(wire)),
                required: header.flag("required"),
            });
        }
        headers
    }
}

/// The style of a parameter of this type.
fn style(node: &NodeRef<'_>, location: Location, ty: &Ty) -> ParameterStyle {
    let explode = node.get("explode").as_bool();
    match (node.text("style"), location, ty) {
        (_, _, Ty::Scalar(_) | Ty::Code(_) | Ty::Newtype(..)) => ParameterStyle::Plain,
        (Some("deepObject"), ..) => ParameterStyle::Deep,
        (_, Location::Path | Location::Header, Ty::List(_)) => ParameterStyle::Joined(','),
        (Some("spaceDelimited"), _, Ty::List(_)) if explode != Some(true) => ParameterStyle::Joined(' '),
        (Some("pipeDelimited"), _, Ty::List(_)) if explode != Some(true) => ParameterStyle::Joined('|'),
        (_, _, Ty::List(_)) if explode == Some(false) => ParameterStyle::Joined(','),
        (_, _, Ty::List(inner)) if inner.is_text() => ParameterStyle::Plain,
        _ => ParameterStyle::Form,
    }
}

/// A decimal has several spellings, so the caller of an operation writes it as text.
fn as_text(ty: Ty) -> Ty {
    match ty {
        Ty::Scalar(Scalar::Decimal | Scalar::DecimalNumber) => Ty::Scalar(Scalar::String),
        Ty::List(inner) => as_text(*inner).list(),
        // A text cannot be null.
        Ty::Nullable(inner) => as_text(*inner),
        other => other,
    }
}
