//! Stand-ins: hosts that are played by somebody near. For local runs and tests, where the hosts of documentation's examples
//! have nothing to give. Whom a stand-in is played by is checked like everybody else.

use std::collections::BTreeMap;
use std::fmt;

use url::Url;

/// Hosts and who is called in their place. Empty by default, as it should be in production.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StandIns {
    by_host: BTreeMap<String, Url>,
}

/// A stand-in that could not be understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidStandIn {
    /// The entry as it was written.
    pub entry: String,
}

impl StandIns {
    /// Reads entries like `example.com=http://127.0.0.1:3003/elsewhere`, separated by commas: what is asked of the host,
    /// by http or https and at its usual port, is asked there, its path after that one. An empty text has none.
    ///
    /// # Errors
    /// [`InvalidStandIn`] names the first entry that could not be understood.
    pub fn parse(text: &str) -> Result<Self, InvalidStandIn> {
        let entries = text.split(',').map(str::trim).filter(|entry| !entry.is_empty());
        let by_host =
            entries.map(|entry| read(entry).ok_or_else(|| InvalidStandIn { entry: entry.to_owned() }));
        Ok(Self { by_host: by_host.collect::<Result<_, _>>()? })
    }

    /// Where a URL leads; itself, if its host has no stand-in.
    pub(crate) fn instead_of(&self, url: Url) -> Url {
        if self.by_host.is_empty() || url.port().is_some() || !matches!(url.scheme(), "http" | "https") {
            return url;
        }
        let Some(base) = url.host_str().and_then(|host| self.by_host.get(host)) else { return url };
        let mut there = base.clone();
        there.set_path(&format!("{}{}", base.path().trim_end_matches('/'), url.path()));
        there.set_query(url.query());
        there
    }
}

fn read(entry: &str) -> Option<(String, Url)> {
    let (host, base) = entry.split_once('=')?;
    // Read as a URL's host, so that it is written as those that it is compared with.
    let host = Url::parse(&format!("https://{host}/")).ok()?.host_str()?.to_owned();
    let base = Url::parse(base).ok().filter(|base| base.host_str().is_some() && base.query().is_none())?;
    matches!(base.scheme(), "http" | "https").then_some((host, base))
}

impl fmt::Display for InvalidStandIn {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "the stand-in {:?} is not written as host=http://address/path", self.entry)
    }
}

impl std::error::Error for InvalidStandIn {}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_of_a_host_is_asked_of_its_stand_in() {
        let stand_ins = StandIns::parse(
            " example.com=http://127.0.0.1:3003/elsewhere/ , Your-App.com=http://127.0.0.1:9",
        )
        .unwrap();
        for (asked, expected) in [
            ("https://example.com/a/b.jpg?x=1", "http://127.0.0.1:3003/elsewhere/a/b.jpg?x=1"),
            ("http://EXAMPLE.com", "http://127.0.0.1:3003/elsewhere/"),
            ("https://your-app.com/webhook", "http://127.0.0.1:9/webhook"),
            ("https://sub.example.com/a", "https://sub.example.com/a"),
            ("https://example.com:8443/a", "https://example.com:8443/a"),
            ("https://example.org/a", "https://example.org/a"),
            ("ftp://example.com/a", "ftp://example.com/a"),
        ] {
            assert_eq!(stand_ins.instead_of(Url::parse(asked).unwrap()).as_str(), expected, "{asked}");
        }
    }

    #[test]
    fn what_is_no_stand_in_is_named() {
        for bad in ["example.com", "=http://a", "a b=http://c", "a=ftp://c", "a=c", "a=http://c/?d", "a="] {
            assert_eq!(StandIns::parse(bad).unwrap_err().entry, bad);
        }
        assert_eq!(StandIns::parse(""), Ok(StandIns::default()));
    }
}
