//! Every generated type of our clients, to be decoded, encoded and printed by name.

use serde_json::Value;

/// The types of a client whose spec has samples.
pub(crate) struct Api {
    /// The name of its target, and of the folder with its samples.
    pub(crate) name: &'static str,
    pub(crate) codecs: &'static [Codec],
    /// How many samples its document has.
    pub(crate) documented: usize,
}

pub(crate) const APIS: &[Api] =
    &[Api { name: "tilisy", codecs: CODECS, documented: 49 }, Api { name: "op", codecs: OP_CODECS, documented: 2 }];

/// What tests do with a type that they only know by name.
pub(crate) struct Codec {
    pub(crate) name: &'static str,
    /// Decodes and encodes again, or says at which path decoding failed.
    pub(crate) recode: fn(&str) -> Result<Value, String>,
    /// Decodes and prints for debugging, both ways; nothing where it does not decode.
    pub(crate) debug: fn(&str) -> Option<String>,
}

impl Api {
    /// The type of this Rust name.
    pub(crate) fn codec(&self, name: &str) -> &'static Codec {
        self.codecs.iter().find(|codec| codec.name == name).expect(name)
    }
}

/// The type of this Rust name, of the Tilisy API.
pub(crate) fn codec(name: &str) -> &'static Codec {
    APIS[0].codec(name)
}

fn recode<T: serde::de::DeserializeOwned + serde::Serialize>(json: &str) -> Result<Value, String> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let value: T = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| error.path().to_string())?;
    Ok(serde_json::to_value(value).expect("what was decoded can be encoded"))
}

fn debug<T: serde::de::DeserializeOwned + std::fmt::Debug>(json: &str) -> Option<String> {
    let value: T = serde_json::from_str(json).ok()?;
    Some(format!("{value:?}\n{value:#?}"))
}

macro_rules! codecs {
    ($krate:ident: $($name:ident)*) => {{
        use $krate::types;
        &[$(Codec { name: stringify!($name), recode: recode::<types::$name>, debug: debug::<types::$name> },)*]
    }};
}

const CODECS: &[Codec] = codecs! { tilisy_client:
    Access AccountIdentification AccountResource AddressType AmountType Aspsp AspspData AuthMethod
    AuthorizeSessionRequest AuthorizeSessionResponse BalanceResource BalanceStatus BankTransactionCode CashAccountType
    Credential CreditDebitIndicator Environment ErrorCode ErrorResponse GenericIdentification GetApplicationResponse
    GetAspspsResponse GetSessionResponse HalBalances HalTransactions PartyIdentification PostalAddress PsuType
    SandboxInfo SandboxUser SchemeName SessionAccount SessionStatus StartAuthorizationRequest
    StartAuthorizationResponse SuccessResponse Transaction TransactionStatus Usage
};

const OP_CODECS: &[Codec] = codecs! { op_client:
    Account ErrorDescriptor ErrorItem ErrorLevel ErrorType Fund FundHolding FundOrder FundOrderIdentifiers FundOrderRequest
    HoldingValue Holdings Payment PaymentConfirmation PaymentInitiation SingleTransaction Transaction Transfer
    TransferRequest
};
