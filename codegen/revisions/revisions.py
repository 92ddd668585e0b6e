"""Compares revisions by two tools; `run.sh` installs them and calls this. Standard library only."""

import argparse
import collections
import datetime
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

# Redocly's rules about documentation alone are below `major`, so that the two levels compare.
LEVELS = ["breaking", "potential", "compatible", "docs", "none"]


class Revisions:
    def __init__(self, root, work):
        self.root, self.work = root, work
        self.folder = root / "codegen/revisions"
        self.manifest = json.loads((self.folder / "manifest.json").read_text())
        self.verdicts = json.loads((self.folder / "verdicts.json").read_text())

    def clone(self, repository):
        name = repository.replace("/", "+")
        for parent in filter(None, [os.environ.get("REPOSITORIES"), self.work / "clones"]):
            found = next((head.parent for head in Path(parent, name).glob("**/HEAD") if (head.parent / "objects").is_dir()), None)
            if found:
                return found
        target = self.work / "clones" / name
        subprocess.run(["git", "clone", "--bare", "--quiet", f"https://github.com/{repository}", target], check=True)
        return target

    def documents(self, entry):
        """The two texts as files, checked by their hashes."""
        found = []
        for side in ("base", "head"):
            command = ["git", "--git-dir", self.clone(entry["repository"]), "show", f"{entry[side]}:{entry['path']}"]
            text = subprocess.run(command, check=True, capture_output=True).stdout
            digest = hashlib.sha256(text).hexdigest()
            if digest != entry["sha256"][side]:
                sys.exit(f"{entry['name']}: the {side} is {digest}, not {entry['sha256'][side]}")
            path = self.work / "documents" / entry["name"] / (side + Path(entry["path"]).suffix)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text)
            found.append(path)
        return found


# The peak of a process counts from its start as a copy of its parent, so that a small parent measures it.
MEASURE = """
import os, subprocess, sys, time
start = time.monotonic()
child = subprocess.Popen(sys.argv[2:])
_, status, usage = os.wait4(child.pid, 0)
with open(sys.argv[1], "w") as file:
    print(os.waitstatus_to_exitcode(status), time.monotonic() - start, usage.ru_maxrss * 1024, file=file)
"""


def run(command, folder):
    """Runs a command. Returns its output, seconds and bytes."""
    figures = folder / "figures.txt"
    with open(folder / "output.json", "wb") as output, open(folder / "errors.txt", "wb") as errors:
        measured = [sys.executable, "-I", "-S", "-c", MEASURE, figures, *command]
        subprocess.run(measured, stdout=output, stderr=errors, cwd=folder, check=True)
    code, seconds, memory = figures.read_text().split()
    text = (folder / "output.json").read_text()
    report = json.loads(text[text.index("{"):]) if code in ("0", "1") else None
    return report, float(seconds), int(memory)


def place(pointer):
    """The component, or the operation or path, that a JSON pointer leads into."""
    steps = pointer.lstrip("#").split("/")
    if steps[1:2] == ["components"]:
        return "/".join(steps[:4])
    return "/".join(steps[:4] if len(steps) > 3 and steps[3] in METHODS else steps[:3])


METHODS = {"get", "put", "post", "delete", "patch", "head", "options", "trace"}


def ours(report):
    """The findings by level: the number, and the rules by place."""
    counts, places = collections.Counter(), {}
    for finding in report["findings"]:
        counts[finding["wire"]] += 1
        for pointer in [finding["pointer"], *finding["also"]]:
            places.setdefault(place(pointer), {}).setdefault(finding["wire"], set()).add(finding["rule"])
    return counts, places


def redocly(report):
    majors, places = 0, {}
    for change in report["changes"]:
        for verdict in change["verdicts"]:
            if verdict["impact"] != "major":
                continue
            majors += 1
            # A property that is gone has a place on the old side alone.
            sides = [verdict.get("location"), change.get("revision"), change.get("base")]
            pointer = next((side["pointer"] for side in sides if side and side.get("pointer")), change["path"])
            places.setdefault(place(pointer), set()).add(verdict["ruleId"])
    return majors, places


def disagreements(own, theirs):
    """Places that one tool calls breaking and the other does not, by the rule that is at odds."""
    found = collections.Counter()
    def is_breaking(where):
        # A path that is gone is all of its operations. Rust's `operation-removed` is at the operation.
        parts = [levels for other, levels in own.items() if other == where or other.startswith(where + "/")]
        return any("breaking" in levels for levels in parts)

    for where, rules in theirs.items():
        levels = own.get(where, {})
        if not is_breaking(where):
            level = next((level for level in LEVELS if level in levels), "absent")
            for rule in rules:
                found[f"redocly {rule}, ours {level}"] += 1
    for where, levels in own.items():
        if "breaking" in levels and where not in theirs and where.rsplit("/", 1)[0] not in theirs:
            for rule in levels["breaking"]:
                found[f"ours {rule}, redocly not major"] += 1
    return found


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--root", type=Path, required=True)
    arguments.add_argument("--work", type=Path, required=True)
    arguments.add_argument("--redocly", required=True)
    given = arguments.parse_args()
    revisions = Revisions(given.root, given.work)
    rows, at_odds, unjudged = [], [], []
    for entry in revisions.manifest:
        print(entry["name"], flush=True)
        base, head = revisions.documents(entry)
        folder = base.parent
        mine = run([os.environ["OURS"], "diff", "--base", base.name, "--head", head.name, "--format", "json"], folder)
        tool = given.work / "node_modules/.bin/redocly"
        other = run([tool, "diff", base.name, head.name, "--format=json"], folder)
        counts, own = ours(mine[0]) if mine[0] else (None, {})
        majors, theirs = redocly(other[0]) if other[0] else (None, {})
        rows.append(row(entry, base, mine, counts, other, majors))
        if counts is not None and majors is not None:
            for kind, count in sorted(disagreements(own, theirs).items()):
                verdict = revisions.verdicts.get(f"{entry['name']}: {kind}") or revisions.verdicts.get(kind)
                at_odds.append((entry["name"], kind, count, verdict))
                if verdict is None:
                    unjudged.append(f"{entry['name']}: {kind}")
    (given.root / "codegen/REVISIONS.md").write_text(page(revisions, rows, at_odds, given.redocly))
    if unjudged:
        sys.exit("disagreements without a verdict in verdicts.json:\n" + "\n".join(unjudged))


def row(entry, base, mine, counts, other, majors):
    size = f"{base.stat().st_size / 1e6:.1f} MB"
    own = ["✗"] * 3 if counts is None else [str(counts[level]) for level in LEVELS[:3]]
    time_of = lambda result: f"{result[1]:.2f} s | {result[2] / 2**20:.0f} MiB"
    cells = [entry["name"], size, time_of(mine), *own, time_of(other), "✗" if majors is None else str(majors)]
    cells.append(entry.get("intent", ""))
    return "| " + " | ".join(cells) + " |"


def page(revisions, rows, at_odds, version):
    singles = sum("intent" in entry for entry in revisions.manifest)
    judged = collections.Counter()
    for *_, count, verdict in at_odds:
        judged[verdict["right"] if verdict else "open"] += count
    out = [
        "<!-- Written by `codegen/revisions/run.sh`. Do not edit. -->",
        "# Revisions of public documents",
        "",
        f"{len(rows) - singles} revisions and {singles} single commits with a stated intent, by our diff (a release build) and by "
        f"Redocly CLI {version}, which is experimental there. oasdiff is not part of it: it comes as a Go module or an image alone.",
        "",
        f"Run on {datetime.date.today().isoformat()} by `codegen/revisions/run.sh`. The commits and the hashes of the documents are in "
        "`codegen/revisions/manifest.json`. Times are of one run; Redocly's has the start of Node.js in it.",
        "",
        "| Revision | size | ours | memory | breaking | potential | compatible | Redocly | memory | major | the commit says |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |",
        *rows,
        "",
        "The numbers of findings do not compare: Redocly counts a change at each of its places, ours once with the operations that "
        "it reaches.",
        "",
        "## Disagreements",
        "",
        "A component or operation that one of the two calls breaking (`major`), and the other does not, by the rule that says so. "
        "The verdicts are a person's, in `codegen/revisions/verdicts.json`.",
        "",
        "In short: " + ", ".join(f"{name} {count}" for name, count in sorted(judged.items())) + ".",
        "",
        "| Revision | rule | places | right | reason |",
        "| --- | --- | ---: | --- | --- |",
    ]
    for name, kind, count, verdict in at_odds:
        right, reason = (verdict["right"], verdict["reason"]) if verdict else ("open", "")
        out.append(f"| {name} | {kind} | {count} | {right} | {reason} |")
    return "\n".join(out) + "\n"


if __name__ == "__main__":
    main()
