//! The API as a reviewer reads it: one text for each type and each operation.

use std::fmt::{self, Display, Formatter};

use super::{
    Api, Authorization, Body, CaseTest, Code, CodeKind, Credential, HeaderField, Location, MediaKind, Newtype, Object,
    Operation, Returns, TypeItem, Union,
};

const JSON: &str = "application/json";

/// The facts about the API as a whole; types and operations are shown one by one.
impl Display for Api {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        docs(f, "", &self.docs)?;
        writeln!(f, "{} {}", self.title, self.version)?;
        writeln!(f, "  server {}", self.server.as_deref().unwrap_or("none"))?;
        writeln!(f, "  errors {}", self.error.as_deref().unwrap_or("none"))?;
        if self.error_code.is_empty() { Ok(()) } else { writeln!(f, "  error code {}", self.error_code.join(".")) }
    }
}

impl Display for TypeItem {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Object(object) => object.fmt(f),
            Self::Code(code) => code.fmt(f),
            Self::Union(union) => union.fmt(f),
            Self::Newtype(newtype) => newtype.fmt(f),
        }
    }
}

impl Display for Object {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        docs(f, "", &self.docs)?;
        writeln!(f, "struct {}", self.name)?;
        for field in &self.fields {
            writeln!(f)?;
            docs(f, "  ", &field.docs)?;
            write!(f, "  {}: {}  {:?}", field.name, field.rust(), field.wire)?;
            for alias in &field.aliases {
                write!(f, " | {alias:?}")?;
            }
            let kind = if self.is_multipart { "part" } else { field.kind.keyword() };
            write!(f, "  {kind}")?;
            let is_number = field.ty.is_decimal_number();
            for (holds, word) in [(is_number, "number"), (field.hidden, "hidden"), (field.deprecated, "deprecated")] {
                if holds {
                    write!(f, " {word}")?;
                }
            }
            writeln!(f)?;
        }
        writeln!(f)?;
        let required = self.fields.iter().filter(|field| field.kind.is_required());
        let arguments: Vec<_> = required.map(|field| format!("{}: {}", field.name, field.argument())).collect();
        writeln!(f, "  new({})", arguments.join(", "))?;
        for field in self.fields.iter().filter(|field| !field.kind.is_required()) {
            writeln!(f, "  .{}({})", field.setter(), field.argument())?;
        }
        Ok(())
    }
}

impl Display for Code {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        docs(f, "", &self.docs)?;
        let kind = match self.kind {
            CodeKind::Text => "",
            CodeKind::Integer => " of integers",
            CodeKind::Mixed => " of JSON values",
        };
        writeln!(f, "enum {}{kind}", self.name)?;
        for variant in &self.variants {
            writeln!(f)?;
            docs(f, "  ", &variant.docs)?;
            writeln!(f, "  {}  {:?}", variant.name, variant.wire)?;
        }
        match &self.unlisted {
            Some(unlisted) => writeln!(f, "\n  {unlisted}(Unlisted)"),
            None => writeln!(f, "\n  closed"),
        }
    }
}

impl Display for Union {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        docs(f, "", &self.docs)?;
        writeln!(f, "union {}", self.name)?;
        for case in &self.cases {
            writeln!(f)?;
            docs(f, "  ", &case.docs)?;
            writeln!(f, "  {}({})", case.name, case.rust())?;
        }
        if self.tests.is_empty() {
            return writeln!(f, "\n  as JSON");
        }
        writeln!(f, "\n  {}(RawJson)\n", self.unlisted)?;
        for (case, test) in &self.tests {
            match test {
                CaseTest::Json(kind) => writeln!(f, "  {case} if {kind:?}")?,
                CaseTest::Constant(name, values) => writeln!(f, "  {case} if {name:?} is {}", values.join(" or "))?,
                CaseTest::Keys(names) => writeln!(f, "  {case} if it has {}", names.join(", "))?,
            }
        }
        Ok(())
    }
}

impl Display for Newtype {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        docs(f, "", &self.docs)?;
        writeln!(f, "newtype {}({})", self.name, self.scalar.rust())
    }
}

impl Display for Operation {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        docs(f, "", &self.summary)?;
        docs(f, "", &self.docs)?;
        writeln!(f, "{} {}", self.method, self.path)?;
        let body = self.required_body().map(|ty| format!("body: {}", ty.argument()));
        let arguments = self.arguments().map(|parameter| format!("{}: {}", parameter.name, parameter.ty.argument()));
        let arguments: Vec<_> = arguments.chain(body).collect();
        writeln!(f, "client.{}({}) -> {}", self.name, arguments.join(", "), self.returns.path())?;
        for parameter in self.arguments() {
            let (name, ty, wire) = (&parameter.name, parameter.ty.argument(), &parameter.wire);
            part(f, &parameter.docs, &format!("argument {name}: {ty}  {} {wire:?}", parameter.location.keyword()))?;
        }
        if let (Some(body), Some(ty)) = (&self.body, self.required_body()) {
            part(f, &body.docs, &format!("argument body: {}  body \"\"", ty.argument()))?;
        }
        for parameter in self.setters() {
            let (name, ty, wire) = (parameter.setter(), parameter.ty.setter_argument(), &parameter.wire);
            part(f, &parameter.docs, &format!("setter {name}: {ty}  {} {wire:?}", parameter.location.keyword()))?;
        }
        if let (Some(body), Some(ty)) = (&self.body, self.optional_body()) {
            part(f, &body.docs, &format!("setter body: {}  body \"\"", ty.setter_argument()))?;
        }
        writeln!(f)?;
        for response in &self.responses {
            writeln!(f, "  {}  {}", response.status, response.docs)?;
        }
        self.facts(f)
    }
}

impl Operation {
    fn facts(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if !self.context_headers.is_empty() {
            writeln!(f, "  headers of the client: {}", self.context_headers.join(", "))?;
        }
        if let Some(header) = &self.request_id {
            writeln!(f, "  a new id in `{header}`, where none is set")?;
        }
        match &self.authorization {
            None => writeln!(f, "  without authorization")?,
            Some(Authorization { credentials, .. }) if credentials.is_empty() => {
                writeln!(f, "  authorization by a client certificate")?
            }
            Some(Authorization { credentials, optional }) => {
                let places: Vec<_> = credentials.iter().map(place).collect();
                let verb = if *optional { "may be in" } else { "in" };
                if *optional || places != ["`authorization`"] {
                    writeln!(f, "  authorization {verb} {}", places.join(" and "))?
                }
            }
        }
        self.media_types(f)?;
        if self.single_use {
            writeln!(f, "  sends what can be used once")?;
        }
        if !self.gone.is_empty() {
            writeln!(f, "  gone: {}", self.gone.join(", "))?;
        }
        if self.deprecated { writeln!(f, "  deprecated") } else { Ok(()) }
    }
}

impl Operation {
    /// The media types that are sent and asked for, where they are not plain JSON; the variants of the value.
    fn media_types(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.body.as_ref().and_then(Body::spoken).map(|content| &content.media_type) {
            Some(media_type) if media_type.kind == MediaKind::Form => writeln!(f, "  sends a form")?,
            Some(media_type) if media_type.content_type() != JSON => {
                writeln!(f, "  sends `{}`", media_type.content_type())?;
            }
            _ => {}
        }
        let accepts = self.accepts();
        if accepts.iter().any(|media_type| media_type != JSON) {
            writeln!(f, "  accepts `{}`", accepts.join(", "))?;
        }
        if let Some(headers) = &self.headers {
            writeln!(f, "  headers as {}", headers.name)?;
            for HeaderField { name, wire, ty, .. } in &headers.fields {
                writeln!(f, "    {name}: Option<{}>  header {wire:?}", ty.path())?;
            }
        }
        for (returns, outcomes) in [(&self.returns, self.outcomes()), (&self.errors, self.error_outcomes())] {
            let Returns::ByStatus(name) = returns else { continue };
            for outcome in outcomes {
                let ty = outcome.body.map(|(_, ty)| format!("({})", ty.path())).unwrap_or_default();
                writeln!(f, "  {} is {name}::{}{ty}", outcome.status, outcome.variant())?;
            }
        }
        Ok(())
    }
}

fn place(credential: &Credential) -> String {
    match credential.location {
        Location::Header | Location::Path => format!("`{}`", credential.name),
        Location::Query | Location::Cookie => format!("the {} `{}`", credential.location.keyword(), credential.name),
    }
}

fn part(f: &mut Formatter<'_>, words: &str, line: &str) -> fmt::Result {
    writeln!(f)?;
    docs(f, "  ", words)?;
    writeln!(f, "  {line}")
}

fn docs(f: &mut Formatter<'_>, indent: &str, text: &str) -> fmt::Result {
    text.lines().try_for_each(|line| writeln!(f, "{}", format!("{indent}/// {line}").trim_end()))
}
