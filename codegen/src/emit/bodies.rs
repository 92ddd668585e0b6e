//! Bodies of requests: the statements that write them.

use crate::api::{Api, Encoding, Field, FieldKind, FormStyle, MediaKind, MediaType, Operation, Ty};

/// The statements that write the body of a request. None if it has no body.
pub(super) fn statements(api: &Api, operation: &Operation) -> Vec<String> {
    let Some(content) = operation.body.as_ref().and_then(|body| body.spoken()) else { return Vec::new() };
    let Some(ty) = &content.ty else { return Vec::new() };
    if operation.required_body().is_some() {
        return written(api, operation, &content.media_type, ty, "self.body", ty.kept().starts_with('&'));
    }
    let inner = written(api, operation, &content.media_type, ty, "body", true);
    let lines = inner.iter().map(|line| format!("    {line}"));
    let start = "if let Some(body) = &self.body {".to_owned();
    std::iter::once(start).chain(lines).chain(["}".to_owned()]).collect()
}

/// The statements for a body in the variable `body`, which may be a reference.
fn written(
    api: &Api,
    operation: &Operation,
    media_type: &MediaType,
    ty: &Ty,
    body: &str,
    is_borrowed: bool,
) -> Vec<String> {
    if operation.sends_multipart() {
        let form = api.form(operation).map(|form| form.fields.as_slice()).unwrap_or_default();
        return std::iter::once("request.multipart();".to_owned())
            .chain(form.iter().flat_map(|field| part(operation, field, body)))
            .collect();
    }
    let sent = media_type.content_type();
    let usual = match media_type.kind {
        MediaKind::Text => return vec![format!("request.text({sent:?}, {body});")],
        MediaKind::Bytes => return vec![format!("request.bytes({sent:?}, {body});")],
        MediaKind::Form => "application/x-www-form-urlencoded",
        _ => "application/json",
    };
    let mut lines = Vec::new();
    match api.form(operation) {
        Some(form) => {
            lines.extend(form.fields.iter().flat_map(|field| pairs(operation, field, body)));
            lines.push(format!("request.form_extra({body}.extra());"));
        }
        None => {
            let method = if ty.is_decimal_number() { "json_number" } else { "json" };
            lines.push(format!("request.{method}({}{body});", if is_borrowed { "" } else { "&" }));
        }
    }
    if sent != usual {
        lines.push(format!("request.content_type({sent:?});"));
    }
    lines
}

/// The statements that add the pairs of one field of a form.
fn pairs(operation: &Operation, field: &Field, body: &str) -> Vec<String> {
    let Field { wire, name, ty, .. } = field;
    let style = encoding(operation, wire).and_then(|encoding| encoding.style);
    let value = format!("{body}.{name}");
    let encoded = |value: &str| format!("&{}({value})", wrapper(ty));
    let whole = encoded(&format!("&{value}"));
    let statement = match (ty, style) {
        (_, Some(FormStyle::Deep)) if !ty.is_text() => format!("request.form_deep({wire:?}, {whole});"),
        (Ty::List(inner), Some(FormStyle::Joined(separator))) if inner.is_text() => {
            format!("request.form_joined({wire:?}, {separator:?}, &{value});")
        }
        (Ty::List(inner), _) if !inner.is_text() => {
            return each(field, &value, |value| format!("request.form_json({wire:?}, {});", encoded(value)));
        }
        (Ty::Object(_) | Ty::Map(_), Some(FormStyle::Exploded)) => format!("request.form_spread({wire:?}, {whole});"),
        (Ty::List(_), _) => format!("request.form({wire:?}, &{value});"),
        _ if ty.is_text() => format!("request.form({wire:?}, &{value});"),
        _ => format!("request.form_json({wire:?}, {whole});"),
    };
    vec![statement]
}

/// The statements that add the parts of one field of a form.
fn part(operation: &Operation, field: &Field, body: &str) -> Vec<String> {
    let Field { wire, name, ty, .. } = field;
    let described = encoding(operation, wire).and_then(|encoding| encoding.content_type.as_deref());
    let element = match ty {
        Ty::List(inner) => inner,
        other => other,
    };
    let value = format!("{body}.{name}");
    match element {
        Ty::File => {
            let content_type = described.unwrap_or("application/octet-stream");
            vec![format!("request.file({wire:?}, {content_type:?}, &{value});")]
        }
        text if text.is_text() => vec![format!("request.part({wire:?}, {described:?}, &{value});")],
        _ => {
            let is_json = |described: &&str| described.split(';').next().is_some_and(|it| it.trim().ends_with("json"));
            let content_type = described.filter(is_json).unwrap_or("application/json");
            let wrapper = wrapper(ty);
            each(field, &value, |value| format!("request.json_part({wire:?}, {content_type:?}, &{wrapper}({value}));"))
        }
    }
}

/// The statements that add each element of a list, or the one value if there is one.
fn each(field: &Field, value: &str, add: impl Fn(&str) -> String) -> Vec<String> {
    let is_list = matches!(field.ty, Ty::List(_));
    let head = match field.kind {
        // A form has no null.
        FieldKind::Patched if is_list => format!("for value in {value}.iter().flatten().flatten() {{"),
        FieldKind::Patched => format!("if let Some(Some(value)) = &{value} {{"),
        kind if kind.is_option() && is_list => format!("for value in {value}.iter().flatten() {{"),
        kind if kind.is_option() => format!("if let Some(value) = &{value} {{"),
        _ if is_list => format!("for value in &{value} {{"),
        _ => return vec![add(&format!("&{value}"))],
    };
    vec![head, format!("    {}", add("value")), "}".to_owned()]
}

fn encoding<'a>(operation: &'a Operation, wire: &str) -> Option<&'a Encoding> {
    operation.body.as_ref()?.spoken()?.encoding(wire)
}

/// The type that lends serde's trait to a value.
fn wrapper(ty: &Ty) -> String {
    let name = if ty.is_decimal_number() { "AsNumber" } else { "Encoded" };
    format!("::openbanking_client_runtime::encode::{name}")
}
