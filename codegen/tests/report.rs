//! Reports for people, web pages and scripts: no spec, whatever it holds, gets to write them.
#![allow(clippy::unwrap_used, reason = "a test says what it needs by failing")]

mod headline;
mod schema;

use std::fs;
use std::path::Path;

use openbanking_codegen::diff::{
    Acknowledgements, Colour, Finding, Report, Rust, Side, Wire, added, compare, github, json_schema, markdown,
    removed, text,
};
use openbanking_codegen::read::MAX_KEY;
use serde_json::{Value, json};

/// GitHub takes no longer comment.
const MAX_COMMENT: usize = 65_536;

/// What somebody may write into a spec who wishes its reviewers ill.
const HOSTILE: &[&str] = &[
    "`",
    "a`b",
    "``x``",
    "` `|` `",
    "|",
    "a | b | c",
    "\\|",
    "||||",
    "<script>alert(1)</script>",
    "</code><script>",
    "</details></summary>",
    "<img src=x onerror=alert(1)>",
    "<!--",
    "-->",
    "--><b>",
    "@someone",
    "`@someone`",
    "a`@someone",
    "me@example.org",
    "@org/team",
    "#12",
    "owner/repo#12",
    "a`#12",
    "GH-12",
    "a`GH-12",
    "https://evil.example/",
    "a`https://evil.example/",
    "www.evil.example",
    "[a](https://evil.example)",
    "![a](b)",
    "**bold**",
    "_em_",
    "~~gone~~",
    "$x$",
    "&lt;b&gt;",
    "&#64;someone",
    "&amp;#35;1",
    "a\n::error::b",
    "a\r\n::error file=x::b",
    "\n\n# Title\n\n- item",
    "a\n| b | c |",
    "\n```\n",
    "\u{85}::error::x",
    "\u{2028}::error::x",
    "::error::x",
    "%",
    "%0A::error::x",
    "%25",
    "a%0Db",
    "a,line=1,title=b::c",
    "a:b,c",
    "::stop-commands::x",
    "\u{1b}[31mred",
    "\u{1b}]8;;https://evil.example\u{7}link",
    "\u{9b}2J",
    "\u{7f}",
    "\0",
    "\u{8}\u{8}\u{8}",
    "\t",
    "user\u{202e}nimda",
    "\u{2066}a\u{2069}",
    "\u{61c}a",
    "\u{200b}\u{feff}\u{ad}\u{2060}",
    "\u{e0041}\u{e007f}",
    "\u{fff9}",
    "'\"\"'",
    "",
    " ",
    "{}",
    "🏦",
];

fn spec(kind: &str) -> String {
    format!(
        "openapi: 3.0.3
info: {{title: Things, version: 1.0.0}}
paths:
  /things:
    get:
      operationId: things
      parameters:
        - {{name: kind, in: query, description: A kind., schema: {{type: {kind}}}}}
      responses:
        '200': {{description: Fine., content: {{application/json: {{schema: {{$ref: '#/components/schemas/Thing'}}}}}}}}
    post:
      operationId: addThing
      responses:
        '200': {{description: Fine., content: {{application/json: {{schema: {{$ref: '#/components/schemas/Thing'}}}}}}}}
components:
  schemas:
    Thing: {{type: object, description: A {kind}., properties: {{name: {{type: {kind}}}}}}}
"
    )
}

/// A report with findings of several kinds, a crate, and entries that acknowledge something, nothing, and nothing more.
fn report() -> Report {
    let (old, new) = (spec("string"), spec("integer"));
    let mut report = compare(Side { file: "old.yaml", text: &old }, Side { file: "new.yaml", text: &new }).unwrap();
    report.add_package("things", &["new.yaml"], Some("0.1.0"), Some("0.1.0"));
    let name = "/components/schemas/Thing/properties/name/type";
    let entry = |pointer: &str, until: &str| {
        format!("- {{rule: type-changed, pointer: {pointer}, reason: Accepted., until: {until}}}\n")
    };
    let entries =
        [entry(name, "'2'"), entry("/elsewhere", "'2'"), entry("/paths/~1things/get/parameters/0/schema/type", "'1'")];
    Acknowledgements::read("acknowledged.yaml", &entries.concat()).unwrap().apply(&mut report).unwrap();
    assert!(report.findings.len() >= 3 && report.findings.iter().any(Finding::is_documentation), "{report:?}");
    assert!(report.findings.iter().any(|finding| finding.acknowledged.is_some()), "{report:?}");
    assert_eq!(report.unused_acknowledgements.len(), 2);
    report
}

/// The report with another text at every place where one may come from a spec or another file.
fn poisoned(text: &str) -> Report {
    let mut report = report();
    for finding in &mut report.findings {
        finding.operations = finding.operations.iter().map(|name| format!("{name}{text}")).collect();
        finding.schemas.iter_mut().for_each(|name| name.push_str(text));
        finding.spec.push_str(text);
        finding.pointer.push_str(text);
        finding.message = format!("the value `{text}` is {text} now, not `{text}`: {text}");
        finding.rust_changes = vec![format!("`{text}` changes to `{text}`"), text.to_owned()];
        for place in [&mut finding.base, &mut finding.head].into_iter().flatten() {
            place.file.push_str(text);
        }
        if let Some(reason) = &mut finding.acknowledged {
            *reason = text.to_owned();
        }
    }
    for compared in &mut report.specs {
        compared.spec.push_str(text);
        compared.info_version.base = Some(text.to_owned());
        compared.info_version.head = Some(format!("{text}1"));
        compared.info_version.needed = Some(text.to_owned());
    }
    for package in &mut report.packages {
        package.name.push_str(text);
        package.version.base = Some(text.to_owned());
        package.version.head = Some(format!("{text}1"));
    }
    for left in &mut report.unused_acknowledgements {
        for part in [&mut left.rule, &mut left.pointer, &mut left.reason, &mut left.until] {
            part.push_str(text);
        }
        left.place = format!("acknowledged{text}.yaml:3");
    }
    report
}

/// A report of two specs that hold a text wherever OpenAPI lets them choose one.
fn spoiled(text: &str) -> Report {
    // The reader limits the length of keys.
    let key: String = text.chars().take(200).collect();
    let spec = |kind: &str, more: &str| {
        let thing = json!({"$ref": "#/components/schemas/Thing"});
        let body = json!({"description": text, "content": {format!("application/json{key}"): {"schema": thing}}});
        json!({
            "openapi": "3.0.3",
            "info": {"title": format!("{text}{more}"), "version": format!("{text}{more}"), "description": format!("{text}{more}")},
            "servers": [{"url": format!("https://example.org/{text}{more}")}],
            "tags": [{"name": format!("{text}{more}")}],
            "paths": {format!("/a{key}"): {"get": {
                "operationId": format!("get{text}{more}"),
                "summary": format!("{text}{more}"),
                "parameters": [{"name": format!("p{text}"), "in": "query", "schema": {"type": kind}}],
                "responses": {"200": body, "404": {"description": format!("{text}{more}")}},
            }}, format!("/b{key}{more}"): {"get": {"responses": {"200": body}}}},
            "components": {"schemas": {
                "Thing": {
                    "type": "object",
                    "description": format!("{text}{more}"),
                    "properties": {
                        format!("n{key}"): {"type": kind},
                        format!("m{key}{more}"): {"type": "string"},
                        "e": {"type": "string", "enum": ["a", format!("{text}{more}")], "default": format!("{text}{more}")},
                        "f": {"type": "string", "format": format!("{text}{more}"), "pattern": format!("{text}{more}")},
                    },
                },
                format!("S{key}{more}"): {"type": kind, "example": format!("{text}{more}")},
            }},
            format!("x-{key}{more}"): format!("{text}{more}"),
        })
    };
    let (old, new) = (escaped(&spec("string", "")), escaped(&spec("integer", "1")));
    compare(Side { file: "old.json", text: &old }, Side { file: "new.json", text: &new })
        .unwrap_or_else(|failures| panic!("{text:?}: {failures:?}"))
}

/// JSON without the characters that a spec has to write as escapes.
fn escaped(value: &Value) -> String {
    let mut escaped = String::new();
    for character in value.to_string().chars() {
        match u32::from(character) {
            code @ (0x7f..=0x1_f000 | 0xe_0000..) => escaped.push_str(&format!("\\U{code:08x}")),
            _ => escaped.push(character),
        }
    }
    escaped
}

/// Reports that hold a text.
fn hostile() -> impl Iterator<Item = (&'static str, Report)> {
    HOSTILE.iter().flat_map(|text| [(*text, poisoned(text)), (*text, spoiled(text))])
}

/// Each text as a page, and a harmless one that is printed in the same way.
fn beside_harmless(print: impl Fn(&Report) -> String) -> impl Iterator<Item = (&'static str, String, String)> {
    let plain = print(&poisoned("x"));
    HOSTILE.iter().map(move |text| (*text, print(&poisoned(text)), plain.clone()))
}

fn count(text: &str, part: &str) -> usize {
    text.matches(part).count()
}

/// Whether a terminal or a reader would take a character for something else than a letter.
fn is_hidden(character: char) -> bool {
    character != '\n' && character.is_control()
        || "\u{ad}\u{61c}\u{180e}\u{200b}\u{200e}\u{200f}\u{2028}\u{2029}\u{2060}\u{feff}\u{fff9}".contains(character)
        || ('\u{202a}'..='\u{202e}').contains(&character)
        || ('\u{2066}'..='\u{2069}').contains(&character)
        || ('\u{e0000}'..='\u{e007f}').contains(&character)
}

#[test]
fn nothing_that_is_hidden_gets_into_a_page() {
    for (hostile, report) in hostile() {
        for page in [text(&report, Colour::Never), markdown(&report), github(&report)] {
            let hidden: Vec<_> = page.chars().filter(|character| is_hidden(*character)).collect();
            assert_eq!(hidden, Vec::<char>::new(), "{hostile:?} in\n{page}");
        }
    }
}

#[test]
fn no_value_begins_a_line_of_text() {
    for (hostile, page, plain) in beside_harmless(|report| text(report, Colour::Never)) {
        assert_eq!(count(&page, "\n"), count(&plain, "\n"), "{hostile:?} in\n{page}\nnot as\n{plain}");
    }
    for (hostile, report) in hostile() {
        let page = text(&report, Colour::Never);
        let begins = page.lines().find(|line| line.trim_start().starts_with("::"));
        assert_eq!(begins, None, "{hostile:?} in\n{page}");
    }
}

#[test]
fn colour_is_all_that_colour_adds() {
    let plain = text(&report(), Colour::Never);
    assert!(!plain.contains('\u{1b}'));
    for (hostile, report) in hostile().chain([("", report())]) {
        let coloured = text(&report, Colour::Always);
        assert!(coloured.contains("\u{1b}["));
        let mut parts = coloured.split('\u{1b}');
        let mut bare = parts.next().unwrap().to_owned();
        for part in parts {
            let (code, rest) = part.split_once('m').unwrap();
            let code = code.strip_prefix('[').unwrap();
            assert!(
                code.chars().all(|character| character.is_ascii_digit() || character == ';'),
                "{hostile:?}: {code}"
            );
            bare.push_str(rest);
        }
        assert_eq!(bare, text(&report, Colour::Never), "{hostile:?}");
    }
}

/// The text of a page between our `<code>` and `</code>`, and the rest, comments taken out of neither.
fn code_and_rest(page: &str) -> (String, String) {
    let (mut code, mut rest) = (String::new(), String::new());
    for (nth, part) in page.split("<code>").enumerate() {
        match part.split_once("</code>") {
            Some((inner, after)) if nth > 0 => {
                code.push_str(inner);
                code.push('\n');
                rest.push_str(after);
            }
            _ => rest.push_str(part),
        }
    }
    (code, rest)
}

#[test]
fn only_our_own_tags_are_in_a_comment() {
    const TAGS: &[&str] =
        &["<code>", "</code>", "<details>", "</details>", "<summary>", "</summary>", "<br>", "<!-- -->"];
    for (hostile, report) in hostile() {
        let page = markdown(&report);
        let rest = page.replacen("<!-- cargo xtask diff -->", "", 1);
        let rest = TAGS.iter().fold(rest, |rest, tag| rest.replace(tag, ""));
        assert!(!rest.contains(['<', '>']), "{hostile:?} in\n{page}");
        for tag in ["code", "details", "summary"] {
            assert_eq!(count(&page, &format!("<{tag}>")), count(&page, &format!("</{tag}>")), "{hostile:?} in\n{page}");
        }
    }
}

#[test]
fn no_value_is_markdown() {
    for (hostile, report) in hostile() {
        let page = markdown(&report);
        let own: String = page.lines().filter(|line| !line.starts_with("### ")).collect();
        let bare = own.replace("&#", "").replace("<!--", "");
        assert!(!bare.contains(['#', '[', ']', '\\', '~', '$', '!', '_']), "{hostile:?} in\n{page}");
    }
    for (hostile, page, plain) in beside_harmless(markdown) {
        for mark in ["`", "**", "*", "<details>", "<summary>", "<br>", "\n", "\n- ", "\n#", "\n|"] {
            assert_eq!(count(&page, mark), count(&plain, mark), "{mark} for {hostile:?} in\n{page}");
        }
    }
}

#[test]
fn nobody_is_mentioned_and_nothing_is_linked() {
    for (hostile, report) in hostile() {
        let page = markdown(&report);
        assert!(!page.contains('@'), "{hostile:?} in\n{page}");
        let (code, rest) = code_and_rest(&page);
        // Outside of `<code>`, GitHub would take them for what the entities stand for.
        for entity in ["&#64;", "&#35;"] {
            assert_eq!(count(&rest, entity), count(&rest, &format!("{entity}<!-- -->")), "{hostile:?} in\n{page}");
        }
        assert!(!rest.contains("GH-1"), "{hostile:?} in\n{page}");
        for address in ["://", "www.e"] {
            assert!(!code.contains(address) && !rest.contains(address), "{hostile:?} in\n{page}");
        }
    }
}

#[test]
fn rows_of_tables_keep_their_cells() {
    for (hostile, report) in hostile() {
        let page = markdown(&report);
        let rows: Vec<_> = page.lines().filter(|line| line.contains('|')).collect();
        assert!(rows.len() >= 3, "{page}");
        let mut cells = 0;
        for (nth, row) in rows.iter().enumerate() {
            assert!(row.starts_with("| ") && row.ends_with(" |"), "{hostile:?}: {row}");
            let is_head = rows.get(nth + 1).is_some_and(|row| row.starts_with("| --- |"));
            cells = if is_head { count(row, "|") } else { cells };
            assert_eq!(count(row, "|"), cells, "{hostile:?}: {row}");
        }
    }
}

#[test]
fn every_line_for_github_is_a_command_of_ours() {
    let is_ours = |line: &str| {
        if line.starts_with("::notice title=spec diff::") {
            return true;
        }
        let level = ["::error ", "::warning ", "::notice "].iter().find_map(|level| line.strip_prefix(level));
        let Some((properties, _)) = level.and_then(|rest| rest.split_once("::")) else { return false };
        let keys: Vec<_> = properties.split(',').filter_map(|property| property.split_once('=')).collect();
        let is_number = |text: &str| text.parse::<usize>().is_ok_and(|line| line > 0);
        matches!(keys.as_slice(), [("file", _), ("line", line), ("title", _)] if is_number(line))
            && properties.split(',').count() == 3
    };
    for (hostile, report) in hostile() {
        let page = github(&report);
        let words = report.findings.iter().filter(|finding| finding.is_documentation()).count();
        let expected = report.findings.len() - words + report.unused_acknowledgements.len() + 1;
        assert_eq!(page.lines().count(), expected, "{hostile:?} in\n{page}");
        for line in page.lines() {
            assert!(is_ours(line), "{hostile:?}: {line}");
            let escapes = line.split('%').skip(1);
            let is_escape = |rest: &str| ["25", "0A", "3A", "2C"].iter().any(|code| rest.starts_with(code));
            assert!(escapes.clone().all(is_escape), "{hostile:?}: {line}");
        }
    }
}

#[test]
fn the_level_of_an_annotation_follows_the_wire() {
    let level = |wire: Wire, rust: Rust, accepted: Option<&str>| {
        let report = many(1, |_, finding| {
            (finding.wire, finding.rust, finding.acknowledged) = (wire, rust, accepted.map(str::to_owned));
        });
        github(&report).split(' ').next().unwrap().to_owned()
    };
    assert_eq!(level(Wire::Breaking, Rust::Breaking, None), "::error");
    assert_eq!(level(Wire::Potential, Rust::Breaking, None), "::warning");
    assert_eq!(level(Wire::Compatible, Rust::Breaking, None), "::notice");
    assert_eq!(level(Wire::None, Rust::Refused, None), "::error");
    assert_eq!(level(Wire::Breaking, Rust::Breaking, Some("fine")), "::notice");
}

/// A report with many findings, changed one by one.
fn many(count: usize, change: impl Fn(usize, &mut Finding)) -> Report {
    let mut report = report();
    let one = report.findings.iter().find(|finding| !finding.is_documentation()).unwrap().clone();
    report.unused_acknowledgements.clear();
    report.findings = (0..count)
        .map(|nth| {
            let mut finding = one.clone();
            change(nth, &mut finding);
            finding
        })
        .collect();
    report
}

/// A page that fits, and says how many findings it lacks.
fn check_size(report: &Report) {
    let page = markdown(report);
    let length = page.chars().count();
    assert!(length < MAX_COMMENT, "{length} characters");
    let number = |line: &str, end: &str| line.split_once(end)?.0.rsplit([' ', '*']).next()?.parse::<usize>().ok();
    let counted = page.lines().filter_map(|line| match line.starts_with("- ") {
        true => Some(number(line, " times (").unwrap_or(1)),
        false => {
            number(line, " more findings do not fit here").or_else(|| number(line, "** (`cargo xtask diff` lists"))
        }
    });
    assert_eq!(counted.sum::<usize>(), report.findings.len(), "{page}");
    assert_eq!(count(&page, "<details>"), count(&page, "</details>"));
    assert!(!page.contains("</summary>\n\n\n"), "an empty fold");
}

#[test]
fn five_thousand_findings_fit_a_comment() {
    let message = |nth: usize, finding: &mut Finding| finding.message = format!("the value `v{nth}` is new");
    check_size(&many(5_000, message));
    // A group for each, with titles of any length.
    check_size(&many(5_000, |nth, finding| finding.operations = vec![format!("GET /things/{nth}")].into()));
    check_size(&many(5_000, |nth, finding| {
        finding.operations = vec![format!("GET /{nth}/{}", "@".repeat(nth))].into()
    }));
    check_size(&many(5_000, |nth, finding| {
        finding.operations = vec!["GET /a".to_owned(), format!("GET /{nth}")].into()
    }));
    // Words alone are one list.
    check_size(&many(5_000, |_, finding| {
        finding.wire = Wire::Docs;
        finding.rust = Rust::Docs;
    }));
}

#[test]
fn values_of_any_length_fit_a_comment() {
    let long = "|@".repeat(100_000);
    let mut report = poisoned(&long);
    let left = report.unused_acknowledgements[0].clone();
    report.unused_acknowledgements = vec![left; 1_000];
    let (spec, package) = (report.specs[0].clone(), report.packages[0].clone());
    report.specs = vec![spec; 100];
    report.packages = vec![package; 100];
    let page = markdown(&report);
    assert!(page.chars().count() < MAX_COMMENT, "{} characters", page.chars().count());
    let shown = page.lines().filter(|line| line.starts_with("- <code>acknowledged")).count();
    assert!(page.contains(&format!("\n- … and {} more\n", 1_000 - shown)), "{shown} shown");
    // Keys are limited where they are read.
    let key = &long[..MAX_KEY - 24];
    assert!(markdown(&spoiled(key)).chars().count() < MAX_COMMENT);
}

#[test]
fn one_long_finding_hides_no_others() {
    let report = many(3, |nth, finding| {
        let reaches = if nth == 0 { 10_000 } else { 1 };
        finding.rust_changes = vec![format!("item{nth} changes"); reaches];
    });
    let page = markdown(&report);
    assert!(["item0", "item1", "item2"].iter().all(|item| page.contains(&format!("{item} changes"))), "{page}");
    assert!(page.contains("Rust: and 9992 more changes"), "{page}");
}

/// All reports of the pairs, forwards and backwards, and some others.
fn reports() -> Vec<(String, Report)> {
    let mut reports = vec![("a full one".to_owned(), report())];
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diff")).unwrap() {
        let folder = entry.unwrap().path();
        let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
        let [old, new] = ["old.yaml", "new.yaml"].map(|file| fs::read_to_string(folder.join(file)).unwrap());
        let is_spec = |text: &str| text.lines().any(|line| !line.starts_with('#'));
        let sides =
            [(&old, "old.yaml"), (&new, "new.yaml")].map(|(text, file)| is_spec(text).then_some(Side { file, text }));
        for [base, head] in [sides, [sides[1], sides[0]]] {
            let report = match (base, head) {
                (Some(base), Some(head)) => compare(base, head),
                (None, Some(head)) => added(head),
                (Some(base), None) => removed(base),
                (None, None) => panic!("{name} has no spec"),
            };
            reports.push((name.clone(), report.unwrap()));
        }
    }
    assert!(reports.len() > 100);
    reports
}

#[test]
fn every_report_is_what_the_schema_says() {
    let schema = serde_json::to_value(json_schema()).unwrap();
    for (name, report) in reports() {
        let value = serde_json::to_value(&report).unwrap();
        assert_eq!(schema::violations(&schema, &value), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn what_the_schema_does_not_say_is_noticed() {
    let schema = serde_json::to_value(json_schema()).unwrap();
    let good = serde_json::to_value(report()).unwrap();
    for (pointer, wrong) in [
        ("/schema", json!("1")),
        ("/schema", json!(-1)),
        ("/schema", json!(1.5)),
        ("/verdict", json!("fatal")),
        ("/findings", json!({})),
        ("/findings/0/wire", json!(null)),
        ("/findings/0/operations/0", json!(1)),
        ("/findings/0/head", json!({"file": "a", "line": 1})),
        ("/findings/0", json!({})),
        ("/packages/0/version/enough", json!("yes")),
        ("/unused_acknowledgements/0/why", json!("gone")),
    ] {
        let mut value = good.clone();
        *value.pointer_mut(pointer).unwrap() = wrong;
        assert_ne!(schema::violations(&schema, &value), Vec::<String>::new(), "{pointer}");
    }
    let mut value = good;
    value["findings"][0]["more"] = json!(1);
    assert_eq!(schema::violations(&schema, &value), ["/findings/0/more is not described"]);
}

#[test]
fn the_committed_schema_is_that_of_the_code() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("diff-report.schema.json");
    let committed = fs::read_to_string(path).unwrap_or_default();
    let expected = serde_json::to_string_pretty(&json_schema()).unwrap() + "\n";
    let command = "cargo xtask diff --schema > codegen/diff-report.schema.json";
    assert!(committed == expected, "`codegen/diff-report.schema.json` is stale (run `{command}`)");
}

#[test]
fn places_are_one_text_in_json() {
    let value = serde_json::to_value(report()).unwrap();
    assert_eq!(value["schema"], 2);
    let place = value["findings"][0]["head"].as_str().and_then(|place| place.strip_prefix("new.yaml:"));
    assert!(place.is_some_and(|line| line.parse::<usize>().is_ok()), "{value}");
    assert_eq!(value.pointer("/findings/0/nearest"), None::<&Value>);
}
