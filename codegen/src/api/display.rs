//! The API as a reviewer reads it: one text for each type and each operation.

use std::fmt::{self, Display, Formatter};

use super::{Api, Authorization, Code, Newtype, Object, Operation, TypeItem, Union};

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
            write!(f, "  {}", field.kind.keyword())?;
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
        writeln!(f, "enum {}", self.name)?;
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
            writeln!(f, "  {}({})", case.name, case.ty.rust())?;
        }
        match &self.discriminator {
            Some(discriminator) => writeln!(f, "\n  by {:?}", discriminator.property),
            None => Ok(()),
        }
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
        let body = self.body_ty().map(|ty| format!("body: {}", ty.argument()));
        let arguments = self.arguments().map(|parameter| format!("{}: {}", parameter.name, parameter.ty.argument()));
        let arguments: Vec<_> = arguments.chain(body).collect();
        writeln!(f, "client.{}({}) -> {}", self.name, arguments.join(", "), self.returns())?;
        for parameter in self.arguments() {
            let (name, ty, wire) = (&parameter.name, parameter.ty.argument(), &parameter.wire);
            part(f, &parameter.docs, &format!("argument {name}: {ty}  {} {wire:?}", parameter.location.keyword()))?;
        }
        if let (Some(body), Some(ty)) = (&self.body, self.body_ty()) {
            part(f, &body.docs, &format!("argument body: {}  body \"\"", ty.argument()))?;
        }
        for parameter in self.setters() {
            let (name, ty, wire) = (parameter.setter(), parameter.ty.setter_argument(), &parameter.wire);
            part(f, &parameter.docs, &format!("setter {name}: {ty}  {} {wire:?}", parameter.location.keyword()))?;
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
            Some(Authorization { header, optional: true }) => writeln!(f, "  authorization may be in `{header}`")?,
            Some(Authorization { header, .. }) if header != "authorization" => {
                writeln!(f, "  authorization in `{header}`")?
            }
            Some(_) => {}
        }
        if self.sends_form() {
            writeln!(f, "  sends a form")?;
        }
        if self.single_use {
            writeln!(f, "  sends what can be used once")?;
        }
        if !self.gone.is_empty() {
            writeln!(f, "  gone: {}", self.gone.join(", "))?;
        }
        if self.deprecated { writeln!(f, "  deprecated") } else { Ok(()) }
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
