//! URLs that callers give us, checked by their form alone.
//!
//! The form says much already: scheme, credentials, addresses written out, names that can only be inside.
//! What a name resolves to is checked by the [`Door`](crate::Door) at each attempt, because it may change.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr};

use http::Uri;
use url::{Host, Url};

use crate::address::is_public;
use crate::allow::AllowList;

/// The longest URL that is accepted, in bytes: what servers and proxies out there handle without trouble.
pub const MOST_URL_BYTES: usize = 2_000;

/// Endings of names that are never out in the world.
const INSIDE_ENDINGS: [&str; 3] = [".localhost", ".internal", ".local"];

/// A URL that may be called as far as its form tells. Normalised, without a fragment.
///
/// `Debug` shows scheme, host and port alone: paths and queries of such URLs are often secrets.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicUrl {
    url: Url,
    uri: Uri,
}

/// Why a URL is not accepted. The text is meant for whoever sent the URL, and repeats nothing of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UrlProblem {
    /// Longer than [`MOST_URL_BYTES`].
    TooLong,
    /// Not an absolute URL, or with spaces or control characters.
    Malformed,
    /// Another scheme than https.
    NotHttps,
    /// With a user name or a password.
    HasCredentials,
    /// The host is an address that is not public.
    PrivateAddress,
    /// The host is a name that can't be public: `localhost`, a single word, `.internal`, `.local`.
    PrivateName,
}

impl PublicUrl {
    /// Checks the form of a URL, without any look-up.
    ///
    /// What the allow list names by address and port may be called also by http; `localhost` stands for
    /// 127.0.0.1 there.
    ///
    /// # Errors
    /// [`UrlProblem`] says why the URL is not accepted, in words for the client.
    pub fn parse(text: &str, allow: &AllowList) -> Result<Self, UrlProblem> {
        if text.len() > MOST_URL_BYTES {
            return Err(UrlProblem::TooLong);
        }
        // The parser would drop these silently, and another reader of the same URL might not.
        if text.chars().any(|letter| letter.is_whitespace() || letter.is_control()) {
            return Err(UrlProblem::Malformed);
        }
        let mut url = Url::parse(text).map_err(|_| UrlProblem::Malformed)?;
        check_form(&url, allow)?;
        url.set_fragment(None);
        // Letters beyond ASCII grow when they are encoded.
        if url.as_str().len() > MOST_URL_BYTES {
            return Err(UrlProblem::TooLong);
        }
        let uri = url.as_str().parse().map_err(|_| UrlProblem::Malformed)?;
        Ok(Self { url, uri })
    }

    /// The whole URL, with its path and query.
    pub fn as_str(&self) -> &str {
        self.url.as_str()
    }

    /// The whole URL in the form in which requests take it.
    pub fn uri(&self) -> &Uri {
        &self.uri
    }

    /// Scheme, host and, if it is an unusual one, port: fit for logs.
    pub fn origin(&self) -> String {
        self.url.origin().ascii_serialization()
    }
}

/// Everything that the form of a URL tells, apart from its length.
pub(crate) fn check_form(url: &Url, allow: &AllowList) -> Result<(), UrlProblem> {
    let port = match url.scheme() {
        "https" | "http" => url.port_or_known_default().ok_or(UrlProblem::Malformed)?,
        _ => return Err(UrlProblem::NotHttps),
    };
    if !url.username().is_empty() || url.password().is_some() {
        return Err(UrlProblem::HasCredentials);
    }
    // The parser has already brought addresses like 0x7f.1 and 2130706433 into their usual form.
    let listed = match url.host().ok_or(UrlProblem::Malformed)? {
        Host::Ipv4(address) => check_address(address.into(), port, allow)?,
        Host::Ipv6(address) => check_address(address.into(), port, allow)?,
        Host::Domain(name) => check_name(name, port, allow)?,
    };
    if url.scheme() == "https" || listed { Ok(()) } else { Err(UrlProblem::NotHttps) }
}

/// Whether the address is on the allow list; an error if it is neither there nor public.
fn check_address(address: IpAddr, port: u16, allow: &AllowList) -> Result<bool, UrlProblem> {
    let listed = allow.allows(address, port);
    if listed || is_public(address) { Ok(listed) } else { Err(UrlProblem::PrivateAddress) }
}

/// The same for a name. `localhost` is the only one that can be on the list before it is looked up.
fn check_name(name: &str, port: u16, allow: &AllowList) -> Result<bool, UrlProblem> {
    if is_localhost(name) && allow.allows(Ipv4Addr::LOCALHOST.into(), port) {
        return Ok(true);
    }
    let name = name.strip_suffix('.').unwrap_or(name);
    let inside = !name.contains('.') || INSIDE_ENDINGS.iter().any(|ending| name.ends_with(ending));
    if inside { Err(UrlProblem::PrivateName) } else { Ok(false) }
}

/// The one name that is never looked up: it stands for 127.0.0.1.
pub(crate) fn is_localhost(name: &str) -> bool {
    name == "localhost"
}

impl fmt::Debug for PublicUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "PublicUrl({})", self.origin())
    }
}

impl fmt::Display for UrlProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => write!(formatter, "the URL is longer than {MOST_URL_BYTES} bytes"),
            Self::Malformed => formatter.write_str("this is not a valid absolute URL"),
            Self::NotHttps => formatter.write_str("the URL must begin with https://"),
            Self::HasCredentials => formatter.write_str("the URL must not contain a user name or a password"),
            Self::PrivateAddress => {
                formatter.write_str("the URL must not lead to a private or reserved address")
            }
            Self::PrivateName => formatter
                .write_str("the host of the URL must be a public domain name, such as files.example.com"),
        }
    }
}

impl std::error::Error for UrlProblem {}

#[cfg(test)]
mod tests;
