//! Name look-up that yields checked addresses alone. As the connection is made to what this yields and to
//! nothing else, a name can't answer differently between check and use.

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::address::is_public;
use crate::allow::AllowList;
use crate::public_url::is_localhost;

/// A look-up that takes longer is lost. Below the connect time-out, so that an error says which it was.
const LOOK_UP_TIME_OUT: Duration = Duration::from_secs(4);

/// The resolver of one client. All calls of that client go to one of the listed ports, or all to ports
/// that are not listed: look-ups know nothing of ports, so each listed port has a client of its own.
pub(crate) struct CheckedNames {
    pub(crate) names: Names,
    pub(crate) allow: Arc<AllowList>,
    /// The listed port that all calls go to, if they do.
    pub(crate) port: Option<u16>,
}

/// Where the addresses of names come from.
#[derive(Clone)]
pub(crate) enum Names {
    /// The system's resolver.
    System,
    /// A table; a name that is not in it does not exist.
    #[cfg(test)]
    Table(Arc<std::collections::BTreeMap<&'static str, Vec<IpAddr>>>),
}

/// A name that resolves, at least in part, to an address that we do not call. The address stays out of
/// the text: it says something about somebody's inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PrivateAnswer;

impl Resolve for CheckedNames {
    fn resolve(&self, name: Name) -> Resolving {
        let (names, allow, port) = (self.names.clone(), Arc::clone(&self.allow), self.port);
        Box::pin(async move {
            let addresses = names.look_up(name.as_str()).await?;
            // One bad address refuses the name: which of them is connected to is not ours to choose.
            let all_allowed = addresses
                .iter()
                .all(|address| is_public(*address) || port.is_some_and(|port| allow.allows(*address, port)));
            if !all_allowed {
                return Err(PrivateAnswer.into());
            }
            // Port 0 stands for the port of the URL.
            let addresses = addresses.into_iter().map(|address| SocketAddr::new(address, 0));
            Ok(Box::new(addresses) as Addrs)
        })
    }
}

impl Names {
    /// The addresses of a name, at least one.
    async fn look_up(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        if is_localhost(name) {
            return Ok(vec![Ipv4Addr::LOCALHOST.into()]);
        }
        let addresses: Vec<IpAddr> = match self {
            Self::System => tokio::time::timeout(LOOK_UP_TIME_OUT, tokio::net::lookup_host((name, 0)))
                .await
                .map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??
                .map(|address| address.ip())
                .collect(),
            #[cfg(test)]
            Self::Table(table) => table.get(name).cloned().unwrap_or_default(),
        };
        if addresses.is_empty() {
            return Err(io::Error::from(io::ErrorKind::NotFound));
        }
        Ok(addresses)
    }
}

impl fmt::Display for PrivateAnswer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the name resolves to an address that is not public")
    }
}

impl std::error::Error for PrivateAnswer {}
