//! Operations, with their parameters, bodies and responses.

use super::security::location;
use super::{Builder, text};
use crate::api::{
    Body, Content, Location, MediaKind, MediaType, Operation, Parameter, Response, ResponseHeader, Scalar, Status, Ty,
};
use crate::directions::Directions;
use crate::names;
use crate::spec::{self, NodeRef};

impl<'a> Builder<'a> {
    /// The operations that have an id, by method name.
    pub(super) fn operations(&mut self) -> Vec<Operation> {
        let mut operations: Vec<_> =
            self.view.operations().iter().filter_map(|operation| self.operation(operation)).collect();
        operations.sort_by(|left, right| left.name.cmp(&right.name));
        operations
    }

    fn operation(&mut self, source: &spec::Operation<'a>) -> Option<Operation> {
        let node = &source.node;
        let id = node.text("operationId")?;
        let prefix = names::type_name(id);
        let parameters = self.parameters(source, &prefix);
        let body = self.request_body(&node.get("requestBody"), &prefix);
        let responses = self.responses(&node.get("responses"), &prefix);
        let context_headers = self.used_context_headers(source);
        let security = self.security(node);
        let request_id = self.view.root().get("x-codegen");
        let request_id = request_id.text("request-id-header").unwrap_or_default();
        Some(Operation {
            name: names::method_name(id),
            method: source.method.to_uppercase(),
            path: source.path.to_owned(),
            summary: text(node, "summary"),
            docs: text(node, "description"),
            parameters,
            body,
            responses,
            request_id: context_headers.iter().find(|name| name.eq_ignore_ascii_case(request_id)).cloned(),
            context_headers,
            authorization: self.authorization(&security),
            security,
            single_use: node.flag("x-single-use"),
            gone: node.get("x-gone").texts().into_iter().map(str::to_owned).collect(),
            deprecated: node.flag("deprecated"),
        })
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
        let mut parameters = Vec::new();
        for parameter in self.view.parameters(source) {
            if self.is_context_header(&parameter) {
                continue;
            }
            let Some(location) = location(parameter.location()) else { continue };
            let (node, wire) = (&parameter.node, parameter.name());
            let ty = self.schema(&node.get("schema"), &format!("{prefix}{}", names::type_name(wire)));
            self.mark(&ty, Directions::REQUEST);
            self.describe_newtype(&ty, node, &format!("{prefix}{}", names::type_name(wire)));
            parameters.push(Parameter {
                name: names::field_name(wire),
                wire: wire.to_owned(),
                location,
                docs: text(node, "description"),
                ty: as_text(ty),
                required: node.flag("required"),
                deprecated: node.flag("deprecated"),
            });
        }
        let place = |wire: &str| source.path.find(&format!("{{{wire}}}")).unwrap_or(usize::MAX);
        parameters.sort_by_cached_key(|parameter| match parameter.location {
            Location::Path => (Location::Path, place(&parameter.wire), String::new()),
            other => (other, 0, parameter.wire.clone()),
        });
        parameters
    }

    fn request_body(&mut self, used: &NodeRef<'a>, prefix: &str) -> Option<Body> {
        let body = self.view.resolve(used);
        if !body.exists() {
            return None;
        }
        let contents = self.contents(&body, &format!("{prefix}Body"), &[MediaKind::Json, MediaKind::Form]);
        for ty in contents.iter().filter_map(|content| content.ty.as_ref()) {
            self.mark(ty, Directions::REQUEST);
        }
        let mut body = Body { docs: text(&body, "description"), required: body.flag("required"), contents };
        if body.docs.is_empty()
            && let Some(content) = body.spoken()
        {
            let place = self.view.resolve(used).get("content").get(&content.media_type.text);
            body.docs = self.description(&place.get("schema"));
        }
        Some(body)
    }

    fn responses(&mut self, all: &NodeRef<'a>, prefix: &str) -> Vec<Response> {
        let mut listed: Vec<_> = all.members().collect();
        listed.sort_by_key(|(status, _)| *status);
        let mut responses = Vec::new();
        for (status, used) in listed {
            let Some(status) = Status::parse(status) else { continue };
            let response = self.view.resolve(&used);
            self.undecoded = !status.is_success();
            // The first success has the plain name, which others would take from it.
            let is_further = responses.iter().any(|response: &Response| response.status.is_success());
            let part = if is_further { status.to_string() } else { String::new() };
            let contents = self.contents(&response, &format!("{prefix}{part}Response"), &[MediaKind::Json]);
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

    /// The media types of a body. The first of `spoken` that is among them is sent or decoded; others beside it get no types
    /// of their own.
    fn contents(&mut self, owner: &NodeRef<'a>, name: &str, spoken: &[MediaKind]) -> Vec<Content> {
        let listed: Vec<_> =
            owner.get("content").children().map(|(text, place)| (MediaType::new(text), place)).collect();
        let is_listed = |kind: &&MediaKind| listed.iter().any(|(media_type, _)| media_type.kind == **kind);
        let spoken = spoken.iter().find(is_listed).copied();
        let mut contents = Vec::new();
        for (nth, (media_type, place)) in listed.into_iter().enumerate() {
            let part = if nth > 0 && spoken.is_none() { media_type.kind.word() } else { "" };
            let was_undecoded = self.undecoded;
            self.undecoded |= spoken.is_some_and(|spoken| media_type.kind != spoken);
            let schema = place.get("schema");
            let ty = schema.exists().then(|| self.schema(&schema, &format!("{name}{part}")));
            self.undecoded = was_undecoded;
            contents.push(Content { media_type, ty });
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

/// A decimal has several spellings, so the caller of an operation writes it as text.
fn as_text(ty: Ty) -> Ty {
    match ty {
        Ty::Scalar(Scalar::Decimal | Scalar::DecimalNumber) => Ty::Scalar(Scalar::String),
        Ty::List(inner) => as_text(*inner).list(),
        other => other,
    }
}
