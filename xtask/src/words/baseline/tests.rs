#![allow(clippy::unwrap_used, reason = "a test says what it needs by failing")]

use super::*;

fn measure(key: &str) -> &'static Measure {
    MEASURES.iter().find(|measure| measure.key == key).unwrap()
}

fn check(key: &str, words: u64, now: (u64, u64), known: Option<(u64, u64)>, expected: State) {
    let count = |(count, of)| Count { count, of };
    assert_eq!(state(measure(key), words, count(now), known.map(count)), expected, "{key}: {now:?} after {known:?}");
}

#[test]
fn a_crate_without_an_entry_has_to_reach_the_goal() {
    check("nothing", 10_000, (5, 10_000), None, State::Good);
    check("nothing", 10_000, (6, 10_000), None, State::New);
    check("returns", 10_000, (20, 10_000), None, State::Good);
    check("returns", 10_000, (19, 10_000), None, State::New);
    check("openings", 10_000, (3, 100), None, State::Good);
    check("openings", 10_000, (4, 100), None, State::New);
}

#[test]
fn a_small_crate_may_have_one_occurrence() {
    check("nobody", 499, (1, 499), None, State::Good);
    check("nobody", 499, (2, 499), None, State::New);
    check("nobody", 500, (1, 500), None, State::New);
    check("openings", 499, (1, 3), None, State::Good);
    check("openings", 499, (2, 3), None, State::New);
    check("returns", 499, (0, 499), None, State::Good);
    check("returns", 500, (0, 500), None, State::New);
    check("nothing", 0, (0, 0), None, State::Good);
}

#[test]
fn more_occurrences_at_a_higher_rate_are_worse() {
    check("nothing", 10_000, (11, 10_000), Some((10, 10_000)), State::Worse);
    check("nothing", 20_000, (21, 20_000), Some((10, 10_000)), State::Worse);
}

#[test]
fn more_occurrences_in_proportion_to_the_text_are_not_worse() {
    check("nothing", 20_000, (20, 20_000), Some((10, 10_000)), State::Known);
    check("nothing", 20_000, (19, 20_000), Some((10, 10_000)), State::Better);
}

#[test]
fn deleting_good_text_is_not_worse() {
    check("nothing", 9_000, (10, 9_000), Some((10, 10_000)), State::Known);
    check("returns", 9_000, (4, 9_000), Some((5, 10_000)), State::Known);
}

#[test]
fn text_without_returns_is_worse_once_one_more_would_not_make_up_for_it() {
    check("returns", 12_000, (5, 12_000), Some((5, 10_000)), State::Known);
    check("returns", 12_001, (5, 12_001), Some((5, 10_000)), State::Worse);
    check("returns", 12_000, (7, 12_000), Some((5, 10_000)), State::Better);
}

#[test]
fn a_reached_goal_needs_no_entry() {
    check("nothing", 10_000, (5, 10_000), Some((10, 10_000)), State::Reached);
    check("returns", 10_000, (20, 10_000), Some((5, 10_000)), State::Reached);
}

/// A crate with these counts of `nothing` and `returns` in 10,000 words, and zero of everything else.
fn tally(name: &str, nothing: u64, returns: u64) -> Tally {
    let mut counts = [Count { count: 0, of: 10_000 }; MEASURES.len()];
    for (measure, count) in MEASURES.iter().zip(&mut counts) {
        match measure.key {
            "nothing" => count.count = nothing,
            "returns" => count.count = returns,
            _ => {}
        }
    }
    Tally { name: name.to_owned(), words: 10_000, counts, places: Default::default() }
}

#[test]
fn an_update_only_lowers() {
    let before = created(&[tally("better", 9, 1), tally("worse", 9, 1), tally("reached", 9, 20), tally("gone", 9, 1)]);
    let after =
        lowered(&before, &[tally("better", 8, 2), tally("worse", 10, 1), tally("reached", 5, 20), tally("new", 9, 1)]);
    assert_eq!(
        render(&after).strip_prefix(HEADER).unwrap(),
        "
[\"better\"]
nothing = { count = 8, of = 10000 }
returns = { count = 2, of = 10000 }

[\"worse\"]
nothing = { count = 9, of = 10000 }
returns = { count = 1, of = 10000 }
"
    );
}

#[test]
fn a_printed_baseline_is_read_back() {
    let baseline = created(&[tally("generated/x", 9, 1), tally("a-b", 0, 1)]);
    assert_eq!(baseline.len(), 2);
    assert_eq!(parse(&render(&baseline)).unwrap(), baseline);
}

#[test]
fn mistakes_in_the_file_are_errors() {
    assert!(parse("[a]\nnothin = { count = 1, of = 2 }").is_err());
    assert!(parse("[a]\nnothing = { count = 1 }").is_err());
    assert!(parse("[a]\nnothing = { count = -1, of = 2 }").is_err());
    assert!(parse("a = 1").is_err());
}
