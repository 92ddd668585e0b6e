//! Files in request bodies of several parts.

use std::fmt;

use bytes::Bytes;

/// A file in a request body of several parts (`multipart/form-data`).
///
/// Services recognize a file by its name. Without [`with_name`](Self::with_name), it is sent under the name of the form's
/// field.
///
/// ```
/// use openbanking_client_runtime::File;
///
/// let file = File::new("a,b\n1,2\n").with_name("rows.csv").with_content_type("text/csv");
/// assert_eq!(file.bytes().len(), 8);
/// ```
#[derive(Clone, Eq, PartialEq)]
pub struct File {
    bytes: Bytes,
    name: Option<String>,
    content_type: Option<String>,
}

impl File {
    /// Creates a file with this content. Cloning it is cheap.
    #[must_use]
    pub fn new(bytes: impl Into<Bytes>) -> Self {
        Self { bytes: bytes.into(), name: None, content_type: None }
    }

    /// Sets the file name.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sets the media type. Without it, the file has the one in the API description, or `application/octet-stream`.
    #[must_use]
    pub fn with_content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    /// Returns the content.
    #[must_use]
    pub const fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// Returns the file name, if one is set.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Returns the media type, if one is set.
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }
}

impl From<Bytes> for File {
    fn from(bytes: Bytes) -> Self {
        Self::new(bytes)
    }
}

impl From<Vec<u8>> for File {
    fn from(bytes: Vec<u8>) -> Self {
        Self::new(bytes)
    }
}

/// Content and name are left out: they may be personal.
impl fmt::Debug for File {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("File").finish_non_exhaustive()
    }
}
