//! The model of documents that use more than is printed today.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails panics")]

use super::{Built, build};
use crate::api::{
    Api, CaseTest, CodeKind, Credential, Discriminator, Extras, FieldKind, JsonType, Location, MediaKind, Object,
    Operation, Presence, Returns, Scalar, SecurityKind, Status, Ty, TypeItem, Union,
};
use crate::directions::Directions;
use crate::emit::unsupported;
use crate::omitted::Omitted;
use crate::read::load;

/// The model of a document that the lint has not seen, and the messages of what cannot be printed.
fn built(paths: &str, components: &str) -> (Api, Vec<String>) {
    let text = format!(
        "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths:\n{paths}\ncomponents:\n  schemas:\n{components}\n"
    );
    let document = load("spec.yaml", &text).unwrap();
    let Built { api, origins, .. } = build(&document, &Omitted::default()).unwrap();
    let messages = unsupported(&document, &api, &origins).into_iter().map(|finding| finding.message).collect();
    (api, messages)
}

fn object<'a>(api: &'a Api, name: &str) -> &'a Object {
    match api.types.iter().find(|item| item.name() == name) {
        Some(TypeItem::Object(object)) => object,
        other => panic!("{name}: {other:?}"),
    }
}

fn union_of<'a>(api: &'a Api, name: &str) -> &'a Union {
    match api.types.iter().find(|item| item.name() == name) {
        Some(TypeItem::Union(union)) => union,
        other => panic!("{name}: {other:?}"),
    }
}

fn operation<'a>(api: &'a Api, name: &str) -> &'a Operation {
    api.operations.iter().find(|operation| operation.name == name).unwrap()
}

#[test]
fn a_union_has_its_cases_and_its_discriminator() {
    let components = "
    Pet:
      oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}, {type: string}]
      discriminator: {propertyName: kind, mapping: {cat: '#/components/schemas/Cat'}}
    Cat: {type: object, properties: {kind: {type: string}}}
    Dog: {type: object, properties: {kind: {type: string}, friend: {$ref: '#/components/schemas/Pet'}}}";
    let (api, messages) = built("  {}", components);
    let pet = union_of(&api, "Pet");
    let cases: Vec<_> = pet.cases.iter().map(|case| (case.name.as_str(), case.ty.rust())).collect();
    let expected = [("Cat", "Cat".to_owned()), ("Dog", "Dog".to_owned()), ("Text", "String".to_owned())];
    assert_eq!(cases, expected);
    let values = vec![("cat".to_owned(), "Cat".to_owned()), ("Dog".to_owned(), "Dog".to_owned())];
    assert_eq!(pet.discriminator, Some(Discriminator { property: "kind".to_owned(), values }));
    assert!(pet.exclusive);
    assert!(messages.is_empty(), "{messages:?}");
    let tests = [
        ("Cat".to_owned(), CaseTest::Constant("kind".to_owned(), vec!["\"cat\"".to_owned()])),
        ("Dog".to_owned(), CaseTest::Constant("kind".to_owned(), vec!["\"Dog\"".to_owned()])),
        ("Text".to_owned(), CaseTest::Json(JsonType::String)),
    ];
    assert_eq!((pet.tests.as_slice(), pet.unlisted.as_str()), (tests.as_slice(), "Unknown"));
}

#[test]
fn unions_that_contain_one_another_are_opened_once() {
    const SCHEMAS: usize = 60;
    let case = |nth: usize| format!("{{$ref: '#/components/schemas/U{nth}'}}");
    let union = |nth: usize| {
        let others: Vec<_> = (0..SCHEMAS).filter(|other| *other != nth).map(case).collect();
        format!("    U{nth}: {{oneOf: [{}, {{type: integer}}, {{type: boolean}}]}}\n", others.join(", "))
    };
    let (api, _) = built("  {}", &(0..SCHEMAS).map(union).collect::<String>());
    assert_eq!(api.types.len(), SCHEMAS);
    let cases: Vec<_> = union_of(&api, "U7").cases.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(cases, ["Flag", "Number"]);
}

#[test]
fn cases_that_only_restrict_an_object_make_no_union() {
    let components = "
    Party:
      type: object
      properties: {name: {type: string}, iban: {type: string}}
      anyOf: [{required: [name]}, {required: [iban]}]";
    let (api, _) = built("  {}", components);
    assert_eq!(object(&api, "Party").fields.len(), 2);
}

#[test]
fn several_branches_of_all_of_are_one_object() {
    let components = "
    Base: {type: object, required: [id], properties: {id: {type: string, format: uuid}}}
    Whole:
      allOf:
        - {$ref: '#/components/schemas/Base'}
        - {type: object, required: [id, day], properties: {day: {type: string, format: date}, note: {type: string}}}";
    let (api, messages) = built("  {}", components);
    let fields: Vec<_> = object(&api, "Whole").fields.iter().map(|field| (field.rust(), field.presence)).collect();
    let expected = [
        ("NaiveDate".to_owned(), Presence::Required),
        ("Uuid".to_owned(), Presence::Required),
        ("Option<String>".to_owned(), Presence::Optional),
    ];
    assert_eq!(fields, expected);
    assert!(messages.is_empty(), "{messages:?}");
}

/// Newtypes in every kind of place, with the description of one of the components left to fill in.
const NEWTYPES: &str = "
    Zebra:
      type: object
      properties:
        id: {type: string, format: uuid, description: Its id., x-newtype: ThingId}
        cursor: {$ref: '#/components/schemas/Cursor'}
    Account:
      type: object
      required: [id]
      properties:
        id: {type: string, format: uuid4, description: \"The id.\\n\\n```\\nopen\", x-newtype: ThingId, x-sensitive: false}
        ids: {type: array, items: {type: string, x-newtype: Other}, x-sensitive: false}
        map: {type: object, additionalProperties: {type: string, description: A value., x-newtype: Value}}
    Cursor: {type: string, x-newtype: Place, description: A place.}";

#[test]
fn a_newtype_is_one_type_wherever_it_is() {
    let paths = "
  /a/{id}:
    get:
      operationId: a
      parameters:
        - {name: id, in: path, required: true, description: Of the path., schema: {type: string, format: uuid, x-newtype: ThingId}}
        - {name: other, in: query, description: Of the query., schema: {type: string, x-newtype: Other}}
        - {name: list, in: query, schema: {type: array, items: {$ref: '#/components/schemas/Cursor'}}}
      responses:
        '200': {description: Ok., content: {application/json: {schema: {$ref: '#/components/schemas/Account'}}}}
        '404': {description: No., content: {application/json: {schema: {type: string, x-newtype: Unseen}}}}";
    let (api, messages) = built(paths, NEWTYPES);
    assert!(messages.is_empty(), "{messages:?}");
    let newtypes: Vec<_> = api.types.iter().filter(|item| matches!(item, TypeItem::Newtype(_))).collect();
    let end = "A type of its own, so that it cannot be mixed up with other ids. `Display` writes the value; `Debug` hides it.";
    let shown = [
        ("Other", format!("/// Of the query.\n///\n/// {end}\nnewtype Other(String)\n")),
        ("Place", format!("/// A place.\n///\n/// {end}\nnewtype Place(String)\n")),
        (
            "ThingId",
            format!("/// The id.\n///\n/// ```text\n/// open\n/// ```\n///\n/// {end}\nnewtype ThingId(Uuid)\n"),
        ),
        ("Value", format!("/// A value.\n///\n/// {end}\nnewtype Value(String)\n")),
    ];
    assert_eq!(newtypes.iter().map(|item| (item.name(), item.to_string())).collect::<Vec<_>>(), shown);
    let (get, account) = (operation(&api, "a"), object(&api, "Account"));
    let arguments: Vec<_> = get.parameters.iter().map(|parameter| parameter.ty.argument()).collect();
    assert_eq!(arguments, ["&types::ThingId", "&'a Vec<types::Place>", "&'a types::Other"]);
    let fields: Vec<_> = account.fields.iter().map(|field| (field.rust(), field.hidden)).collect();
    let expected = ["ThingId", "Vec<Other>", "BTreeMap<String, Value>"].map(|ty| (ty.to_owned(), true));
    assert_eq!(fields, expected);
}

#[test]
fn the_order_of_a_document_does_not_decide_about_newtypes() {
    let (zebra, account) = NEWTYPES.split_once("    Account:").unwrap();
    let (account, cursor) = account.split_once("    Cursor:").unwrap();
    let turned = format!("\n    Cursor:{cursor}\n    Account:{account}{}", zebra.trim_start_matches('\n'));
    assert_eq!(built("  {}", NEWTYPES).0, built("  {}", &turned).0);
}

#[test]
fn newtypes_that_cannot_be_printed_are_refused() {
    let (_, messages) = built("  {}", "    A: {type: integer, x-newtype: Count}");
    assert_eq!(messages, ["the newtype `Count` of something other than a UUID or a string is not supported"]);
    let newtype = "    A: {type: string, x-newtype: B}\n";
    for other in ["    B: {type: string, format: uuid, x-newtype: B}\n", "    B: {type: string, enum: [a]}\n"] {
        for components in [format!("{newtype}{other}"), format!("{other}{newtype}")] {
            let text =
                format!("openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\ncomponents:\n  schemas:\n{components}");
            let findings = build(&load("spec.yaml", &text).unwrap(), &Omitted::default()).unwrap_err();
            assert_eq!(findings.iter().map(|finding| finding.rule).collect::<Vec<_>>(), ["name-collision"], "{text}");
        }
    }
}

#[test]
fn presence_and_direction_are_apart_from_the_type() {
    let components = "
    A:
      type: object
      required: [always, null_or_not]
      additionalProperties: {type: integer}
      properties:
        always: {type: string}
        null_or_not: {type: string, nullable: true}
        maybe: {type: array, items: {type: string}}
        either: {type: string, nullable: true}
        secret: {type: string, writeOnly: true}
        computed: {type: string, readOnly: true}";
    let paths = "
  /a:
    post:
      operationId: a
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}
      responses: {'204': {description: Done.}}";
    let (api, _) = built(paths, components);
    let a = object(&api, "A");
    let field = |wire: &str| a.fields.iter().find(|field| field.wire == wire).unwrap();
    assert_eq!(a.directions, Directions::REQUEST);
    assert_eq!(a.extras, Extras::Typed(Ty::Scalar(Scalar::Int64)));
    for (wire, presence, kind) in [
        ("always", Presence::Required, FieldKind::Required),
        ("null_or_not", Presence::Nullable, FieldKind::Nullable),
        ("maybe", Presence::Optional, FieldKind::Optional),
        ("either", Presence::OptionalNullable, FieldKind::Optional),
    ] {
        assert_eq!((field(wire).presence, field(wire).kind), (presence, kind), "{wire}");
    }
    assert_eq!(field("secret").access, Directions::REQUEST);
    assert!(a.fields.iter().all(|field| field.wire != "computed"));
}

/// The wire names of the fields of an object.
fn wires<'a>(api: &'a Api, name: &str) -> Vec<&'a str> {
    object(api, name).fields.iter().map(|field| field.wire.as_str()).collect()
}

#[test]
fn a_type_that_differs_by_direction_is_two() {
    let components = "
    Outer: {type: object, properties: {inner: {type: array, items: {$ref: '#/components/schemas/Inner'}}, same: {$ref: '#/components/schemas/Same'}}}
    Inner:
      type: object
      required: [id, pin, made]
      properties:
        id: {allOf: [{$ref: '#/components/schemas/Id'}, {readOnly: true}]}
        made: {$ref: '#/components/schemas/Made'}
        pin: {type: string, writeOnly: true}
        both: {type: string, readOnly: true, writeOnly: true}
    Id: {type: string}
    Made: {type: string, readOnly: true}
    Same: {type: object, properties: {a: {type: string}}}
    InnerRequest: {type: object, properties: {b: {type: string}}}";
    let schema = "{schema: {$ref: '#/components/schemas/Outer'}}";
    let paths = format!(
        "
  /a:
    post:
      operationId: a
      requestBody: {{required: true, content: {{application/json: {schema}}}}}
      responses: {{'200': {{description: Done., content: {{application/json: {schema}}}}}}}"
    );
    let (api, messages) = built(&paths, components);
    assert_eq!(messages, Vec::<String>::new());
    assert_eq!(operation(&api, "a").body_ty(), Some(&Ty::Object("OuterRequest".to_owned())));
    let inner = |name: &str| object(&api, name).fields[0].ty.clone();
    assert_eq!(inner("OuterRequest"), Ty::Object("InnerRequestBody".to_owned()).list());
    assert_eq!(inner("Outer"), Ty::Object("Inner".to_owned()).list());
    // The document's own name wins.
    assert_eq!(wires(&api, "InnerRequestBody"), ["both", "pin"]);
    assert_eq!(wires(&api, "Inner"), ["both", "id", "made"]);
    assert_eq!(object(&api, "Same").directions, Directions::BOTH);
    assert!(api.types.iter().all(|item| item.name() != "SameRequest"));
}

#[test]
fn a_response_is_recognized_without_what_only_requests_have() {
    let components = "
    U: {oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]}
    A: {type: object, required: [a, pin], properties: {a: {type: string}, pin: {$ref: '#/components/schemas/Pin'}}}
    B: {type: object, required: [b], properties: {b: {type: string}}}
    Pin: {type: string, writeOnly: true}";
    let paths = "
  /a:
    get:
      operationId: a
      responses: {'200': {description: Done., content: {application/json: {schema: {$ref: '#/components/schemas/U'}}}}}";
    let (api, _) = built(paths, components);
    let keys = |name: &str| (name.to_owned().to_uppercase(), CaseTest::Keys(vec![name.to_owned()]));
    assert_eq!(union_of(&api, "U").tests, [keys("a"), keys("b")]);
}

#[test]
fn bodies_are_by_media_type_and_responses_by_status() {
    let paths = "
  /files:
    post:
      operationId: upload
      requestBody:
        content:
          multipart/form-data: {schema: {type: object, properties: {file: {type: string, format: binary}}}}
          application/x-www-form-urlencoded: {schema: {type: object, properties: {url: {type: string}}}}
      responses:
        '200': {description: Made., content: {application/json: {schema: {type: integer}}}, headers: {X-Left: {required: true, description: Left., schema: {type: integer, format: int32}}}}
        '202': {description: Later., content: {text/plain: {schema: {type: string}}}}
        4XX: {description: Wrong., content: {application/problem+json: {schema: {type: object, properties: {a: {type: string}}}}}}
        default: {description: Else.}
  /parts:
    post:
      operationId: send
      requestBody:
        content:
          multipart/form-data: {schema: {type: object, properties: {file: {type: string, format: binary}}}}
          text/plain: {schema: {type: string}}
      responses: {'204': {description: Done.}}";
    let (api, messages) = built(paths, "    A: {type: string}");
    let upload = operation(&api, "upload");
    let body = upload.body.as_ref().unwrap();
    let kinds: Vec<_> = body.contents.iter().map(|content| content.media_type.kind).collect();
    assert_eq!((kinds, body.required), (vec![MediaKind::Multipart, MediaKind::Form], false));
    // The form is sent, so that it has the name which a lone body would have.
    assert_eq!(upload.body_ty(), Some(&Ty::Object("UploadBody".to_owned())));
    assert_eq!(api.form(upload).map(|form| form.fields[0].wire.as_str()), Some("url"));
    let send = operation(&api, "send");
    assert_eq!((send.required_body(), send.optional_body()), (None, Some(&Ty::Object("SendBody".to_owned()))));
    let form = api.form(send).unwrap();
    assert_eq!((form.is_multipart, &form.fields[0].ty, form.fields[0].hidden), (true, &Ty::File, true));
    let statuses: Vec<_> = upload.responses.iter().map(|response| response.status).collect();
    assert_eq!(statuses, [Status::Code(200), Status::Code(202), Status::Range(4), Status::Default]);
    let header = &upload.responses[0].headers[0];
    assert_eq!((header.wire.as_str(), &header.ty, header.required), ("X-Left", &Ty::Scalar(Scalar::Int32), true));
    assert_eq!(upload.responses[2].contents[0].media_type.kind, MediaKind::JsonSuffix);
    assert_eq!(upload.returns, Returns::ByStatus("UploadResponse".to_owned()));
    assert_eq!(upload.accepts(), ["application/json", "text/plain"]);
    let variants: Vec<_> = upload.outcomes().iter().map(|outcome| outcome.variant()).collect();
    assert_eq!(variants, ["Ok", "Accepted"]);
    assert_eq!(messages, Vec::<String>::new());
}

#[test]
fn the_value_of_a_success_depends_on_which_successes_have_a_body() {
    let json = |schema: &str| format!("{{description: D., content: {{application/json: {{schema: {schema}}}}}}}");
    let (text, number, none) = (json("{type: string}"), json("{type: integer}"), "{description: D.}".to_owned());
    let plain = "{description: D., content: {text/plain: {schema: {type: string}}}}".to_owned();
    for (responses, expected) in [
        (vec![("200", &text), ("201", &text)], "String"),
        (vec![("200", &text), ("201", &plain)], "String"),
        (vec![("200", &text), ("204", &none)], "Option<String>"),
        (vec![("200", &none), ("204", &none)], "()"),
        (vec![("200", &text), ("202", &number)], "ThingResponse"),
        (vec![("200", &text), ("2XX", &number), ("204", &none)], "ThingResponse"),
        (vec![("default", &number), ("404", &text)], "i64"),
        (vec![("default", &number), ("200", &text)], "String"),
        (vec![("302", &text), ("404", &number)], "()"),
        (vec![("404", &number)], "()"),
    ] {
        let listed: Vec<_> = responses.iter().map(|(status, response)| format!("'{status}': {response}")).collect();
        let listed = listed.join(", ");
        let paths = format!("\n  /a:\n    get: {{operationId: thing, responses: {{{listed}}}}}");
        let (api, messages) = built(&paths, "    A: {type: string}");
        assert_eq!((operation(&api, "thing").returns.path().as_str(), messages.len()), (expected, 0), "{listed}");
    }
}

#[test]
fn a_form_without_properties_is_in_the_model_and_refused() {
    let paths = [
        "{type: string}",
        "{type: object, properties: {a: {type: string}, b: {type: object, properties: {c: {type: string}}}}}",
    ];
    let operation = |(nth, schema): (usize, &&str)| {
        format!(
            "
  /a{nth}:
    post:
      operationId: a{nth}
      requestBody: {{required: true, content: {{application/x-www-form-urlencoded: {{schema: {schema}}}}}}}
      responses: {{'204': {{description: Done.}}}}"
        )
    };
    let paths: String = paths.iter().enumerate().map(operation).collect();
    let (_, messages) = built(&paths, "    A: {type: string}");
    assert_eq!(messages, ["a form without properties is not supported"]);
}

#[test]
fn values_of_other_types_are_codes_and_cookies_with_parts_are_refused() {
    let paths = "
  /a:
    get:
      operationId: a
      parameters: [{name: session, in: cookie, schema: {type: string}}, {name: ids, in: cookie, schema: {type: array, items: {type: string}}}]
      responses: {'200': {description: Fine.}}";
    let components = "    Level: {type: integer, enum: [1, 2, 10]}\n    Mixed: {enum: [auto, 1]}";
    let (api, messages) = built(paths, components);
    let kinds: Vec<_> = api
        .types
        .iter()
        .map(|item| match item {
            TypeItem::Code(code) => (code.kind, code.variants.len()),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(kinds, [(CodeKind::Integer, 3), (CodeKind::Mixed, 2)]);
    assert_eq!(operation(&api, "a").parameters[0].location, Location::Cookie);
    assert_eq!(messages, ["`ids` in the cookie has parts, and no style that writes them"]);
}

#[test]
fn security_is_described_in_full() {
    let text = "
openapi: 3.0.3
info: {title: T, version: '1'}
security: [{key: []}, {}]
paths:
  /a:
    get: {operationId: a, security: [{login: [read, write], key: []}], responses: {'200': {description: Fine.}}}
    put: {operationId: b, responses: {'200': {description: Fine.}}}
    post: {operationId: c, security: [], responses: {'200': {description: Fine.}}}
    patch: {operationId: d, security: [{tls: []}, {other: [], session: []}, {key: []}], responses: {'200': {description: Fine.}}}
    delete: {operationId: e, security: [{}, {tls: []}], responses: {'200': {description: Fine.}}}
    head: {operationId: f, security: [{basic: [], login: [], tls: []}], responses: {'200': {description: Fine.}}}
components:
  securitySchemes:
    key: {type: apiKey, in: query, name: k}
    other: {type: apiKey, in: header, name: X-Key}
    session: {type: apiKey, in: cookie, name: SID}
    tls: {type: mutualTLS}
    login: {type: oauth2, flows: {clientCredentials: {tokenUrl: 'https://example.com/t', scopes: {}}}}
    basic: {type: http, scheme: Basic}";
    let api = build(&load("spec.yaml", text).unwrap(), &Omitted::default()).unwrap().api;
    let kinds: Vec<_> = api.security_schemes.iter().map(|scheme| scheme.kind.clone()).collect();
    let flows = vec![("clientCredentials".to_owned(), "https://example.com/t".to_owned())];
    let expected = [
        SecurityKind::Http("basic".to_owned()),
        SecurityKind::ApiKey(Location::Query, "k".to_owned()),
        SecurityKind::OAuth2(flows),
        SecurityKind::ApiKey(Location::Header, "X-Key".to_owned()),
        SecurityKind::ApiKey(Location::Cookie, "SID".to_owned()),
        SecurityKind::MutualTls,
    ];
    assert_eq!(kinds, expected);
    let requirement = &operation(&api, "a").security[0];
    let scopes = vec!["read".to_owned(), "write".to_owned()];
    assert_eq!(requirement.schemes, [("key".to_owned(), Vec::new()), ("login".to_owned(), scopes)]);
    let places = |name: &str| {
        let authorization = operation(&api, name).authorization.clone()?;
        let place = |it: Credential| format!("{} {} {}", it.scheme, it.location.keyword(), it.name);
        Some((authorization.credentials.into_iter().map(place).collect::<Vec<_>>().join(", "), authorization.optional))
    };
    let both = "key query k, login header authorization".to_owned();
    assert_eq!(places("a"), Some((both, false)));
    assert_eq!(places("b"), Some(("key query k".to_owned(), true)));
    assert_eq!(places("c"), None);
    // The first alternative with credentials; a request does not carry a certificate.
    assert_eq!(places("d"), Some(("other header x-key, session cookie SID".to_owned(), true)));
    assert_eq!(places("e"), Some((String::new(), true)));
    // A place has one value.
    assert_eq!(places("f"), Some(("basic header authorization".to_owned(), false)));
    let shown = operation(&api, "d").to_string();
    assert!(shown.ends_with("  authorization may be in `x-key` and the cookie `SID`\n"), "{shown}");
    let shown = operation(&api, "a").to_string();
    assert!(shown.ends_with("  authorization in the query `k` and `authorization`\n"), "{shown}");
    let shown = operation(&api, "e").to_string();
    assert!(shown.ends_with("  authorization by a client certificate\n"), "{shown}");
}

#[test]
fn types_that_contain_themselves_are_boxed_where_they_do() {
    let components = "
    A: {type: object, properties: {b: {$ref: '#/components/schemas/B'}, list: {type: array, items: {$ref: '#/components/schemas/A'}}}}
    B: {type: object, properties: {a: {$ref: '#/components/schemas/A'}, c: {$ref: '#/components/schemas/C'}}}
    C: {type: object, properties: {itself: {$ref: '#/components/schemas/C'}, text: {type: string}}}";
    let (api, _) = built("  {}", components);
    let boxed: Vec<_> = ["A", "B", "C"]
        .into_iter()
        .flat_map(|name| object(&api, name).fields.iter().filter(|field| field.boxed))
        .map(|field| field.wire.as_str())
        .collect();
    assert_eq!(boxed, ["b", "a", "itself"]);
}
