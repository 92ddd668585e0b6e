//! The constructors of a client, as a macro.

/// Adds the builder, and the methods of `Client` that create other clients.
#[doc(hidden)]
#[macro_export]
macro_rules! __client_builder {
    ($name:literal, $host:ident, $url:literal) => {
        /// Settings of a [`Client`]; [`Client::builder`] creates one.
        ///
        /// ```no_run
        /// use std::time::Duration;
        ///
        #[doc = concat!("use ", $name, "::{ApiHost, Client, Credentials};")]
        ///
        /// let client = Client::builder(Credentials::from_env()?)
        ///     .host(ApiHost::EnableBanking)
        ///     .total_timeout(Duration::from_secs(60))
        ///     .user_agent_suffix("example-shop/2.1")
        ///     .build()?;
        /// # Ok::<(), Box<dyn std::error::Error>>(())
        /// ```
        #[derive(Clone)]
        #[must_use = "a builder does nothing until `build` is called"]
        pub struct ClientBuilder {
            credentials: $crate::Credentials,
            host: $crate::ApiHost,
            options: $crate::__private::runtime::transport::Options,
            user_agent_suffix: Option<String>,
        }

        $crate::__private::runtime::transport_setters!(ClientBuilder, USER_AGENT);
        $crate::__private::runtime::redacted_debug!(ClientBuilder {
            credentials: shown,
            host: shown,
            options: shown,
            user_agent_suffix: hidden
        });

        impl ClientBuilder {
            #[doc = concat!("Sets the host. The default is [`ApiHost::", stringify!($host), "`].")]
            pub fn host(mut self, host: $crate::ApiHost) -> Self {
                self.host = host;
                self
            }

            /// Creates the client. No connection is made, and no token is signed yet.
            ///
            /// # Errors
            ///
            /// - A host that is not https (plain http is for this machine and for hosts that `allow_insecure_host` names), or
            ///   whose audience is empty.
            /// - A timeout of zero, a proxy's URL that is not valid, an extra root that is not a certificate in PEM, a
            ///   `User-Agent` with line ends or other control characters.
            /// - A machine without CA certificates.
            ///
            /// None of these values is shown.
            pub fn build(self) -> Result<Client, $crate::BuildError> {
                let user_agent = self.user_agent();
                let parts = $crate::__private::build::<types::ErrorResponse>(
                    self.credentials,
                    &self.host,
                    &self.options,
                    &user_agent,
                );
                parts.map(|(transport, context)| Client::from_parts(transport, context))
            }
        }

        /// Clients with other credentials, headers or retries.
        impl Client {
            /// Creates the builder of a client that signs its tokens with `credentials`.
            ///
            /// ```no_run
            #[doc = concat!("use ", $name, "::{Client, Credentials};")]
            ///
            /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
            /// let client = Client::builder(Credentials::from_env()?).build()?;
            /// let application = client.application().await?;
            /// # Ok(())
            /// # }
            /// ```
            pub fn builder(credentials: $crate::Credentials) -> ClientBuilder {
                ClientBuilder {
                    credentials,
                    host: $crate::ApiHost::$host,
                    options: $crate::__private::runtime::transport::Options::default(),
                    user_agent_suffix: None,
                }
            }

            /// Creates a client of the service at `base_url`, which is [`SERVER`] or another host with the same paths. It
            /// sends a token made elsewhere until the service refuses it.
            ///
            /// # Errors
            ///
            /// Returns an error if the base URL is not https (plain http is for this machine only), or if the token
            /// contains characters that are not allowed in a header.
            pub fn with_token(base_url: &str, token: &str) -> Result<Self, $crate::BuildError> {
                let parts = $crate::__private::with_token::<types::ErrorResponse>(base_url, token, USER_AGENT);
                parts.map(|(transport, context)| Self::from_parts(transport, context))
            }

            /// Returns a clone of this client that sends every request once, without retries.
            ///
            /// ```no_run
            #[doc = concat!("# async fn example(client: &", $name, "::Client) -> Result<(), ", $name, "::Error> {")]
            /// let application = client.without_retries().application().await?;
            /// # Ok(())
            /// # }
            /// ```
            #[must_use]
            #[doc(alias = "disable retry")]
            pub fn without_retries(&self) -> Self {
                self.with_context(self.context().clone().with_retry(Retry::OFF))
            }

            /// Returns a clone of this client that sends PSU headers: the operations that take them get all headers of
            /// `psu`, and none that were set before. It is cheap, because both clients share their connections.
            #[must_use]
            pub fn with_psu(&self, psu: $crate::PsuHeaders) -> Self {
                self.with_context($crate::__private::with_psu(self.context(), psu))
            }

            /// Returns a clone of this client that sends no PSU headers, for work that no PSU waits for.
            #[must_use]
            pub fn without_psu(&self) -> Self {
                self.with_psu($crate::PsuHeaders::empty())
            }

            /// Returns whether the client sends any PSU header.
            #[must_use]
            pub fn has_psu(&self) -> bool {
                $crate::__private::has_psu(self.context())
            }
        }
    };
}
