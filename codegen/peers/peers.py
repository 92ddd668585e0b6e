"""Generates, checks and compares; `run.sh` installs the tools and calls this. Standard library only."""

import argparse
import datetime
import json
import os
import re
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import scale

TOOLS = ["ours", "progenitor", "ploidy", "openapi-generator"]
TYPES = {"ours": "types", "progenitor": "types", "ploidy": "types", "openapi-generator": "models"}
# Calls that set a media type without its name in the generated code.
MEDIA_CALLS = {
    "application/json": r"\.json\(",
    "application/x-www-form-urlencoded": r"\.form(_urlencoded|_extra)?\(",
    "multipart/form-data": r"\.multipart\(",
}
# Our `Debug` of a struct with properties that its schema does not list.
FURTHER = re.compile(r"\bextra: \[")
# Cases for values that a union or enum does not describe.
FALLBACK = re.compile(r"^\s*(Unknown|UnknownValue)\b|\b(Unknown|UnknownValue)\(")


class Document:
    """A document and the promises in the comments at its top."""

    def __init__(self, path):
        self.path, self.name = path, path.stem
        self.facts = {"decodes": [], "header": [], "sends": []}
        self.construct, self.shape = "", None
        self.is_open = "additionalProperties" in path.read_text()
        for line in path.read_text().splitlines():
            found = re.match(r"# (construct|shape of|decodes|header|sends): (.+)", line)
            if not found:
                continue
            key, value = found.groups()
            if key == "construct":
                self.construct = value
            elif key == "shape of":
                self.shape = value.split(" ")
            else:
                self.facts[key].append(value)
        self.samples = [fact.split(" ", 1) for fact in self.facts["decodes"]]


class Run:
    def __init__(self, root, work):
        self.root, self.work = root, work
        self.tools = work / "tools"
        self.notes = {}
        # Documents of which ours leaves out an operation.
        self.incomplete = set()

    def note(self, tool, name, text):
        self.notes.setdefault((tool, name), text)

    def crate(self, tool, name):
        return self.work / "crates" / tool / f"p-{name.replace('_', '-')}"

    def is_installed(self, tool):
        return {
            "ours": Path(os.environ.get("OURS", "")).is_file(),
            "progenitor": (self.tools / "bin/cargo-progenitor").is_file(),
            "ploidy": (self.tools / "bin/ploidy").is_file(),
            "openapi-generator": (self.tools / "openapi_generator_cli/openapi-generator.jar").is_file()
            and shutil.which("java") is not None,
        }[tool]

    def generate(self, tool, documents):
        """Returns the names of the documents that the tool made a crate of."""
        shutil.rmtree(self.work / "crates" / tool, ignore_errors=True)
        if tool == "openapi-generator":
            self.generate_batch(documents)
        else:
            for document in documents:
                self.generate_one(tool, document)
        return {d.name for d in documents if (self.crate(tool, d.name) / "src/lib.rs").is_file()}

    def command(self, tool, path, name):
        """The command that makes a crate of one document."""
        out = self.crate(tool, name)
        jar = self.tools / "openapi_generator_cli/openapi-generator.jar"
        return {
            # One runtime for all crates, so that it is compiled once.
            "ours": [os.environ.get("OURS", ""), "generate", "--spec", path, "--out", out,
                     "--runtime", f"path={self.root / 'client-runtime'}"],
            "progenitor": [self.tools / "bin/cargo-progenitor", "progenitor", "--input", path, "--output", out,
                           "--name", out.name, "--version", "0.1.0"],
            "ploidy": [self.tools / "bin/ploidy", "generate", "rust", path, "--output", out, "--name", out.name],
            "openapi-generator": ["java", "-Xmx4g", "-jar", jar, "generate", "-g", "rust", "-i", path, "-o", out,
                                  "--additional-properties", f"packageName={out.name}"],
        }[tool]

    def generate_one(self, tool, document):
        out = self.crate(tool, document.name)
        out.parent.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(self.command(tool, document.path, document.name), cwd=self.root, capture_output=True, text=True)
        lines = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
        if done.returncode != 0:
            shutil.rmtree(out, ignore_errors=True)
            self.note(tool, document.name, "not generated: " + first_error(lines))
        if tool == "ours" and any(line.startswith("left out: ") for line in lines):
            self.incomplete.add(document.name)

    def generate_batch(self, documents):
        """All documents in one Java process."""
        configs = self.work / "crates/openapi-generator/configs"
        configs.mkdir(parents=True)
        for document in documents:
            out = self.crate("openapi-generator", document.name)
            config = {"generatorName": "rust", "inputSpec": str(document.path), "outputDir": str(out),
                      "additionalProperties": {"packageName": out.name}}
            (configs / f"{document.name}.json").write_text(json.dumps(config))
        jar = self.tools / "openapi_generator_cli/openapi-generator.jar"
        command = ["java", "-jar", jar, "batch", "--threads", "2", *sorted(configs.glob("*.json"))]
        log = self.work / "openapi-generator.log"
        with log.open("w") as output:
            subprocess.run(command, stdout=output, stderr=subprocess.STDOUT)
        for document in documents:
            if not (self.crate("openapi-generator", document.name) / "src/lib.rs").is_file():
                self.note("openapi-generator", document.name, "not generated")

    def source(self, tool, name):
        """The generated code without comments."""
        files = sorted((self.crate(tool, name) / "src").rglob("*.rs"))
        files = [file for file in files if file.name != "progenitor_client.rs"]
        return "\n".join(re.sub(r"(?m)^\s*//.*$", "", file.read_text()) for file in files)

    def probe(self, tool, documents):
        """Compiles all crates and the samples in one build. Returns the names that compile and the decoded samples."""
        left = [document for document in documents]
        fails, untried = set(), set()
        while True:
            left = [d for d in left if d.name not in fails]
            broken, culprits, log = self.build(tool, left, untried)
            (self.work / f"{tool}.log").write_text(log)
            for name, text in broken.items():
                self.note(tool, name, f"does not compile: {text}")
            for (name, index), text in culprits.items():
                self.note(tool, name, f"sample {index + 1} has no type to decode it: {text}")
            if not broken and not culprits:
                break
            fails |= set(broken)
            untried |= set(culprits)
        program = self.work / "build/debug" / f"probe-{tool}"
        done = subprocess.run([program], capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"the probe of {tool} failed: {done.stderr}{log[-3000:]}")
        return {d.name for d in left}, [json.loads(line) for line in done.stdout.splitlines()], untried

    def build(self, tool, documents, untried):
        """Returns the crates that do not compile, and the samples that do not."""
        folder = self.work / "probes" / tool
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "src").mkdir(parents=True)
        manifest = f'[package]\nname = "probe-{tool}"\nversion = "0.1.0"\nedition = "2024"\n\n[workspace]\n\n[dependencies]\nserde_json = "1"\nserde = "1"\n'
        main = []
        body = []
        for document in documents:
            out = self.crate(tool, document.name)
            # Without TLS, which takes a C compiler or the system's OpenSSL.
            features = ", default-features = false" if tool == "openapi-generator" else ""
            manifest += f'{out.name} = {{ path = {json.dumps(str(out))}{features} }}\n'
            for index, (type_name, sample) in enumerate(document.samples):
                if (document.name, index) in untried:
                    continue
                module = f"{document.name}__{index}"
                main.append(f"mod {module};")
                body.append(f"    {module}::run();")
                path = f"{out.name.replace('-', '_')}::{TYPES[tool]}::{type_name}"
                (folder / f"src/{module}.rs").write_text(
                    f"pub fn run() {{\n    crate::sample::<{path}>({json.dumps(document.name)}, {index}, r####\"{sample}\"####);\n}}\n"
                )
        main.append(PROBE + "fn main() {\n" + "\n".join(body) + "\n}\n")
        (folder / "Cargo.toml").write_text(manifest)
        (folder / "src/main.rs").write_text("\n".join(main))
        command = ["cargo", "build", "--keep-going", "--message-format=json", "--manifest-path", folder / "Cargo.toml"]
        done = subprocess.run(command, capture_output=True, text=True)
        broken, culprits, log = {}, {}, done.stderr
        crates = {self.crate(tool, d.name).name: d.name for d in documents}
        for line in done.stdout.splitlines():
            message = json.loads(line)
            inner = message.get("message")
            if message.get("reason") != "compiler-message" or inner["level"] != "error":
                continue
            log += inner.get("rendered") or ""
            target = message["target"]["name"].replace("_", "-")
            if target in crates and "aborting" not in inner["message"]:
                broken.setdefault(crates[target], inner["message"])
            for span in inner["spans"]:
                found = re.search(r"src/(\w+)__(\d+)\.rs$", span["file_name"])
                if found and target == f"probe-{tool}":
                    culprits.setdefault((found[1], int(found[2])), inner["message"])
        if done.returncode != 0 and not broken and not culprits:
            sys.exit(f"the probe of {tool} does not build:\n{log[-5000:]}")
        return broken, culprits, log


PROBE = """
/// Decodes a sample and prints the value as it is written again, one JSON object a line.
fn sample<T: serde::de::DeserializeOwned + serde::Serialize + std::fmt::Debug>(name: &str, index: usize, text: &str) {
    let (written, debug) = match serde_json::from_str::<T>(text) {
        Ok(value) => (serde_json::to_string(&value).map_err(|error| error.to_string()), format!("{value:?}")),
        Err(error) => (Err(error.to_string()), String::new()),
    };
    let line = serde_json::json!({
        "name": name, "index": index, "type": std::any::type_name::<T>(), "debug": debug,
        "written": written.as_ref().ok(), "error": written.as_ref().err(),
    });
    println!("{line}");
}
"""


def first_error(lines):
    """The line of an output that says the most, shortened."""
    for index, line in enumerate(lines):
        # The message of a panic is in the line after its place.
        if "panicked at" in line and index + 1 < len(lines):
            return "panic: " + lines[index + 1].strip()[:160]
    marked = [line for line in lines if line.startswith("gen fail: ")]
    marked += [line for line in lines if re.search(r"error|exception|unsupported|×", line, re.IGNORECASE)]
    return (marked or lines or ["no message"])[0].strip()[:160]


def plain(value):
    """A value in which an absent property and null are the same."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


def load(text):
    return plain(json.loads(text, parse_float=Decimal, parse_int=Decimal))


def fault(row, sample, is_open):
    """The reason why a sample is not decoded as promised, or None."""
    if row["error"] is not None:
        return f"refuses `{sample}`: {row['error']}"
    if load(row["written"]) != load(sample):
        return f"turns `{sample}` into `{row['written']}`"
    if row["type"].startswith("serde_json::"):
        return "the type is any JSON"
    if FALLBACK.search(row["debug"]):
        return f"`{sample}` is taken for a value that is not described"
    if FURTHER.search(row["debug"]) and not is_open:
        return f"a property of `{sample}` that the document describes is kept without its type"
    return None


def all_of(answers):
    answers = list(answers)
    return "" if not answers else "yes" if all(answers) else "no"


def cells(run, tool, documents):
    """The answers for each document: generates, compiles, keeps headers, sends the media type, decodes."""
    if not run.is_installed(tool):
        return {d.name: ["?"] * 2 + ["?" if d.facts[key] else "" for key in ("header", "sends", "decodes")] for d in documents}
    generated = run.generate(tool, documents)
    compiling, rows, untried = run.probe(tool, [d for d in documents if d.name in generated])
    by_sample = {(row["name"], row["index"]): row for row in rows}
    table = {}
    for document in documents:
        name = document.name
        if name not in compiling:
            rest = ["no" if document.facts[key] else "" for key in ("header", "sends", "decodes")]
            table[name] = ["yes" if name in generated else "no", "no", *rest]
            continue
        source = run.source(tool, name)
        headers = all_of(f'"{header.lower()}"' in source.lower() for header in document.facts["header"])
        media = all_of(sends(source, media) for media in document.facts["sends"])
        if headers == "no":
            run.note(tool, name, "the header is not in the code")
        if media == "no":
            run.note(tool, name, "the media type is not in the code")
        decodes = []
        for index, (_, sample) in enumerate(document.samples):
            reason = "" if (name, index) in untried else fault(by_sample[name, index], sample, document.is_open)
            if reason:
                run.note(tool, name, reason)
            decodes.append(reason is None)
        left_out = tool == "ours" and name in run.incomplete
        if left_out:
            run.note(tool, name, "leaves out an operation")
        table[name] = ["no" if left_out else "yes", "yes", headers, media, all_of(decodes)]
    return table


def sends(source, media):
    call = MEDIA_CALLS.get(media)
    return f'"{media}' in source or (call is not None and re.search(call, source) is not None)


COLUMNS = ["generates", "compiles", "header", "media type", "decodes"]


def page(run, documents, tables, versions, large):
    shapes = [d for d in documents if d.shape]
    out = [
        "<!-- Written by `codegen/peers/run.sh`. Do not edit. -->",
        "# Comparison with other generators",
        "",
        f"{len(documents)} small documents, each with one construct of OpenAPI, through this generator and three others. "
        f"{len(shapes)} of them have the shape of a place in a public document. The documents are in `codegen/peers/documents`; "
        "the comments at the top of each say what is expected.",
        "",
        f"Run on {datetime.date.today().isoformat()} by `codegen/peers/run.sh`, with "
        + ", ".join(f"{tool} {versions[tool]}" for tool in TOOLS[1:])
        + ", with their default settings; the crates of openapi-generator are built without TLS, which would take a C library.",
        "",
        "## The columns",
        "",
        "- **generates**: the tool writes a crate for the document. Ours says which operations it leaves out, and a document with "
        "such an operation counts as `no`; the crates of the others are not searched for missing operations.",
        "- **compiles**: the crate compiles.",
        "- **header**: the name of each required header is in the generated code. The code is searched, not run.",
        "- **media type**: the media type of the request is in the generated code, by its name or by a call that implies it. "
        "The code is searched, not run.",
        "- **decodes**: the type of the schema, found by the schema's name, decodes each sample in the document's comments, "
        "and writes it again without a change (an absent property and `null` count as the same). A type that is any JSON, and "
        "a sample of which a part is taken for something outside the description, count as `no`. Bodies that are not JSON are not decoded.",
        "",
        "A cell has one answer for each tool, in the order "
        + ", ".join(TOOLS)
        + ": ✓ yes, ✗ no, ? not checked because the tool is not installed. An empty cell: the document asks for nothing of the kind. "
        "A crate that is not generated or does not compile is ✗ in all columns that the document asks for.",
        "",
        "Constructs that none of the columns covers, such as the styles of query parameters, security schemes, cookies, headers of responses, "
        "several successes, and bodies that are not JSON, show that a tool generates code that compiles, and no more.",
        "",
        "## Totals",
        "",
        "| Tool | " + " | ".join(COLUMNS) + " | no ✗ in any column |",
        "| --- |" + " ---: |" * (len(COLUMNS) + 1),
    ]
    for tool in TOOLS:
        rows = tables[tool].values()
        counts = []
        for column in range(len(COLUMNS)):
            asked = [row[column] for row in rows if row[column]]
            counts.append(f"{asked.count('yes')}/{len(asked)}" if "?" not in asked else "?")
        right = sum(all(cell in ("yes", "") for cell in row) for row in rows)
        counts.append(f"{right}/{len(documents)}" if "?" not in counts else "?")
        out.append(f"| {tool} | " + " | ".join(counts) + " |")
    marks = {"yes": "✓", "no": "✗", "?": "?", "": ""}
    out += ["", "## Documents", "", "| Document | Construct | " + " | ".join(COLUMNS) + " |", "| --- |" + " --- |" * 6]
    for document in documents:
        row = [" ".join(marks[tables[tool][document.name][column]] for tool in TOOLS).strip() for column in range(len(COLUMNS))]
        out.append(f"| {document.name} | {document.construct} | " + " | ".join(row) + " |")
    out += ["", *large]
    out += ["## Reasons", "", "The first reason for a ✗, as the tool, the compiler or the probe says it.", ""]
    for (tool, name), text in sorted(run.notes.items(), key=lambda note: (note[0][1], TOOLS.index(note[0][0]))):
        out.append(f"- {name}, {tool}: {clean(run, text)}")
    out += ["", "## Public documents", "", "| Document | Repository | File | JSON pointer |", "| --- | --- | --- | --- |"]
    out += [f"| {d.name} | {d.shape[0]} | {d.shape[1]} | `{d.shape[2]}` |" for d in shapes]
    return "\n".join(out) + "\n"


def clean(run, text):
    """A reason in one line, without places of this machine."""
    text = re.sub(r"/\S*/registry/src/[^/]+/", "", text)
    text = " ".join(text.split()).replace(str(run.work), "DIR").replace(str(run.root), ".")
    return text.replace("|", "\\|").replace("<", "&lt;")[:240]


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--root", type=Path, required=True)
    arguments.add_argument("--work", type=Path, required=True)
    arguments.add_argument("--versions", nargs="+", required=True)
    arguments.add_argument("--only", nargs="*", default=TOOLS, help="the other tools count as not installed")
    arguments.add_argument("--large-only", action="store_true", help="take the small documents from the last run")
    given = arguments.parse_args()
    os.environ.setdefault("CARGO_TARGET_DIR", str(given.work / "build"))
    run = Run(given.root, given.work)
    documents = [Document(path) for path in sorted((given.root / "codegen/peers/documents").glob("*.yaml"))]
    tables, kept = {}, given.work / "tables.json"
    if given.large_only:
        tables, notes, run.incomplete = json.loads(kept.read_text())
        run.notes = {tuple(key): text for key, text in notes}
    for tool in TOOLS if not given.large_only else []:
        print(f"{tool} …", flush=True)
        installed = run.is_installed
        run.is_installed = lambda name: name in given.only and installed(name)
        tables[tool] = cells(run, tool, documents)
        run.is_installed = installed
    kept.write_text(json.dumps([tables, list(run.notes.items()), sorted(run.incomplete)]))
    versions = dict(pair.split("=") for pair in given.versions)
    print("a large document …", flush=True)
    measured, missed = scale.measure(run, [tool for tool in TOOLS if tool in given.only])
    (given.root / "codegen/PEERS.md").write_text(page(run, documents, tables, versions, measured))
    wrong = [name for name, row in tables["ours"].items() if "no" in row]
    faults = [f"ours is wrong on: {', '.join(wrong)}"] if wrong else []
    if faults + missed:
        sys.exit("\n".join(faults + missed))


if __name__ == "__main__":
    main()
