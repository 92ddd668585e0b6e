//! What the builders of all clients can be told of the transport.

/// Gives a builder with the fields `options` ([`Options`](crate::transport::Options)) and `user_agent_suffix` a method for
/// each option, and `user_agent`.
#[doc(hidden)]
#[macro_export]
macro_rules! transport_setters {
    ($builder:ident, $name:expr) => {
        /// Connections and their limits.
        impl $builder {
            /// The longest time to make a connection, 5 s otherwise.
            pub const fn connect_timeout(mut self, timeout: ::std::time::Duration) -> Self {
                self.options.connect_timeout = timeout;
                self
            }

            /// The longest time without a byte of an answer, 30 s otherwise.
            pub const fn read_timeout(mut self, timeout: ::std::time::Duration) -> Self {
                self.options.read_timeout = timeout;
                self
            }

            /// The longest time of one attempt with the whole body of its answer, 60 s otherwise. Banks can be slow.
            pub const fn attempt_timeout(mut self, timeout: ::std::time::Duration) -> Self {
                self.options.attempt_timeout = timeout;
                self
            }

            /// The longest time of a call with all its attempts and the waits between them, 120 s otherwise.
            pub const fn total_timeout(mut self, timeout: ::std::time::Duration) -> Self {
                self.options.total_timeout = timeout;
                self
            }

            /// How often and how soon a request is sent again, where that does no harm: `Retry::default` otherwise.
            pub const fn retry(mut self, retry: $crate::retry::Retry) -> Self {
                self.options.retry = retry;
                self
            }

            /// Sends every request once, whatever comes of it.
            pub const fn without_retries(self) -> Self {
                self.retry($crate::retry::Retry::OFF)
            }

            /// The most bytes of an answer's body, counted after decompression: 64 MiB otherwise. A page of 1,000
            /// transactions has about 1 MiB.
            pub const fn max_answer_bytes(mut self, bytes: usize) -> Self {
                self.options.limits.answer_bytes = bytes;
                self
            }

            /// What finds the addresses of hosts by their names, in place of the system. It is called on a thread that
            /// may wait.
            pub fn resolver(
                mut self,
                resolver: impl Fn(&str) -> ::std::io::Result<::std::vec::Vec<::std::net::IpAddr>> + Send + Sync + 'static,
            ) -> Self {
                self.options.resolver = Some(::std::sync::Arc::new(resolver));
                self
            }

            /// The URL of an HTTP proxy, `http://` or `https://`; it may hold a user name and password.
            ///
            /// None is used otherwise: the environment (`HTTPS_PROXY` and the like) is not asked.
            pub fn proxy(mut self, url: impl Into<String>) -> Self {
                self.options.proxy = Some(url.into());
                self
            }

            /// Certificates in PEM to trust beside those of the machine, such as those of a company's proxy. Can be called
            /// again.
            pub fn extra_root_certificate(mut self, pem: impl Into<::std::vec::Vec<u8>>) -> Self {
                self.options.extra_roots.push(pem.into());
                self
            }

            /// What the `User-Agent` header says after this crate's name and version: best the application's own.
            pub fn user_agent_suffix(mut self, suffix: impl Into<String>) -> Self {
                self.user_agent_suffix = Some(suffix.into());
                self
            }

            /// The whole `User-Agent` header.
            fn user_agent(&self) -> String {
                match &self.user_agent_suffix {
                    Some(suffix) => ::std::format!("{} {suffix}", $name),
                    None => ::std::string::ToString::to_string($name),
                }
            }
        }
    };
}
