//! The sandbox that `tilisy sandbox` runs, as other commands find it.

use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tilisy_client::uuid::Uuid;
use tilisy_client::{ApiHost, Client, Credentials};

use crate::failure::Failure;
use crate::home::{self, Home};

/// A running sandbox.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Record {
    pub(crate) url: String,
    pub(crate) audience: String,
    pub(crate) application_id: Uuid,
    pub(crate) key_file: PathBuf,
    pub(crate) registration_token: String,
}

impl Record {
    /// The one that runs, if one does. What another run left behind is taken away.
    pub(crate) async fn find(home: &Home) -> Result<Option<Self>, Failure> {
        let file = home.sandbox();
        let Some(text) = home::read(&file)? else {
            return Ok(None);
        };
        let record = serde_json::from_str::<Self>(&text).ok();
        if let Some(record) = record
            && record.answers().await
        {
            return Ok(Some(record));
        }
        // If it cannot be removed, it is looked at again next time.
        let _ = std::fs::remove_file(file);
        Ok(None)
    }

    /// Whether something listens there, and knows the application: its port may be another program's by now.
    async fn answers(&self) -> bool {
        let address = self.url.strip_prefix("http://").and_then(|address| address.parse::<SocketAddr>().ok());
        let listens = |address| TcpStream::connect_timeout(&address, Duration::from_millis(500)).is_ok();
        if !address.filter(|address| address.ip().is_loopback()).is_some_and(listens) {
            return false;
        }
        let credentials = Credentials::from_file(&self.application_id.to_string(), &self.key_file);
        let client = credentials.map(|credentials| Client::builder(credentials).host(self.host()).build());
        match client {
            Ok(Ok(client)) => client.without_retries().application().await.is_ok(),
            _ => false,
        }
    }

    pub(crate) fn host(&self) -> ApiHost {
        ApiHost::custom(&self.url, &self.audience)
    }

    pub(crate) fn write(&self, home: &Home) -> Result<(), Failure> {
        home::write_private(&home.sandbox(), &serde_json::to_vec(self).unwrap_or_default())
    }

    /// Takes the record away, if it is still that of this sandbox.
    pub(crate) fn remove(&self, home: &Home) {
        let file = home.sandbox();
        let text = home::read(&file).ok().flatten().unwrap_or_default();
        if serde_json::from_str::<Self>(&text).is_ok_and(|written| written.url == self.url) {
            let _ = std::fs::remove_file(file);
        }
    }
}
