//! The rows of the table: measurements and their targets.

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    /// The name on the command line, shared by rows that belong together.
    pub(super) name: &'static str,
    /// The operation that is measured.
    pub(super) what: &'static str,
    /// The alternative that it is compared with.
    pub(super) beside: &'static str,
    /// The program of `tests/benches` that measures it.
    pub(super) program: &'static str,
    /// The kind of measurement.
    pub(super) measure: Measure,
    /// The limit of the result.
    pub(super) target: Target,
}

/// The kind of a measurement, with the names of ours and of the baseline.
#[derive(Clone, Copy, Debug)]
pub(super) enum Measure {
    /// Two benchmarks of criterion: ours and the baseline.
    Timed(&'static str, &'static str),
    /// A benchmark of criterion without a baseline.
    TimedAlone(&'static str),
    /// Bytes, read from the file of this name that the program writes.
    Bytes(&'static str),
    /// A number, read from the same kind of file.
    Count(&'static str),
}

/// The limit of a result.
#[derive(Clone, Copy, Debug)]
pub(super) enum Target {
    /// A multiple of the baseline.
    Ratio(f64),
    /// A time in seconds.
    Seconds(f64),
    /// Twice the baseline plus this many bytes.
    TwiceAnd(f64),
    /// Exactly this number.
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

/// All rows, in the order of the table.
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
