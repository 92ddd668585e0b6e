//! What is measured, and how good it has to be.

/// A line of the table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    /// By what it can be chosen on the command line; rows that go together share it.
    pub(super) name: &'static str,
    /// What is measured.
    pub(super) what: &'static str,
    /// What it is compared with.
    pub(super) beside: &'static str,
    /// The program of `tests/benches` that measures it.
    pub(super) program: &'static str,
    /// How it is measured.
    pub(super) measure: Measure,
    /// What it must not exceed.
    pub(super) target: Target,
}

/// How ours and the baseline are measured.
#[derive(Clone, Copy, Debug)]
pub(super) enum Measure {
    /// By criterion, under these two names.
    Timed(&'static str, &'static str),
    /// By criterion, with nothing beside it.
    TimedAlone(&'static str),
    /// Bytes, from the file of this name that the program writes.
    Bytes(&'static str),
    /// A number, likewise.
    Count(&'static str),
}

/// What must not be exceeded.
#[derive(Clone, Copy, Debug)]
pub(super) enum Target {
    /// So many times the baseline.
    Ratio(f64),
    /// So many seconds.
    Seconds(f64),
    /// Twice the baseline and so many bytes.
    TwiceAnd(f64),
    /// This number and no other.
    Exactly(f64),
}

const fn timed(
    name: &'static str,
    what: &'static str,
    beside: &'static str,
    program: &'static str,
    (ours, baseline): (&'static str, &'static str),
    most: f64,
) -> Row {
    Row { name, what, beside, program, measure: Measure::Timed(ours, baseline), target: Target::Ratio(most) }
}

const BARE: &str = "progenitor's types";
const BARE_CLIENT: &str = "progenitor's client";
const HAND: &str = "plain structs by hand";
const HAND_CLIENT: &str = "reqwest and serde_json by hand";

/// All of them, in the order of the table.
pub(super) const ROWS: &[Row] = &[
    timed(
        "generate",
        "generate all specs",
        "progenitor and prettyplease",
        "generate",
        ("generate/ours", "generate/bare"),
        1.0,
    ),
    timed("size", "generate a spec 10 times as large", "ours at 1 time", "generate", ("size/10", "size/1"), 12.0),
    timed("size", "generate a spec 100 times as large", "ours at 1 time", "generate", ("size/100", "size/1"), 115.0),
    Row {
        name: "check",
        what: "`codegen --check`, whole process",
        beside: "–",
        program: "generate",
        measure: Measure::TimedAlone("check/ours"),
        target: Target::Seconds(0.5),
    },
    timed("call", "small call", BARE_CLIENT, "call", ("call/ours", "call/bare"), 1.10),
    timed(
        "page",
        "page of 1,000 rows of 330 bytes, end to end",
        HAND_CLIENT,
        "call",
        ("page-330/ours", "page-330/hand"),
        1.0,
    ),
    timed(
        "page",
        "page of 1,000 rows of 1,000 bytes, end to end",
        HAND_CLIENT,
        "call",
        ("page-1000/ours", "page-1000/hand"),
        1.0,
    ),
    timed(
        "decode",
        "decode 1,000 rows of 330 bytes",
        BARE,
        "decode",
        ("decode-1000x330/ours", "decode-1000x330/bare"),
        0.97,
    ),
    timed(
        "decode",
        "decode 1,000 rows of 1,000 bytes",
        BARE,
        "decode",
        ("decode-1000x1000/ours", "decode-1000x1000/bare"),
        0.97,
    ),
    timed(
        "decode",
        "decode 100,000 rows of 330 bytes",
        BARE,
        "decode",
        ("decode-100000x330/ours", "decode-100000x330/bare"),
        0.75,
    ),
    timed(
        "decode",
        "decode 100,000 rows of 1,000 bytes",
        BARE,
        "decode",
        ("decode-100000x1000/ours", "decode-100000x1000/bare"),
        0.75,
    ),
    timed(
        "decode",
        "decode 1,000 rows of 330 bytes",
        HAND,
        "decode",
        ("decode-1000x330/ours", "decode-1000x330/hand"),
        1.0,
    ),
    timed(
        "decode",
        "decode 1,000 rows of 1,000 bytes",
        HAND,
        "decode",
        ("decode-1000x1000/ours", "decode-1000x1000/hand"),
        1.0,
    ),
    timed(
        "decode",
        "decode 100,000 rows of 330 bytes",
        HAND,
        "decode",
        ("decode-100000x330/ours", "decode-100000x330/hand"),
        1.0,
    ),
    timed(
        "decode",
        "decode 100,000 rows of 1,000 bytes",
        HAND,
        "decode",
        ("decode-100000x1000/ours", "decode-100000x1000/hand"),
        1.0,
    ),
    timed(
        "odd",
        "decode an odd page, rows of 330 bytes",
        "ours on the clean page",
        "decode",
        ("odd-330/odd", "odd-330/clean"),
        1.15,
    ),
    timed(
        "odd",
        "decode an odd page, rows of 1,000 bytes",
        "ours on the clean page",
        "decode",
        ("odd-1000/odd", "odd-1000/clean"),
        1.15,
    ),
    timed(
        "stream",
        "stream 100 pages, service 20 ms, caller 20 ms",
        "progenitor's client, page by page",
        "stream",
        ("stream/ours", "stream/bare"),
        0.65,
    ),
    timed(
        "accounts",
        "50 accounts, service 20 ms, 10 at a time",
        "progenitor's client, one by one",
        "stream",
        ("accounts/ours", "accounts/bare"),
        0.15,
    ),
    Row {
        name: "memory",
        what: "most memory, 1,000,000 rows streamed",
        beside: "one page",
        program: "memory",
        measure: Measure::Bytes("memory"),
        target: Target::TwiceAnd(16.0 * 1024.0 * 1024.0),
    },
    Row {
        name: "memory",
        what: "most memory, 1,000,000 rows streamed",
        beside: "10,000 rows streamed",
        program: "memory",
        measure: Measure::Bytes("memory-flat"),
        target: Target::Ratio(1.10),
    },
    Row {
        name: "signatures",
        what: "signatures for 10,000 calls, 1,000 of them at once",
        beside: "–",
        program: "signatures",
        measure: Measure::Count("signatures"),
        target: Target::Exactly(1.0),
    },
    timed(
        "sign",
        "token with a kept RSA key of 4096 bits",
        "the signature by aws-lc-rs",
        "sign",
        ("sign/ours", "sign/direct"),
        1.1,
    ),
];
