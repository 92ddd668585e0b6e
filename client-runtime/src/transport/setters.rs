//! The transport options of all client builders.

/// Adds a method for each option, and `user_agent`, to a builder with the fields `options`
/// ([`Options`](crate::transport::Options)) and `user_agent_suffix`.
#[doc(hidden)]
#[macro_export]
macro_rules! transport_setters {
    ($builder:ident, $name:expr) => {
        /// Settings of connections and limits of calls.
        impl $builder {
            /// Sets the longest time to make a connection. The default is 5 s.
            #[doc(alias = "connection timeout")]
            pub const fn connect_timeout(mut self, timeout: ::std::time::Duration) -> Self {
                self.options.connect_timeout = timeout;
                self
            }

            /// Sets the longest time without a byte of the response. The default is 30 s.
            pub const fn read_timeout(mut self, timeout: ::std::time::Duration) -> Self {
                self.options.read_timeout = timeout;
                self
            }

            /// Sets the longest time of one attempt, including the body of the response. The default is 60 s, because banks
            /// can be slow.
            #[doc(alias = "request timeout")]
            pub const fn attempt_timeout(mut self, timeout: ::std::time::Duration) -> Self {
                self.options.attempt_timeout = timeout;
                self
            }

            /// Sets the longest time of a call with all its attempts and the delays between them. The default is 120 s.
            #[doc(alias = "deadline")]
            #[doc(alias = "timeout")]
            pub const fn total_timeout(mut self, timeout: ::std::time::Duration) -> Self {
                self.options.total_timeout = timeout;
                self
            }

            /// Sets the retry policy. The default is `Retry::default()`.
            #[doc(alias = "retries")]
            #[doc(alias = "max retries")]
            pub const fn retry(mut self, retry: $crate::retry::Retry) -> Self {
                self.options.retry = retry;
                self
            }

            /// Turns retries off: every request is sent once.
            #[doc(alias = "disable retry")]
            pub const fn without_retries(self) -> Self {
                self.retry($crate::retry::Retry::OFF)
            }

            /// Sets the most bytes of a response body, counted after decompression. The default is 64 MiB. A page of 1,000
            /// transactions has about 1 MiB.
            #[doc(alias = "memory limit")]
            #[doc(alias = "response size")]
            pub const fn max_answer_bytes(mut self, bytes: usize) -> Self {
                self.options.limits.answer_bytes = bytes;
                self
            }

            /// Resolves host names in place of the system. It is called on a thread that may block. For plain http to this machine,
            /// only its loopback addresses count.
            #[doc(alias = "dns")]
            pub fn resolver(
                mut self,
                resolver: impl Fn(&str) -> ::std::io::Result<::std::vec::Vec<::std::net::IpAddr>> + Send + Sync + 'static,
            ) -> Self {
                self.options.resolver = Some(::std::sync::Arc::new(resolver));
                self
            }

            /// Allows plain http to this host, a name or an address without a port. It can be called several times.
            ///
            /// **Only for tests**, such as a sandbox in another container. Tokens, account numbers and transactions are
            /// sent unencrypted: anyone on the network can read and change them, and use the token. Never call it in
            /// production, and never for the host of a real service.
            ///
            /// Plain http to `localhost`, `127.0.0.1` and `[::1]` needs no permission.
            ///
            /// Methods that return a link for a browser still change it to https, unless it leads to this machine.
            #[doc(alias = "http")]
            #[doc(alias = "docker")]
            #[doc(alias = "container")]
            pub fn allow_insecure_host(mut self, host: impl Into<String>) -> Self {
                self.options.insecure_hosts.push(host.into());
                self
            }

            /// Sets the URL of an HTTP proxy, `http://` or `https://`. It may contain a user name and password.
            ///
            /// There is no proxy by default. Environment variables such as `HTTPS_PROXY` are not read.
            pub fn proxy(mut self, url: impl Into<String>) -> Self {
                self.options.proxy = Some(url.into());
                self
            }

            /// Adds certificates in PEM that are trusted in addition to those of the machine, such as those of a company's
            /// proxy. It can be called several times.
            #[doc(alias = "ca certificate")]
            #[doc(alias = "self signed")]
            pub fn extra_root_certificate(mut self, pem: impl Into<::std::vec::Vec<u8>>) -> Self {
                self.options.extra_roots.push(pem.into());
                self
            }

            /// Sets the certificate and private key by which the client identifies itself (mutual TLS), such as a QWAC. Both are
            /// PEM, and the key is PKCS#8.
            #[doc(alias = "mtls")]
            #[doc(alias = "client certificate")]
            #[doc(alias = "qwac")]
            pub fn identity(
                mut self,
                certificate: impl Into<::std::vec::Vec<u8>>,
                private_key: impl Into<::std::vec::Vec<u8>>,
            ) -> Self {
                self.options.identity = Some($crate::transport::Identity::from_pem(certificate, private_key));
                self
            }

            /// Sets the text after this crate's name and version in the `User-Agent` header, such as the name and version of
            /// the application.
            #[doc(alias = "application name")]
            pub fn user_agent_suffix(mut self, suffix: impl Into<String>) -> Self {
                self.user_agent_suffix = Some(suffix.into());
                self
            }

            /// Returns the whole `User-Agent` header.
            fn user_agent(&self) -> String {
                match &self.user_agent_suffix {
                    Some(suffix) => ::std::format!("{} {suffix}", $name),
                    None => ::std::string::ToString::to_string($name),
                }
            }
        }
    };
}
