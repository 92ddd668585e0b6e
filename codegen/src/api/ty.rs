//! Types as values.

/// The type of a value, without whether the value may be missing.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Ty {
    /// A value without parts.
    Scalar(Scalar),
    /// A JSON array.
    List(Box<Self>),
    /// An element of a list or a map that may be null.
    Nullable(Box<Self>),
    /// A JSON object with any keys.
    Map(Box<Self>),
    /// A struct of this name.
    Object(String),
    /// An enum of plain values of this name.
    Code(String),
    /// One of several types, under this name.
    Union(String),
    /// A type of this name around one value.
    Newtype(String, Scalar),
    /// Any JSON value.
    Any,
    /// A body that is kept as bytes.
    Bytes,
    /// A file in a form of several parts.
    File,
    /// A body that is read piece by piece.
    Stream,
}

/// A value without parts.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Scalar {
    /// `true` or `false`.
    Bool,
    /// A whole number of 32 bits.
    Int32,
    /// A whole number of 64 bits.
    Int64,
    /// A whole number of 32 bits without a sign.
    UInt32,
    /// A whole number of 64 bits without a sign.
    UInt64,
    /// A binary fraction of 32 bits.
    Float32,
    /// A binary fraction of 64 bits.
    Float64,
    /// A decimal fraction in a JSON string.
    Decimal,
    /// A decimal fraction as a JSON number.
    DecimalNumber,
    /// Any text.
    String,
    /// A calendar date (RFC 3339).
    Date,
    /// A moment (RFC 3339).
    DateTime,
    /// A UUID.
    Uuid,
    /// An IP address of either version.
    Ip,
    /// An IPv4 address.
    Ipv4,
    /// An IPv6 address.
    Ipv6,
}

impl Scalar {
    /// The Rust type by its short name.
    pub fn rust(self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::Int32 => "i32",
            Self::Int64 => "i64",
            Self::UInt32 => "u32",
            Self::UInt64 => "u64",
            Self::Float32 => "f32",
            Self::Float64 => "f64",
            Self::Decimal | Self::DecimalNumber => "Decimal",
            Self::String => "String",
            Self::Date => "NaiveDate",
            Self::DateTime => "DateTime<Utc>",
            Self::Uuid => "Uuid",
            Self::Ip => "IpAddr",
            Self::Ipv4 => "Ipv4Addr",
            Self::Ipv6 => "Ipv6Addr",
        }
    }

    /// Whether an argument of this type is passed by reference and copied. Texts are borrowed, and small numbers are
    /// passed by value.
    fn is_copied(self) -> bool {
        matches!(self, Self::Date | Self::DateTime | Self::Uuid | Self::Ip | Self::Ipv4 | Self::Ipv6)
    }
}

impl Ty {
    /// A list of this type.
    pub fn list(self) -> Self {
        Self::List(Box::new(self))
    }

    /// An element of a list or a map that may be null.
    pub fn nullable(self) -> Self {
        match self {
            // JSON has a null of its own.
            Self::Any | Self::Nullable(_) => self,
            other => Self::Nullable(Box::new(other)),
        }
    }

    /// A map to this type.
    pub fn map(self) -> Self {
        Self::Map(Box::new(self))
    }

    /// The Rust type as the module `types` writes it.
    pub fn rust(&self) -> String {
        self.write("")
    }

    /// The Rust type as modules beside `types` write it, such as `Vec<types::Account>`.
    pub fn path(&self) -> String {
        self.write("types::")
    }

    fn write(&self, prefix: &str) -> String {
        match self {
            Self::Scalar(scalar) => scalar.rust().to_owned(),
            Self::List(inner) => format!("Vec<{}>", inner.write(prefix)),
            Self::Nullable(inner) => format!("Option<{}>", inner.write(prefix)),
            Self::Map(inner) if **inner == Self::Any => "serde_json::Map<String, serde_json::Value>".to_owned(),
            Self::Map(inner) => format!("BTreeMap<String, {}>", inner.write(prefix)),
            Self::Object(name) | Self::Code(name) | Self::Union(name) | Self::Newtype(name, _) => {
                format!("{prefix}{name}")
            }
            Self::Any => "serde_json::Value".to_owned(),
            Self::Bytes => "openbanking_client_runtime::Bytes".to_owned(),
            Self::File => "openbanking_client_runtime::File".to_owned(),
            Self::Stream => "ByteStream".to_owned(),
        }
    }

    /// The name of the type, if it has one of its own.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Object(name) | Self::Code(name) | Self::Union(name) | Self::Newtype(name, _) => Some(name),
            _ => None,
        }
    }

    /// Returns whether a path, a query, a header or a form holds a value as one text.
    pub fn is_text(&self) -> bool {
        match self {
            Self::Nullable(inner) => inner.is_text(),
            other => matches!(other, Self::Scalar(_) | Self::Code(_) | Self::Newtype(..)),
        }
    }

    /// The type inside of all lists and maps.
    pub fn element(&self) -> &Self {
        match self {
            Self::List(inner) | Self::Map(inner) | Self::Nullable(inner) => inner.element(),
            other => other,
        }
    }

    /// Whether the values travel as JSON numbers that are decimals.
    pub fn is_decimal_number(&self) -> bool {
        *self.element() == Self::Scalar(Scalar::DecimalNumber)
    }

    /// Whether this is a map with values of a type; an object without described properties isn't.
    pub fn is_typed_map(&self) -> bool {
        matches!(self, Self::Map(inner) if **inner != Self::Any)
    }

    /// Whether a value may be about a person: text, identifiers, money, free-form data. Named types decide for each of
    /// their own fields.
    pub fn may_be_personal(&self) -> bool {
        match self {
            Self::Scalar(scalar) => {
                use Scalar::{Bool, Date, DateTime, Int32, Int64, UInt32, UInt64};
                !matches!(scalar, Bool | Int32 | Int64 | UInt32 | UInt64 | Date | DateTime)
            }
            Self::List(inner) | Self::Nullable(inner) => inner.may_be_personal(),
            Self::Object(_) | Self::Code(_) | Self::Union(_) => false,
            Self::Newtype(..) | Self::Map(_) | Self::Any | Self::Bytes | Self::File | Self::Stream => true,
        }
    }

    /// Returns whether the type is a newtype, or a list or map of one. `Debug` always hides its values.
    pub(super) fn has_newtype(&self) -> bool {
        matches!(self.element(), Self::Newtype(..))
    }

    /// The type that a request keeps of a required argument.
    pub fn kept(&self) -> String {
        match self {
            Self::Scalar(Scalar::String) => "&'a str".to_owned(),
            Self::Bytes => "&'a [u8]".to_owned(),
            Self::Scalar(scalar) if scalar.is_copied() || self.is_by_value() => scalar.rust().to_owned(),
            Self::Newtype(_, scalar) if scalar.is_copied() => self.path(),
            Self::Code(_) => self.path(),
            _ => format!("&'a {}", self.path()),
        }
    }

    /// The type of a required argument.
    pub fn argument(&self) -> String {
        match self {
            Self::Scalar(scalar) | Self::Newtype(_, scalar) if scalar.is_copied() => format!("&{}", self.path()),
            _ => self.kept(),
        }
    }

    fn is_by_value(&self) -> bool {
        use Scalar::{Bool, Float32, Float64, Int32, Int64, UInt32, UInt64};
        matches!(self, Self::Scalar(Bool | Int32 | Int64 | UInt32 | UInt64 | Float32 | Float64))
    }

    /// The type of an argument that sets an optional value: texts are easier to give as `impl Into<String>`.
    pub fn setter_argument(&self) -> String {
        into_argument(self.path())
    }
}

/// The type to ask for where a value of this type is kept.
pub(super) fn into_argument(ty: String) -> String {
    match ty.as_str() {
        "String" | "openbanking_client_runtime::Bytes" | "openbanking_client_runtime::File" => {
            format!("impl Into<{ty}>")
        }
        _ => ty,
    }
}
