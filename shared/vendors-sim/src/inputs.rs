//! Media that come with an order: by address, in base64, or as a data URI.

use crate::loopback;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{Method, StatusCode};
use media::{Facts, Format, Kind, Probe};

/// A file that came as an address or in the request itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Input {
    /// Somewhere in the net; a simulator never looks.
    Address,
    /// Seen, with its size if its head could be read.
    Bytes { length: usize, format: Option<Format>, facts: Facts },
}

impl Input {
    /// Looks into a file.
    pub(crate) fn seen(bytes: &[u8]) -> Self {
        let format = media::sniff(bytes);
        let facts = format.map_or_else(Facts::default, |format| {
            let mut probe = Probe::new(format);
            probe.feed(bytes);
            probe.finish()
        });
        Self::Bytes { length: bytes.len(), format, facts }
    }

    /// Width and height, where they are known.
    pub(crate) fn size(&self) -> Option<(u32, u32)> {
        match self {
            Self::Bytes { facts, .. } => facts.width.zip(facts.height),
            Self::Address => None,
        }
    }

    /// Seconds, where they are known.
    #[allow(dead_code, reason = "not every vendor looks at lengths")]
    pub(crate) fn seconds(&self) -> Option<f64> {
        match self {
            Self::Bytes { facts, .. } => facts.duration_seconds,
            Self::Address => None,
        }
    }

    /// Whether it can be a file of this kind: seen to be one, or not seen.
    #[allow(dead_code, reason = "not every vendor looks at kinds")]
    pub(crate) fn may_be(&self, kind: Kind) -> bool {
        match self {
            Self::Bytes { format, .. } => format.is_some_and(|format| format.kind() == kind),
            Self::Address => true,
        }
    }
}

/// Reads an address or base64 without a prefix. `None` is neither.
pub(crate) fn input(text: &str) -> Option<Input> {
    if is_address(text) {
        return Some(Input::Address);
    }
    let bytes = STANDARD.decode(text).ok().filter(|bytes| !bytes.is_empty())?;
    Some(Input::seen(&bytes))
}

/// The media type and the file of `data:image/png;base64,…`. `None` is none.
pub(crate) fn data_uri(text: &str) -> Option<(&str, Input)> {
    let (media_type, base64) = text.strip_prefix("data:")?.split_once(";base64,")?;
    let bytes = STANDARD.decode(base64).ok().filter(|bytes| !bytes.is_empty())?;
    Some((media_type, Input::seen(&bytes)))
}

/// Whether the text is an address that vendors take.
pub(crate) fn is_address(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// How a vendor fetches a file from its address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Visit {
    #[allow(dead_code, reason = "not every vendor is content with that")]
    Get,
    /// Asks for the head first, and refuses an address that answers a GET alone.
    HeadThenGet,
}

/// Looks at the file behind an address: really, if it is on this machine; others stay unseen.
///
/// # Errors
///
/// What the address answered instead of 200; `None` if it answered nothing.
pub(crate) async fn visit(address: &str, how: Visit) -> Result<Input, Option<StatusCode>> {
    if !loopback::is_here(address) {
        return Ok(Input::Address);
    }
    if how == Visit::HeadThenGet {
        ask(Method::HEAD, address).await?;
    }
    Ok(Input::seen(&ask(Method::GET, address).await?))
}

async fn ask(method: Method, address: &str) -> Result<bytes::Bytes, Option<StatusCode>> {
    let answer = loopback::call(method, address, [], "").await.map_err(|_| None)?;
    if answer.status() == StatusCode::OK { Ok(answer.into_body()) } else { Err(Some(answer.status())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png() -> Vec<u8> {
        let spec = media::PictureSpec { text: "", width: 320, height: 300, seed: 1 };
        media::picture(&spec, media::PictureFormat::Png)
    }

    #[test]
    fn inputs_are_addresses_or_base64() {
        let cases = [
            ("https://example.com/a.png".to_owned(), Some(None)),
            (STANDARD.encode(png()), Some(Some((320, 300)))),
            (STANDARD.encode("not a picture"), Some(None)),
            ("data:image/png;base64,AAAA".to_owned(), None),
            ("ftp://example.com/a.png".to_owned(), None),
            (String::new(), None),
        ];
        for (text, expected) in cases {
            assert_eq!(input(&text).map(|input| input.size()), expected, "{text}");
        }
    }

    #[test]
    fn data_uris_hold_their_type_and_their_file() {
        let text = format!("data:image/png;base64,{}", STANDARD.encode(png()));
        let (media_type, input) = data_uri(&text).unwrap();
        assert_eq!((media_type, input.size()), ("image/png", Some((320, 300))));
        assert!(input.may_be(Kind::Image) && !input.may_be(Kind::Video));
        assert_eq!(data_uri("data:image/png;base64,%"), None);
        assert_eq!(data_uri("https://example.com/a.png"), None);
    }
}
