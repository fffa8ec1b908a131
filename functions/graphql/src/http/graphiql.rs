//! GraphiQL, for people with a browser: the page at `GET /graphql`, and the files that it loads.
//!
//! The page itself is ours and part of the program. GraphiQL and React are packed beside the program by `make build`
//! (`infra/local/package.py`), each under a name that tells its version, so that browsers may keep them for good.

use super::{
    media::{prefers_a_page, takes_gzip},
    nothing_there, refuse,
};
use crate::{
    App,
    gateway::{Reply, Request},
};
use std::{fs, io, path::PathBuf};

const PAGE: &str = include_str!("../../graphiql/page.html");

/// Name, media type and content of what is ours.
const OURS: [(&str, &str, &str); 3] = [
    ("page.js", SCRIPT, include_str!("../../graphiql/page.js")),
    ("page.css", STYLE, include_str!("../../graphiql/page.css")),
    ("icon.svg", "image/svg+xml", include_str!("../../graphiql/icon.svg")),
];

/// Name and media type of what is packed beside the program, each as `<name>.gz`.
const PACKED: [(&str, &str); 4] = [
    ("react-18.3.1.js", SCRIPT),
    ("react-dom-18.3.1.js", SCRIPT),
    ("graphiql-4.1.2.js", SCRIPT),
    ("graphiql-4.1.2.css", STYLE),
];

const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";

/// Nothing but our own files and our own API. GraphiQL's editor sets styles inline, and its style sheet holds its
/// fonts.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src data:; \
     img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Whether a request for `/graphql` comes from somebody who opened the address in a browser. Programs send a key, and
/// what they get is never a page, whatever their HTTP library accepts.
pub(super) fn is_for(request: &Request) -> bool {
    request.method == "GET"
        && request.header("authorization").is_none()
        && prefers_a_page(request.header("accept"))
}

/// The page; it needs no key.
pub(super) fn page(app: &App) -> Reply {
    if PACKED.iter().any(|(name, _)| !packed(app, name).is_file()) {
        return not_packed();
    }
    Reply::text(200, "text/html; charset=utf-8", PAGE.to_owned())
        .with("Cache-Control", "no-cache")
        .with("Vary", "Accept, Authorization")
        .with("Content-Security-Policy", POLICY)
        .with("Referrer-Policy", "no-referrer")
}

/// A file that the page loads. Names are looked up in our two lists; what a caller sends never becomes a path.
pub(super) fn file(app: &App, request: &Request, request_id: &str, wanted: &str) -> Reply {
    if let Some((_, media_type, content)) = OURS.iter().find(|(name, ..)| *name == wanted) {
        return Reply::text(200, media_type, (*content).to_owned()).with("Cache-Control", "no-cache");
    }
    let Some((name, media_type)) = PACKED.iter().find(|(name, _)| *name == wanted) else {
        return nothing_there(app, request_id);
    };
    if !takes_gzip(request.header("accept-encoding")) {
        return refuse(app, request_id, 406, "this file is sent with gzip only")
            .with("Vary", "Accept-Encoding");
    }
    match fs::read(packed(app, name)) {
        Ok(content) => Reply::bytes(200, media_type, &content)
            .with("Content-Encoding", "gzip")
            .with("Cache-Control", "public, max-age=31536000, immutable")
            .with("Vary", "Accept-Encoding"),
        Err(error) => {
            if error.kind() != io::ErrorKind::NotFound {
                tracing::error!(request.id = request_id, "could not read {name}: {error}");
            }
            not_packed()
        }
    }
}

/// Where a file of [`PACKED`] is.
fn packed(app: &App, name: &str) -> PathBuf {
    app.graphiql.join(format!("{name}.gz"))
}

/// In words for people: who asked is no client of the API.
fn not_packed() -> Reply {
    let message = "GraphiQL is not part of this deployment. The API itself answers POST at /graphql.\n";
    Reply::text(503, "text/plain; charset=utf-8", message.to_owned()).with("Cache-Control", "no-store")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_page_loads_what_there_is_and_nothing_else() {
        let loaded: BTreeSet<&str> = ["src=\"", "href=\""]
            .into_iter()
            .flat_map(|attribute| PAGE.split(attribute).skip(1))
            .map(|rest| rest.split('"').next().unwrap())
            .collect();
        let there = OURS.iter().map(|(name, ..)| *name).chain(PACKED.iter().map(|(name, _)| *name));
        let there: Vec<String> = there.map(|name| format!("graphql/{name}")).collect();
        assert_eq!(loaded, there.iter().map(String::as_str).collect());
    }

    #[test]
    fn names_tell_the_versions_of_the_lock_file() {
        let lock = include_str!("../../graphiql/package-lock.json");
        let lock: serde_json::Value = serde_json::from_str(lock).unwrap();
        for (name, _) in PACKED {
            let (stem, _) = name.rsplit_once('.').unwrap();
            let (package, version) = stem.rsplit_once('-').unwrap();
            let locked = &lock["packages"][format!("node_modules/{package}")];
            assert_eq!(locked["version"], version, "{name}");
            assert!(locked["integrity"].as_str().unwrap().starts_with("sha512-"), "{name}");
        }
    }
}
