//! Responses with bad elements in their lists, decoded without these elements.

use std::fmt;
use std::marker::PhantomData;
use std::ops::ControlFlow;

use bytes::Bytes;
use serde::de::{Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;
use serde_json::value::RawValue;

use crate::bad_row::{BadRow, Fault};
use crate::cause::Cause;
use crate::decode::{self, Decode};
use crate::explain::{explained, tracked};
use crate::observe;
use crate::repair::Repaired;

/// The most bytes beside the rows that are decoded again for each of them, all rows together.
const MOST_BESIDE: usize = 16 * 1024 * 1024;

/// The most members of an object that is opened.
const MOST_MEMBERS: usize = 1_000;

/// The most bad rows that are reported one by one.
const MOST_BAD: usize = 1_000;

/// The most bad rows of a list that is read to its end. Each of them costs a microsecond or two.
const MOST_TRIED: usize = 100_000;

/// The bad rows of a response.
#[derive(Clone, Debug)]
pub(crate) struct BadRows {
    pub(crate) rows: Vec<BadRow>,
}

impl BadRows {
    /// Returns whether the rest of the response is as good as without them.
    pub(crate) fn are_harmless(&self) -> bool {
        self.rows.iter().all(|row| row.fault != Fault::Value)
    }
}

/// Decodes a response without the bad elements of its outermost lists, and without what is damaged in properties that the
/// API description does not list.
///
/// Returns `None` if the response is wrong in other places, or in none. If a request cannot be sent again, its response
/// is also decoded with damaged text in listed properties, which is reported.
pub(crate) fn by_row<T: for<'de> Decode<'de>>(body: &[u8], is_single_use: bool) -> Option<(T, BadRows)> {
    // To find the bad rows, the others are decoded several times.
    let (good, rows) = observe::paused(|| sorted::<T>(body, is_single_use))?;
    let value = decode::from_slice(good.as_bytes()).ok()?;
    Some((value, BadRows { rows }))
}

/// Returns the JSON of the response without the bad rows, and the bad rows.
fn sorted<T: for<'de> Decode<'de>>(body: &[u8], is_single_use: bool) -> Option<(String, Vec<BadRow>)> {
    let json = Repaired::new(body);
    let mut outer = Outer::read(&json.text)?;
    let filled = outer.fill::<T>();
    let mut rows = Vec::new();
    let mut good = Vec::with_capacity(outer.members.len());
    for (nth, member) in outer.members.iter().enumerate() {
        let mut value = member.value.clone();
        let is_listed = outer.is_list || T::KEYS.is_none_or(|keys| keys.contains(&&*member.key));
        let path = || if is_listed { member.key.clone() } else { "?".to_owned() };
        let is_damaged = json.is_faulty(member.value.json()) || !is_listed && member.has_odd_key();
        if let Some(list) = member.list().filter(|_| is_listed) {
            let (bad, rest) = Probe::new::<T>(&outer, nth)?.sort::<T>(list, &json, &member.key)?;
            if !bad.is_empty() {
                rows.extend(bad);
                value = Value::Made(rest);
            }
        } else if filled.contains(&nth) {
            rows.push(BadRow::whole(path(), "expected a list, found null", Fault::Null, b"null"));
        } else if is_damaged {
            if is_listed && !is_single_use {
                return None;
            }
            rows.push(BadRow::whole(path(), DAMAGED, Fault::Text, member.value.json().as_bytes()));
            if !is_listed {
                continue;
            }
        }
        good.push(Member { key: member.key.clone(), value });
    }
    if json.has_rest {
        rows.push(BadRow::whole(".".to_owned(), "text follows the JSON value", Fault::Text, b""));
    }
    if rows.is_empty() {
        return None;
    }
    Some((outer.written(&good), rows))
}

const DAMAGED: &str = "expected text in UTF-8 without control characters";

impl BadRow {
    /// Creates a report about a value that is not an element of a list.
    fn whole(path: String, cause: &'static str, fault: Fault, json: &[u8]) -> Self {
        let json = Bytes::copy_from_slice(json);
        Self { index: 0, position: 0, path, cause: cause.into(), json, fault }
    }
}

/// A response, opened by one layer.
struct Outer<'a> {
    members: Vec<Member<'a>>,
    /// Set if the response is a list itself.
    is_list: bool,
}

#[derive(Clone)]
struct Member<'a> {
    /// The name, which is empty for a list that is the whole response.
    key: String,
    value: Value<'a>,
}

#[derive(Clone)]
enum Value<'a> {
    Received(&'a RawValue),
    Made(String),
}

impl Value<'_> {
    fn json(&self) -> &str {
        match self {
            Self::Received(raw) => raw.get(),
            Self::Made(text) => text,
        }
    }
}

impl<'a> Member<'a> {
    fn is_list(&self) -> bool {
        self.value.json().starts_with('[')
    }

    fn list(&self) -> Option<&'a str> {
        match self.value {
            Value::Received(raw) if self.is_list() => Some(raw.get()),
            _ => None,
        }
    }

    /// Returns whether the key contains what a repair leaves behind.
    fn has_odd_key(&self) -> bool {
        self.key.contains(|character: char| character.is_control() || character == char::REPLACEMENT_CHARACTER)
    }
}

impl<'a> Outer<'a> {
    fn read(text: &'a str) -> Option<Self> {
        if text.trim_ascii_start().starts_with('[') {
            let whole = serde_json::from_str(text).ok()?;
            let members = vec![Member { key: String::new(), value: Value::Received(whole) }];
            return Some(Self { members, is_list: true });
        }
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let members = deserializer.deserialize_map(Members).ok()?;
        deserializer.end().ok()?;
        Some(Self { members, is_list: false })
    }

    /// Replaces `null` by an empty list where a list of objects is required, and returns which members were null.
    fn fill<T: for<'de> Decode<'de>>(&mut self) -> Vec<usize> {
        let mut filled = Vec::new();
        // Decoding ends at the first fault. A null is replaced once, so that this ends.
        while let Some((path, _)) = tracked::<T>(self.joined(self.emptied(None)).as_bytes()) {
            let is_cause = |member: &Member<'_>| member.key == path && member.value.json() == "null";
            let Some(nth) = self.members.iter().position(is_cause) else { break };
            self.members[nth].value = Value::Made("[]".to_owned());
            filled.push(nth);
        }
        filled
    }

    /// Returns the response with these members.
    fn written(&self, members: &[Member<'_>]) -> String {
        self.joined(members.iter().map(|member| (&*member.key, member.value.json())))
    }

    /// Returns the members with empty lists, except for one member with this value.
    fn emptied<'m>(&'m self, other: Option<(usize, &'m str)>) -> impl Iterator<Item = (&'m str, &'m str)> {
        self.members.iter().enumerate().map(move |(nth, member)| {
            let value = match (other, member.is_list()) {
                (Some((other, value)), _) if nth == other => value,
                (_, true) => "[]",
                (_, false) => member.value.json(),
            };
            (&*member.key, value)
        })
    }

    fn joined<'m>(&self, members: impl Iterator<Item = (&'m str, &'m str)>) -> String {
        if self.is_list {
            return members.map(|(_, value)| value).collect();
        }
        let members: Vec<_> = members.map(|(key, value)| format!("{}:{value}", serde_json::Value::from(key))).collect();
        format!("{{{}}}", members.join(","))
    }
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Vec<Member<'de>>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some((key, value)) = map.next_entry::<String, &RawValue>()? {
            members.push(Member { key, value: Value::Received(value) });
            if members.len() > MOST_MEMBERS {
                return Err(A::Error::custom("too many members"));
            }
        }
        Ok(members)
    }
}

/// A response whose list has one row, to find out whether that row can be decoded.
struct Probe {
    text: String,
    /// The offset of the row in the text.
    start: usize,
    tail: String,
}

impl Probe {
    /// Creates a probe for one list, or `None` if the response is wrong even with an empty list.
    fn new<T: for<'de> Decode<'de>>(outer: &Outer<'_>, nth: usize) -> Option<Self> {
        // JSON text never contains this character.
        const MARK: &str = "\u{0}";
        let text = outer.joined(outer.emptied(Some((nth, &format!("[{MARK}]")))));
        let (head, tail) = text.split_once(MARK)?;
        decode::from_slice::<T>(format!("{head}{tail}").as_bytes()).ok()?;
        Some(Self { start: head.len(), text: head.to_owned(), tail: tail.to_owned() })
    }

    /// Separates the bad rows from the others, which are returned as JSON.
    fn sort<T: for<'de> Decode<'de>>(
        self,
        list: &str,
        json: &Repaired<'_>,
        path: &str,
    ) -> Option<(Vec<BadRow>, String)> {
        let (bad, good) = (Vec::new(), String::from("["));
        let mut sorted = Sorted { probe: self, json, path, bad, unreported: 0, good, position: 0, is_cut: false };
        let rows = Rows(&mut sorted, PhantomData::<fn() -> T>);
        let read = serde_json::Deserializer::from_str(list).deserialize_seq(rows);
        if read.is_err() && !sorted.is_cut {
            return None;
        }
        if sorted.unreported > 0 {
            let cause = format!("{} more elements do not match the API description", sorted.unreported);
            sorted.report_rest(cause);
        }
        if sorted.is_cut {
            sorted.report_rest("the rest of the list was not read (too much of it does not match)");
        }
        sorted.good.push(']');
        Some((sorted.bad, sorted.good))
    }
}

/// The rows of a list, decoded one after another.
struct Sorted<'a> {
    probe: Probe,
    json: &'a Repaired<'a>,
    /// The path of the list.
    path: &'a str,
    bad: Vec<BadRow>,
    /// The number of bad rows that are not in `bad`.
    unreported: usize,
    good: String,
    position: usize,
    /// Set if the rest of the list was not read.
    is_cut: bool,
}

impl Sorted<'_> {
    /// Decodes a row. Breaks if a limit is reached.
    fn look<T: for<'de> Decode<'de>>(&mut self, index: usize, row: &str) -> ControlFlow<()> {
        let Probe { text, start, tail } = &mut self.probe;
        let beside = (*start + tail.len()).saturating_mul(index);
        if beside > MOST_BESIDE || self.bad.len() + self.unreported >= MOST_TRIED {
            self.is_cut = true;
            return ControlFlow::Break(());
        }
        text.truncate(*start);
        text.push_str(row);
        text.push_str(tail);
        let is_damaged = self.json.is_faulty(row);
        let (path, cause) = match decode::from_body::<T>(text.as_bytes()) {
            Ok(_) if !is_damaged => {
                // Lists without objects leave nulls out.
                if row != "null" {
                    self.keep(row);
                }
                return ControlFlow::Continue(());
            }
            Ok(_) => (None, DAMAGED.into()),
            Err(error) => {
                let cause = match error.classify() {
                    Category::Data => explained(&error),
                    // The line and column are not those of the response.
                    _ => Cause::from("it contains invalid JSON"),
                };
                (row_path::<T>(text.as_bytes(), index), cause)
            }
        };
        if self.bad.len() >= MOST_BAD {
            self.unreported += 1;
            return ControlFlow::Continue(());
        }
        let path = path.unwrap_or_else(|| format!("{}[{index}]", self.path));
        let fault = match row {
            "null" => Fault::Null,
            _ if is_damaged => Fault::Text,
            _ => Fault::Value,
        };
        let json = Bytes::copy_from_slice(row.as_bytes());
        self.bad.push(BadRow { index, position: self.position, path, cause, json, fault });
        ControlFlow::Continue(())
    }

    fn keep(&mut self, row: &str) {
        if self.position > 0 {
            self.good.push(',');
        }
        self.good.push_str(row);
        self.position += 1;
    }

    /// Reports rows that are not reported one by one, after all good ones.
    fn report_rest(&mut self, cause: impl Into<Cause>) {
        let index = self.bad.last().map_or(0, |last| last.index.saturating_add(1));
        let (position, path, json) = (self.position, self.path.to_owned(), Bytes::new());
        self.bad.push(BadRow { index, position, path, cause: cause.into(), json, fault: Fault::Value });
    }
}

struct Rows<'s, 'a, T>(&'s mut Sorted<'a>, PhantomData<fn() -> T>);

impl<'de, T: for<'v> Decode<'v>> Visitor<'de> for Rows<'_, '_, T> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let mut index = 0;
        while let Some(row) = list.next_element::<&RawValue>()? {
            if self.0.look::<T>(index, row.get()).is_break() {
                return Err(A::Error::custom("a limit is reached"));
            }
            index += 1;
        }
        Ok(())
    }
}

/// Returns the path of the fault in a response with a single row, which is the row at `index` in the whole response.
fn row_path<T: for<'de> Decode<'de>>(json: &[u8], index: usize) -> Option<String> {
    let (path, category) = tracked::<T>(json)?;
    let (list, rest) = path.split_once("[0]")?;
    // If the JSON itself is broken, the path may end in a key that is data.
    let rest = if category == Category::Data { rest } else { "" };
    Some(format!("{list}[{index}]{rest}"))
}
