//! Pages of transactions, made row by row: the same rows in every run.
#![allow(dead_code, reason = "each benchmark needs some of it")]

/// The amount of data in a row.
#[derive(Clone, Copy)]
pub(crate) enum Rows {
    /// About 330 bytes: what most banks tell of a payment.
    Short,
    /// About 1,000 bytes: both parties with address and account.
    Long,
}

impl Rows {
    /// As it stands in the name of a benchmark.
    pub(crate) fn bytes(self) -> usize {
        match self {
            Self::Short => 330,
            Self::Long => 1_000,
        }
    }

    fn row(self, nth: usize, odd: bool) -> String {
        let cents = nth * 7 % 100_000;
        let amount = format!("{}.{:02}", cents / 100, cents % 100);
        let amount = if odd { amount } else { format!(r#""{amount}""#) };
        let text = format!(r#""Invoice {nth:08}, thank you for paying in time""#);
        let text = if odd { text } else { format!("[{text}]") };
        let (month, day) = (nth % 12 + 1, nth % 28 + 1);
        let end = format!(
            r#""booking_date":"2025-{month:02}-{day:02}","value_date":"2025-{month:02}-{day:02}","transaction_amount":{{"currency":"EUR","amount":{amount}}},"credit_debit_indicator":"DBIT","status":"BOOK","remittance_information":{text}"#
        );
        match self {
            Self::Short => {
                let more = if odd { r#""debtor":null,"creditor_account":"","reference_number":null,"# } else { "" };
                format!(
                    r#"{{"entry_reference":"20250131{nth:010}","creditor":{{"name":"Ruokakauppa {nth:06} Oy"}},{more}{end}}}"#
                )
            }
            Self::Long => {
                let line = r#""PO Box 511, 00123 Helsinki""#;
                let line = if odd { line.to_owned() } else { format!("[{line}]") };
                let more = if odd { r#""reference_number":null,"merchant_category_code":"","# } else { "" };
                let none = if odd { r#","private_id":"""# } else { "" };
                format!(
                    r#"{{"entry_reference":"20250131{nth:010}","bank_transaction_code":{{"code":"ICDT","description":"Utlandsbetalning","sub_code":"ESCT"}},{more}"transaction_date":"2025-{month:02}-{day:02}","creditor":{{"name":"Ruokakauppa {nth:06} Oy","organisation_id":{{"identification":"FI{nth:08}","issuer":"FI","scheme_name":"TXID"}}{none},"postal_address":{{"address_line":{line},"address_type":"Business","country":"FI","post_code":"00123","street_name":"Vasavagen","building_numbder":"4","town_name":"Helsinki"}}}},"creditor_account":{{"iban":"FI88{nth:014}"}},"debtor":{{"name":"Asko Teirila","postal_address":{{"address_line":{line},"country":"FI","post_code":"39140","town_name":"Hameenkyro"}}}},"debtor_account":{{"iban":"FI21{nth:014}","other":{{"identification":"{nth:08}","scheme_name":"BBAN"}}}},{end}}}"#
                )
            }
        }
    }
}

/// A page as the document has it.
pub(crate) fn clean(rows: Rows, count: usize, key: Option<&str>) -> Vec<u8> {
    page(rows, count, key, false)
}

/// The same page as some banks tell it: null or `""` for a part that is absent, numbers for amounts, one text for a list.
pub(crate) fn odd(rows: Rows, count: usize) -> Vec<u8> {
    page(rows, count, None, true)
}

fn page(rows: Rows, count: usize, key: Option<&str>, odd: bool) -> Vec<u8> {
    let list: Vec<_> = (0..count).map(|nth| rows.row(nth, odd)).collect();
    let key = key.map_or("null".to_owned(), |key| format!(r#""{key}""#));
    format!(r#"{{"transactions":[{}],"continuation_key":{key}}}"#, list.join(",")).into_bytes()
}

/// Lets the allocator find its ways before the clock runs. glibc gives memory back to the system, and faults it in again
/// for the next page, until it has seen a large block come and go: as it has in any process of some age.
pub(crate) fn settle_allocator() {
    drop(std::hint::black_box(vec![1_u8; 31 << 20]));
}
