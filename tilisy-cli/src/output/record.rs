//! Records of output, and their columns.

use super::Cell;

/// A record of output: a line of CSV, a row of a table, or an object of JSON.
pub(crate) trait Record: Sized + 'static {
    /// All columns, in the order of CSV. New ones are added at the end.
    const COLUMNS: &'static [Column<Self>];
    /// The names of the columns that a table has.
    const TABLE: &'static [&'static str];
    /// The form in JSON.
    const JSON: Json = Json::Columns;

    /// Appends the object of the API as JSON, unlisted properties included. Called if [`Self::JSON`] has one.
    fn write_resource(&self, _json: &mut Vec<u8>) -> serde_json::Result<()> {
        Ok(())
    }
}

/// The form of a record in JSON.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Json {
    /// An object of all columns.
    Columns,
    /// The object of the API.
    Resource,
    /// An object of some columns, and the object of the API under a name.
    With { columns: &'static [&'static str], resource: &'static str },
}

/// A column.
#[derive(Debug)]
pub(crate) struct Column<R> {
    /// The name in CSV and JSON.
    pub(super) name: &'static str,
    /// The heading in a table.
    pub(super) heading: &'static str,
    pub(super) kind: Kind,
    pub(super) cell: for<'a> fn(&'a R) -> Cell<'a>,
    pub(super) tone: fn(&R) -> Tone,
    /// Set for columns that are written without `--columns`.
    pub(super) is_default: bool,
}

/// The layout of a column in a table.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    /// Is wrapped if there is no room.
    Text,
    /// Stays on one line, because a part of it would be another date or account number.
    Word,
    /// Stays on one line, aligned to the right.
    Number,
    /// Stays on one line, and is left out if there is no room for all columns.
    Extra,
}

/// The meaning of a value beyond its text. On a terminal, it is a colour.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum Tone {
    #[default]
    Plain,
    Good,
    Doubtful,
    Bad,
}

impl<R> Column<R> {
    const fn new(name: &'static str, heading: &'static str, kind: Kind, cell: for<'a> fn(&'a R) -> Cell<'a>) -> Self {
        Self { name, heading, kind, cell, tone: |_| Tone::Plain, is_default: true }
    }

    pub(crate) const fn text(name: &'static str, heading: &'static str, cell: for<'a> fn(&'a R) -> Cell<'a>) -> Self {
        Self::new(name, heading, Kind::Text, cell)
    }

    pub(crate) const fn word(name: &'static str, heading: &'static str, cell: for<'a> fn(&'a R) -> Cell<'a>) -> Self {
        Self::new(name, heading, Kind::Word, cell)
    }

    pub(crate) const fn number(name: &'static str, heading: &'static str, cell: for<'a> fn(&'a R) -> Cell<'a>) -> Self {
        Self::new(name, heading, Kind::Number, cell)
    }

    pub(crate) const fn extra(name: &'static str, heading: &'static str, cell: for<'a> fn(&'a R) -> Cell<'a>) -> Self {
        Self::new(name, heading, Kind::Extra, cell)
    }

    /// Returns the name in CSV and JSON.
    #[cfg(test)]
    pub(crate) const fn name(&self) -> &'static str {
        self.name
    }

    /// Sets the tone of its values.
    pub(crate) const fn toned(mut self, tone: fn(&R) -> Tone) -> Self {
        self.tone = tone;
        self
    }

    /// Leaves the column out unless it is asked for by name.
    pub(crate) const fn on_request(mut self) -> Self {
        self.is_default = false;
        self
    }

    /// Returns the heading of a column that was asked for by name.
    pub(super) fn named_heading(&self) -> String {
        if self.heading.is_empty() { self.name.to_uppercase().replace('_', " ") } else { self.heading.to_owned() }
    }
}

/// Returns the column of a name.
pub(super) fn column<R: Record>(name: &str) -> Option<&'static Column<R>> {
    R::COLUMNS.iter().find(|column| column.name == name)
}

/// Checks that the names of a record's columns are unique, and that its table and its JSON name existing ones.
#[cfg(test)]
pub(crate) fn check_columns<R: Record>() {
    for (index, found) in R::COLUMNS.iter().enumerate() {
        assert!(R::COLUMNS[..index].iter().all(|other| other.name != found.name), "`{}` exists twice", found.name);
    }
    let wrapped = match R::JSON {
        Json::With { columns, .. } => columns,
        Json::Columns | Json::Resource => &[],
    };
    for name in R::TABLE.iter().chain(wrapped) {
        assert!(column::<R>(name).is_some(), "`{name}` is not a column");
    }
}
