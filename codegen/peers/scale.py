"""A document of 767 operations and 2,000 schemas through all tools: time and memory of the generator, and of `cargo check`."""

import json
import os
import shutil
import statistics
import subprocess
import sys
import time

OPERATIONS = 767
OBJECTS, ENUMS = 1500, 500
# Each command runs this often, in turns with those of the other tools.
RUNS = 3
CHECKS = 2


def reference(name):
    return {"$ref": f"#/components/schemas/{name}"}


def schemas():
    made = {}
    for nth in range(ENUMS):
        values = [f"{word}_{nth % (3 + place)}" for place, word in enumerate(("open", "booked", "held", "closed"))]
        made[f"Status{nth}"] = {"type": "string", "description": f"The status number {nth}.", "enum": values}
    for nth in range(OBJECTS):
        properties = {
            "id": {"type": "string", "format": "uuid", "description": "The identifier of the record."},
            "name": {"type": "string", "description": "The name, as the owner of the record wrote it."},
            "created": {"type": "string", "format": "date-time", "description": "The time at which the record was made."},
            "day": {"type": "string", "format": "date"},
            "count": {"type": "integer", "format": "int64"},
            "ratio": {"type": "number", "format": "double"},
            "active": {"type": "boolean", "description": "Set if the record counts."},
            "status": reference(f"Status{nth % ENUMS}"),
            "tags": {"type": "array", "items": {"type": "string"}, "description": "Words to find the record by."},
            "labels": {"type": "object", "additionalProperties": {"type": "string"}},
        }
        # Earlier schemas alone, and few levels of them: openapi-generator writes an example of each with all that it holds.
        if nth >= 50:
            properties["origin"] = reference(f"Record{nth % 50}")
        if nth >= 200:
            properties["parts"] = {"type": "array", "items": reference(f"Record{nth % 200}")}
        made[f"Record{nth}"] = {
            "type": "object",
            "description": f"The record number {nth}, with all that is known of it.",
            "required": ["id", "name", "status"],
            "properties": properties,
        }
    return made


def operation(nth):
    resource, kind = divmod(nth, 5)
    record, other = reference(f"Record{resource * 9 % OBJECTS}"), reference(f"Record{(resource * 9 + 4) % OBJECTS}")
    body = {"required": True, "content": {"application/json": {"schema": record}}}
    found = {"description": "The record.", "content": {"application/json": {"schema": record}}}
    listed = {"description": "The records.", "content": {"application/json": {"schema": {"type": "array", "items": other}}}}
    identifier = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    query = [
        {"name": "limit", "in": "query", "schema": {"type": "integer", "format": "int32"}, "description": "The most records."},
        {"name": "after", "in": "query", "schema": {"type": "string"}, "description": "The last record of the page before."},
    ]
    verb, method, parameters, sent, responses = [
        ("list", "get", query, None, {"200": listed}),
        ("create", "post", [], body, {"201": found}),
        ("read", "get", [identifier], None, {"200": found}),
        ("replace", "put", [identifier], body, {"200": found}),
        ("remove", "delete", [identifier], None, {"204": {"description": "Done."}}),
    ][kind]
    described = {
        "operationId": f"{verb}_resource_{resource}",
        "tags": [f"group {resource // 10}"],
        "summary": f"{verb.capitalize()} what resource {resource} has",
        "description": "What the operation does, in a sentence or two. It can be repeated.",
        "parameters": parameters,
        "responses": responses,
    }
    if sent:
        described["requestBody"] = sent
    path = f"/resources{resource}" + ("/{id}" if kind >= 2 else "")
    return path, method, described


def document():
    paths = {}
    for path, method, described in map(operation, range(OPERATIONS)):
        paths.setdefault(path, {})[method] = described
    return {
        "openapi": "3.0.3",
        "info": {"title": "Scale", "version": "1"},
        "servers": [{"url": "https://api.example.org/v1"}],
        "paths": paths,
        "components": {"schemas": schemas()},
    }


def timed(command, log, folder=None):
    """Runs a command. Returns seconds, and the most memory in bytes, or None if it fails."""
    start = time.monotonic()
    with log.open("ab") as output:
        child = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, cwd=folder)
        _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return (time.monotonic() - start, usage.ru_maxrss * 1024) if child.returncode == 0 else None


def measure(run, tools):
    """Returns the lines of the page, and the targets that ours misses."""
    path = run.work / "scale.json"
    path.write_text(json.dumps(document(), indent=1))
    log = run.work / "scale.log"
    tools = [tool for tool in tools if run.is_installed(tool)]
    generated = {tool: [] for tool in tools}
    for _ in range(RUNS):
        for tool in tools:
            shutil.rmtree(run.crate(tool, "scale"), ignore_errors=True)
            generated[tool].append(timed(run.command(tool, path, "scale"), log, run.root))
    checked = {tool: [] for tool in tools}
    for turn in range(CHECKS + 1):
        for tool in tools:
            manifest = run.crate(tool, "scale") / "Cargo.toml"
            if not manifest.is_file():
                continue
            os.utime(manifest.parent / "src/lib.rs")
            command = ["cargo", "check", "--quiet", "--manifest-path", manifest]
            command += ["--no-default-features"] if tool == "openapi-generator" else []
            result = timed(command, log)
            # The first run compiles the dependencies.
            if turn:
                checked[tool].append(result)
    figures = {}
    for tool in tools:
        files = list((run.crate(tool, "scale") / "src").rglob("*.rs"))
        lines = sum(len(file.read_text().splitlines()) for file in files)
        largest = max((file.stat().st_size for file in files), default=0)
        figures[tool] = (median(generated[tool]), median(checked[tool]), lines, len(files), largest)
    size = path.stat().st_size
    return page(figures, size), missed(figures, size)


def median(runs):
    if not runs or None in runs:
        return None
    return statistics.median(seconds for seconds, _ in runs), max(memory for _, memory in runs)


def page(figures, size):
    ours = figures["ours"]
    out = [
        "## A large document",
        "",
        f"A document of {OPERATIONS} operations and {OBJECTS + ENUMS:,} schemas ({size / 1e6:.1f} MB of JSON, made by "
        "`codegen/peers/scale.py`), with constructs that all tools take. All programs are release builds. "
        f"Times are the median of {RUNS} runs of a generator and {CHECKS} of `cargo check` with all dependencies built, "
        "the tools in turns on one machine; a factor is the tool's time by ours. Memory is the peak of the process.",
        "",
        "| Tool | generate | by ours | memory | `cargo check` | by ours | lines | files | largest file |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for tool, (generated, checked, lines, files, largest) in figures.items():
        def cells(value, own):
            if value is None:
                return ["✗", ""]
            return [f"{value[0]:.2f} s", f"{value[0] / own[0]:.2f} ×" if own else ""]
        memory = f"{generated[1] / 2**20:.0f} MiB" if generated else ""
        row = [*cells(generated, ours[0]), memory, *cells(checked, ours[1])]
        out.append(f"| {tool} | " + " | ".join(row) + f" | {lines:,} | {files} | {largest / 1024:.0f} KiB |")
    return out + [""]


def missed(figures, size):
    """Returns the targets of ours that are not met."""
    generated, checked, *_ = figures["ours"]
    found = []
    if generated is None or checked is None:
        return ["the crate of the large document does not compile"]
    others = [value for tool, value in figures.items() if tool != "ours"]
    progenitor = figures.get("progenitor", (None,))[0]
    if progenitor and generated[0] > 1.2 * progenitor[0]:
        found.append(f"generation takes {generated[0] / progenitor[0]:.2f} times as long as progenitor's (at most 1.2)")
    if generated[1] > 16 * 2**20 + 30 * size:
        found.append(f"generation takes {generated[1] / 2**20:.0f} MiB (at most 16 MiB and 30 times the text)")
    times = [other[1][0] for other in others if other[1]]
    if times and checked[0] > min(times):
        found.append(f"`cargo check` takes {checked[0] / min(times):.2f} times as long as that of the fastest peer")
    return found


if __name__ == "__main__":
    json.dump(document(), sys.stdout, indent=1)
