//! Lists in answers, read row by row where they cannot be read as a whole.

use std::fmt;
use std::marker::PhantomData;

use bytes::Bytes;
use serde::de::{Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;
use serde_json::value::RawValue;

use crate::bad_row::BadRow;
use crate::decode::{self, Decode};
use crate::explain::{explained, tracked};

/// How many bytes beside the rows may be read again for their sake, all rows together.
const MOST_BESIDE: usize = 16 * 1024 * 1024;

/// How many members an answer may have to be opened.
const MOST_MEMBERS: usize = 1_000;

/// How many bad rows are told one by one. An answer with more of them is none.
const MOST_BAD: usize = 1_000;

/// All bad rows of an answer, with the answer.
#[derive(Clone)]
pub(crate) struct BadRows {
    pub(crate) rows: Vec<BadRow>,
    pub(crate) body: Bytes,
}

impl fmt::Debug for BadRows {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(&self.rows).finish()
    }
}

/// Reads an answer without those elements of its outermost lists that are no rows; nothing where it is wrong in other
/// places too, in none, or in so many that nobody would read of them.
pub(crate) fn by_row<T: for<'de> Decode<'de>>(body: &Bytes) -> Option<(T, BadRows)> {
    let text = std::str::from_utf8(body).ok()?;
    let outer = Outer::read(text)?;
    let mut rows = Vec::new();
    let mut good = outer.members.clone();
    for (nth, member) in outer.members.iter().enumerate() {
        let Some(list) = member.list() else { continue };
        let (bad, rest) = Probe::new::<T>(&outer, nth)?.sort::<T>(list)?;
        if !bad.is_empty() {
            rows.extend(bad);
            good[nth].value = Value::Made(rest);
        }
    }
    if rows.is_empty() {
        return None;
    }
    let text = outer.written(&good);
    let value = decode::from_slice(text.as_bytes()).ok()?;
    Some((value, BadRows { rows, body: body.clone() }))
}

/// An answer, opened by one layer.
struct Outer<'a> {
    members: Vec<Member<'a>>,
    /// Whether the answer is a list itself.
    is_list: bool,
}

#[derive(Clone)]
struct Member<'a> {
    /// As JSON; empty for a list that is the whole answer.
    key: String,
    value: Value<'a>,
}

#[derive(Clone)]
enum Value<'a> {
    Came(&'a RawValue),
    Made(String),
}

impl Value<'_> {
    fn json(&self) -> &str {
        match self {
            Self::Came(raw) => raw.get(),
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
            Value::Came(raw) if self.is_list() => Some(raw.get()),
            _ => None,
        }
    }
}

impl<'a> Outer<'a> {
    fn read(text: &'a str) -> Option<Self> {
        if text.trim_ascii_start().starts_with('[') {
            let whole = serde_json::from_str(text).ok()?;
            return Some(Self {
                members: vec![Member { key: String::new(), value: Value::Came(whole) }],
                is_list: true,
            });
        }
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let members = deserializer.deserialize_map(Members).ok()?;
        deserializer.end().ok()?;
        Some(Self { members, is_list: false })
    }

    /// The answer with these members.
    fn written(&self, members: &[Member<'_>]) -> String {
        if self.is_list {
            return members.iter().map(|member| member.value.json()).collect();
        }
        let members: Vec<_> = members.iter().map(|member| format!("{}:{}", member.key, member.value.json())).collect();
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
            let key = serde_json::Value::String(key).to_string();
            members.push(Member { key, value: Value::Came(value) });
            if members.len() > MOST_MEMBERS {
                return Err(A::Error::custom("too many members"));
            }
        }
        Ok(members)
    }
}

/// An answer whose list has one row, to see whether that row can be read.
struct Probe {
    text: String,
    /// Where the row stands in the text.
    start: usize,
    tail: String,
}

impl Probe {
    /// For the list at this place. Nothing where even an empty list leaves the answer wrong.
    fn new<T: for<'de> Decode<'de>>(outer: &Outer<'_>, nth: usize) -> Option<Self> {
        const MARK: char = '\u{0}';
        let empty = |(at, member): (usize, &Member<'_>)| Member {
            key: member.key.clone(),
            value: match member.is_list() {
                // No text of JSON holds this character.
                true if at == nth => Value::Made(format!("[{MARK}]")),
                true => Value::Made("[]".to_owned()),
                false => Value::Made(member.value.json().to_owned()),
            },
        };
        let members: Vec<_> = outer.members.iter().enumerate().map(empty).collect();
        let text = outer.written(&members);
        let (head, tail) = text.split_once(MARK)?;
        decode::from_slice::<T>(format!("{head}{tail}").as_bytes()).ok()?;
        Some(Self { start: head.len(), text: head.to_owned(), tail: tail.to_owned() })
    }

    /// Parts the bad rows from the others, which are given as JSON.
    fn sort<T: for<'de> Decode<'de>>(self, list: &str) -> Option<(Vec<BadRow>, String)> {
        let mut sorted = Sorted { probe: self, bad: Vec::new(), good: String::from("["), position: 0 };
        let rows = Rows(&mut sorted, PhantomData::<fn() -> T>);
        serde_json::Deserializer::from_str(list).deserialize_seq(rows).ok()?;
        sorted.good.push(']');
        Some((sorted.bad, sorted.good))
    }
}

/// The rows of a list, as they are looked at one after another.
struct Sorted {
    probe: Probe,
    bad: Vec<BadRow>,
    good: String,
    position: usize,
}

impl Sorted {
    /// Looks at a row. Nothing where there is no use in going on.
    fn look<T: for<'de> Decode<'de>>(&mut self, index: usize, row: &str) -> Option<()> {
        let Probe { text, start, tail } = &mut self.probe;
        if (*start + tail.len()).saturating_mul(index) > MOST_BESIDE {
            return None;
        }
        text.truncate(*start);
        text.push_str(row);
        text.push_str(tail);
        let Err(error) = decode::from_slice::<T>(text.as_bytes()) else {
            if self.position > 0 {
                self.good.push(',');
            }
            self.good.push_str(row);
            self.position += 1;
            return Some(());
        };
        if self.bad.len() >= MOST_BAD {
            return None;
        }
        let path = row_path::<T>(text.as_bytes(), index)?;
        let json = Bytes::copy_from_slice(row.as_bytes());
        let cause = match error.classify() {
            Category::Data => explained(&error),
            // The place that the parser tells is none of the answer's.
            _ => "it holds something that is no valid JSON".into(),
        };
        self.bad.push(BadRow { index, position: self.position, path, cause, json });
        Some(())
    }
}

struct Rows<'s, T>(&'s mut Sorted, PhantomData<fn() -> T>);

impl<'de, T: for<'v> Decode<'v>> Visitor<'de> for Rows<'_, T> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let mut index = 0;
        while let Some(row) = list.next_element::<&RawValue>()? {
            // Null is left out of every list.
            if row.get() != "null" {
                self.0.look::<T>(index, row.get()).ok_or_else(|| A::Error::custom("not worth it"))?;
            }
            index += 1;
        }
        Ok(())
    }
}

/// Where an answer with a single row fails, which is the row at `index` in truth.
fn row_path<T: for<'de> Decode<'de>>(json: &[u8], index: usize) -> Option<String> {
    let (path, category) = tracked::<T>(json)?;
    let (list, rest) = path.split_once("[0]")?;
    // What is no JSON may end in a key that no type of ours names.
    let rest = if category == Category::Data { rest } else { "" };
    Some(format!("{list}[{index}]{rest}"))
}
