//! The readers of transactions, as a macro.

/// Adds `pages` and `stream` to the request for transactions, and `transactions_of` to the client.
#[doc(hidden)]
#[macro_export]
macro_rules! __client_transactions {
    ($name:literal, $account:ty, $($filter:ident: $type:ty),+) => {
        /// All pages of an account's transactions; from [`pages`](operations::AccountTransactions::pages).
        pub type TransactionPages = $crate::transactions::TransactionPages<Client>;

        /// All transactions of an account; from [`stream`](operations::AccountTransactions::stream).
        pub type Transactions = $crate::transactions::Transactions<Client>;

        /// The transactions of many accounts; from [`Client::transactions_of`].
        #[must_use = "nothing is requested until this is polled"]
        pub struct AccountsTransactions($crate::transactions::AccountsTransactions<Client>);

        impl AccountsTransactions {
            /// Sets how many accounts are read at the same time, at least 1. The default is 4.
            pub fn concurrency(self, accounts: usize) -> Self {
                Self(self.0.concurrency(accounts))
            }

            /// Changes the request for each account, for example by `|request| request.date_from(day)`.
            pub fn each(
                self,
                change: impl for<'a> Fn(operations::AccountTransactions<'a>) -> operations::AccountTransactions<'a>
                + Send
                + 'static,
            ) -> Self {
                use $crate::transactions::ListTransactions;

                Self(self.0.each(move |client, account| Client::query(change(client.request(account)))))
            }

            /// Returns the next transaction of an account, or the error of an account, and `None` after the last.
            pub async fn next(&mut self) -> Option<($account, Result<types::Transaction, Error>)> {
                self.0.next().await
            }
        }

        impl $crate::__private::Stream for AccountsTransactions {
            type Item = ($account, Result<types::Transaction, Error>);

            fn poll_next(
                mut self: ::std::pin::Pin<&mut Self>,
                context: &mut ::std::task::Context<'_>,
            ) -> ::std::task::Poll<Option<Self::Item>> {
                ::std::pin::Pin::new(&mut self.0).poll_next(context)
            }
        }

        impl ::std::fmt::Debug for AccountsTransactions {
            fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Debug::fmt(&self.0, formatter)
            }
        }

        impl operations::AccountTransactions<'_> {
            /// Returns all pages, one after another, as a `Stream` or by
            /// [`try_next`](enablebanking_core::transactions::TransactionPages::try_next).
            ///
            /// Every request repeats the parameters that are set here, as the service demands, with the key of the page
            /// before. The last page is the one whose key is null, missing or empty. An empty page is not the last one, so
            /// the next page is requested a little later.
            ///
            /// # Errors
            ///
            /// - The errors of [`Client::account_transactions`].
            /// - A page that leads back to one that was read before ([`ErrorKind::RepeatedPage`]). It is not returned.
            /// - More pages than allowed ([`ErrorKind::TooManyPages`]).
            ///
            /// After a page come the errors of its transactions that could not be decoded ([`ErrorKind::BadRow`]), one each,
            /// and then the next page. Any other error ends the stream: the client has already repeated the request as
            /// often as banks allow for one page. To continue later, start with the key of the last page
            /// ([`continuation_key`](operations::AccountTransactions::continuation_key)).
            ///
            /// ```no_run
            #[doc = concat!("# async fn example(client: &", $name, "::Client, account: &uuid::Uuid) -> Result<(), ", $name, "::Error> {")]
            /// # let account = &(*account).into();
            /// let mut pages = client.account_transactions(account).pages();
            /// while let Some(page) = pages.try_next().await? {
            ///     println!("{} transactions", page.transactions.len());
            /// }
            /// # Ok(())
            /// # }
            /// ```
            #[doc(alias = "pagination")]
            #[doc(alias = "cursor")]
            #[doc(alias = "paging")]
            #[doc(alias = "next page")]
            pub fn pages(self) -> TransactionPages {
                $crate::transactions::pages(self)
            }

            /// Returns all transactions of all [`pages`](Self::pages), one after another, as a `Stream` or by
            /// [`try_next`](enablebanking_core::transactions::Transactions::try_next).
            ///
            /// # Errors
            ///
            /// The errors of [`pages`](Self::pages). A transaction that cannot be decoded is an error in its place, and the
            /// others are returned.
            ///
            /// ```no_run
            #[doc = concat!("# async fn example(client: &", $name, "::Client, account: &uuid::Uuid) -> Result<(), ", $name, "::Error> {")]
            /// # let account = &(*account).into();
            /// let mut transactions = client.account_transactions(account).stream().limit(1_000);
            /// while let Some(transaction) = transactions.try_next().await? {
            ///     println!("{:?} {:?}", transaction.booking_date, transaction.signed_amount());
            /// }
            /// # Ok(())
            /// # }
            /// ```
            #[doc(alias = "since")]
            #[doc(alias = "history")]
            #[doc(alias = "download")]
            #[doc(alias = "iterator")]
            #[doc(alias = "sync")]
            pub fn stream(self) -> Transactions {
                $crate::transactions::stream(self)
            }
        }

        impl Client {
            /// Returns the transactions of many accounts, such as all accounts of a session, several accounts at a time, as
            /// a `Stream` or by [`next`](AccountsTransactions::next).
            ///
            /// The transactions of one account keep their order, and the accounts that are being read take turns. An
            /// account that fails yields its error and ends; the others go on. A transaction that cannot be decoded
            /// ([`ErrorKind::BadRow`]) does not end the stream.
            ///
            /// ```no_run
            /// # async fn example(
            #[doc = concat!("#     client: &", $name, "::Client,")]
            #[doc = concat!("#     session: &", $name, "::types::AuthorizeSessionResponse,")]
            #[doc = concat!("#     day: ", $name, "::chrono::NaiveDate,")]
            /// # ) {
            /// let accounts = session.accounts.iter().filter_map(|account| account.uid);
            /// let mut transactions = client.transactions_of(accounts).each(move |request| request.date_from(day));
            /// while let Some((account, transaction)) = transactions.next().await {
            ///     match transaction {
            ///         Ok(transaction) => println!("{account} {:?}", transaction.signed_amount()),
            ///         Err(error) => println!("{account} {error}"),
            ///     }
            /// }
            /// # }
            /// ```
            #[doc(alias = "all accounts")]
            #[doc(alias = "batch")]
            pub fn transactions_of(&self, accounts: impl IntoIterator<Item = $account>) -> AccountsTransactions {
                AccountsTransactions($crate::transactions::transactions_of(self, accounts))
            }
        }

        const _: fn() = || {
            fn is_shareable<T: Clone + Send + Sync>() {}
            fn is_movable<T: Send + Unpin>() {}
            is_shareable::<Client>();
            is_movable::<Transactions>();
            is_movable::<TransactionPages>();
            is_movable::<AccountsTransactions>();
        };

        /// The query parameters that every page of a list of transactions repeats.
        #[doc(hidden)]
        #[derive(Clone, Default, PartialEq)]
        #[allow(missing_debug_implementations, reason = "it is not visible")]
        pub struct TransactionFilters {
            $($filter: Option<$type>,)+
        }

        #[doc(hidden)]
        impl $crate::transactions::ListTransactions for Client {
            type AccountId = $account;
            type Request<'a> = operations::AccountTransactions<'a>;
            type Filters = TransactionFilters;
            type Page = types::HalTransactions;
            type Transaction = types::Transaction;
            type ErrorBody = types::ErrorResponse;
            type Error = Error;

            const OPERATION: &'static $crate::__private::runtime::context::Operation = &operations::ACCOUNT_TRANSACTIONS;

            fn is_attended(&self) -> bool {
                self.has_psu()
            }

            fn request<'a>(&'a self, account: &$account) -> operations::AccountTransactions<'a> {
                self.account_transactions(account)
            }

            fn query(request: operations::AccountTransactions<'_>) -> $crate::transactions::Query<Self> {
                let operations::AccountTransactions {
                    client_: client,
                    account_id,
                    continuation_key,
                    $($filter,)+
                    extra_: extra,
                } = request;
                let filters = TransactionFilters { $($filter),+ };
                $crate::transactions::Query { client: client.clone(), account_id, continuation_key, filters, extra }
            }

            fn fetch<'a>(
                query: &'a $crate::transactions::Query<Self>,
                key: Option<&str>,
            ) -> Pending<'a, Response<types::HalTransactions>, Error> {
                let mut request = query.client.account_transactions(&query.account_id);
                request.continuation_key = key.map(str::to_owned);
                $(request.$filter.clone_from(&query.filters.$filter);)+
                request.extra_ = query.extra.clone();
                request.with_meta()
            }

            fn continuation_key(page: &types::HalTransactions) -> Option<&str> {
                page.continuation_key.as_deref()
            }

            fn transactions(page: &mut types::HalTransactions) -> &mut Vec<types::Transaction> {
                &mut page.transactions
            }
        }
    };
}
