//! Addresses of vendors, and who may see our key.

use crate::Access;
use url::Url;

/// The host to talk to: the operator's choice, or the vendor's usual one.
pub(crate) fn base<'a>(access: &'a Access, usual: &'a str) -> &'a str {
    access.base_url.as_deref().map_or(usual, |chosen| chosen.trim_end_matches('/'))
}

/// `base` with path segments and a query, each encoded as its place demands.
///
/// # Errors
/// A sentence for the log when `base` is no address.
pub(crate) fn address(base: &str, path: &[&str], query: &[(&str, &str)]) -> Result<Url, String> {
    let mut url = parse_address(base)?;
    url.path_segments_mut().map_err(|()| no_address())?.pop_if_empty().extend(path);
    if !query.is_empty() {
        url.query_pairs_mut().extend_pairs(query);
    }
    Ok(url)
}

/// Reads a web address.
///
/// # Errors
/// A sentence for the log, without the address: it may be signed.
pub(crate) fn parse_address(text: &str) -> Result<Url, String> {
    Url::parse(text)
        .ok()
        .filter(|url| matches!(url.scheme(), "https" | "http") && url.has_host())
        .ok_or_else(no_address)
}

fn no_address() -> String {
    "could not read a web address".to_owned()
}

/// Whether our key may be sent to an address that a vendor gave us: only to the very host that we were told to use,
/// or by https to the vendor's own domain. Anything else could be anybody.
pub(crate) fn may_see_key(url: &Url, base: &str, domain: &str) -> bool {
    let same_origin = parse_address(base).is_ok_and(|base| base.origin() == url.origin());
    let vendors_own = url.scheme() == "https"
        && url.port().is_none()
        && url
            .host_str()
            .and_then(|host| host.strip_suffix(domain))
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    same_origin || vendors_own
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_can_not_be_left_by_its_segments() {
        let made = |segments: &[&str]| address("https://example.com/api", segments, &[]).unwrap().to_string();
        assert_eq!(made(&["v1", "a b?c#d/e"]), "https://example.com/api/v1/a%20b%3Fc%23d%2Fe");
        assert_eq!(made(&["v1", "../../x"]), "https://example.com/api/v1/..%2F..%2Fx");
        assert!(address("mailto:someone", &["x"], &[]).is_err());
    }

    #[test]
    fn only_the_vendor_sees_our_key() {
        let sees = |url: &str, base: &str| may_see_key(&Url::parse(url).unwrap(), base, "bfl.ai");
        let usual = "https://api.bfl.ai";
        for good in ["https://api.bfl.ai/x", "https://api.eu2.bfl.ai/v1/get_result?id=1", "https://bfl.ai/"] {
            assert!(sees(good, usual), "{good}");
        }
        for bad in [
            "http://api.bfl.ai/x",
            "https://evil-bfl.ai/x",
            "https://bfl.ai.example.com/x",
            "https://api.bfl.ai@example.com/x",
            "https://api.bfl.ai:8443/x",
            "https://example.com/bfl.ai",
            "http://127.0.0.1:9000/x",
        ] {
            assert!(!sees(bad, usual), "{bad}");
        }
        assert!(sees("http://127.0.0.1:9000/x", "http://127.0.0.1:9000/bfl"));
        assert!(!sees("http://127.0.0.1:9001/x", "http://127.0.0.1:9000/bfl"));
    }
}
