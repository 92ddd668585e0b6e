//! Name resolution.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::{io, iter};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::options::Resolver;

/// The resolver of the caller, as reqwest expects it.
pub(super) struct Names(pub(super) Resolver);

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        let resolver = Resolver::clone(&self.0);
        Box::pin(async move {
            let found = tokio::task::spawn_blocking(move || resolver(name.as_str())).await;
            // A resolver that panics finds no address.
            let addresses = found.unwrap_or_else(|_| Err(io::ErrorKind::NotFound.into()))?;
            Ok(addressed(addresses.into_iter()))
        })
    }
}

/// A resolver that finds loopback addresses alone, those of the caller's resolver if it has any.
///
/// It is used for plain http to this machine, which must not leave it: a hosts file or a name server may say something else
/// about `localhost`.
pub(super) struct Loopback(pub(super) Option<Resolver>);

impl Resolve for Loopback {
    fn resolve(&self, name: Name) -> Resolving {
        let found = self.0.as_ref().map(|resolver| Names(Resolver::clone(resolver)).resolve(name));
        Box::pin(async move {
            let found = match found {
                Some(found) => found.await?.map(|address| address.ip()).filter(IpAddr::is_loopback).collect(),
                None => Vec::new(),
            };
            // Most local servers listen on IPv4. If that is refused, IPv6 is tried.
            let usual = vec![IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
            Ok(addressed(if found.is_empty() { usual } else { found }.into_iter()))
        })
    }
}

/// Adds a port of 0, which reqwest replaces by that of the URL.
fn addressed(addresses: impl Iterator<Item = IpAddr> + Send + 'static) -> Addrs {
    Box::new(addresses.zip(iter::repeat(0)).map(SocketAddr::from))
}
