//! Finds every host on this machine, or none, and counts how often it was asked.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{future, io};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// A resolver that asks nobody.
#[derive(Clone, Debug)]
pub(crate) struct Resolver {
    knows: bool,
    asked: Arc<AtomicUsize>,
}

impl Resolver {
    /// Every host is this machine.
    pub(crate) fn loopback() -> Self {
        Self { knows: true, asked: Arc::default() }
    }

    /// There is no host.
    pub(crate) fn nowhere() -> Self {
        Self { knows: false, ..Self::loopback() }
    }

    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    /// The addresses of any host.
    pub(crate) fn find(&self) -> io::Result<Vec<IpAddr>> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        if self.knows {
            Ok(vec![IpAddr::V4(Ipv4Addr::LOCALHOST)])
        } else {
            Err(io::Error::new(io::ErrorKind::NotFound, "no such host"))
        }
    }
}

impl Resolve for Resolver {
    fn resolve(&self, _: Name) -> Resolving {
        let found = self.find().map(|addresses| {
            // The port is filled in from the URL.
            let addresses = addresses.into_iter().map(|address| SocketAddr::new(address, 0));
            Box::new(addresses) as Addrs
        });
        Box::pin(future::ready(found.map_err(Into::into)))
    }
}
