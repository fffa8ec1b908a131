//! Documents in, documents out.

use super::*;
use crate::schema::schema;
use juniper::ValidatedOperation;
use proptest::prelude::*;

fn rewritten(source: &str) -> Option<String> {
    rewrite(&schema(true), source).map(|rewritten| rewritten.text)
}

#[test]
fn documents_of_the_second_kind_become_documents_of_the_first() {
    let cases = [
        (
            "leaf metadata",
            "{ generation(id: 1) { id metadata } }",
            "{ generation(id: 1) { id metadata: metadataJson } }",
        ),
        (
            "leaf error turns the status beside it",
            "{ generation(id: 1) { status error errorCode } }",
            "{ generation(id: 1) { status: statusText error: errorMessage errorCode } }",
        ),
        (
            "object metadata stays",
            "{ generation(id: 1) { status metadata { width } error } }",
            "{ generation(id: 1) { status: statusText metadata { width } error: errorMessage } }",
        ),
        (
            "aliases and directives",
            "{ g: generation(id: 1) { s: status e: error @include(if: true) m: metadata __typename } }",
            "{ g: generation(id: 1) { s: statusText e: errorMessage @include(if: true) m: metadataJson __typename } }",
        ),
        (
            "inline fragments belong to their set",
            "{ generation(id: 1) { status ... on Generation { error } } }",
            "{ generation(id: 1) { status: statusText ... on Generation { error: errorMessage } } }",
        ),
        (
            "fragments speak the dialect of their sets",
            "{ generation(id: 1) { status ...F } } fragment F on Generation { status error }",
            "{ generation(id: 1) { status: statusText ...F } } fragment F on Generation { status: statusText error: errorMessage }",
        ),
        (
            "and the other way round",
            "fragment F on Generation { status } { generation(id: 1) { error ...F } }",
            "fragment F on Generation { status: statusText } { generation(id: 1) { error: errorMessage ...F } }",
        ),
        (
            "two generations, two dialects",
            "{ a: generation(id: 1) { status error { code } } b: generation(id: 2) { status error } }",
            "{ a: generation(id: 1) { status error { code } } b: generation(id: 2) { status: statusText error: errorMessage } }",
        ),
        (
            "letters beyond ASCII before it",
            "# ж\n{ generation(id: \"жж\") { metadata } }",
            "# ж\n{ generation(id: \"жж\") { metadata: metadataJson } }",
        ),
    ];
    for (name, source, expected) in cases {
        assert_eq!(rewritten(source).as_deref(), Some(expected), "{name}");
        let schema = schema(true);
        let valid = ValidatedOperation::new(expected, None, &schema);
        assert!(valid.is_ok(), "{name}: {:?}", valid.err());
    }
}

#[test]
fn documents_without_such_leaves_are_left_alone() {
    for source in [
        "{ generation(id: 1) { status error { code message } metadata { width } } }",
        "{ generation(id: 1) { status: id } }",
        "{ status",
        "",
        "{ generation(id: \"metadata error\") { id } } # metadata",
    ] {
        assert_eq!(rewritten(source), None, "{source}");
    }
}

#[test]
fn positions_lead_back_to_the_callers_text() {
    let source = "{ generation(id: 1) { status error metadata nonsense } }";
    let rewritten = rewrite(&schema(true), source).unwrap();
    for word in ["generation", "status", "error", "metadata", "nonsense"] {
        let found = rewritten.text.find(word).unwrap();
        assert_eq!(rewritten.original(0, found), (0, source.find(word).unwrap()), "{word}");
    }
    assert_eq!(rewritten.original(7, 3), (7, 3));
}

/// Pieces of which documents of every kind come about, good and bad.
fn documents() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "{ ",
        "} ",
        "generation(id: 1) ",
        "account ",
        "status ",
        "error ",
        "metadata ",
        "id ",
        "code ",
        "width ",
        "a: ",
        "... on Generation ",
        "...F ",
        "fragment F on Generation ",
        "query ",
        "@include(if: true) ",
        "\"ж\" ",
        "# c\n",
        "\n",
        "errorMessage ",
        "$v ",
        "error { code } ",
        "{ generation(id: 1) { ",
        "} } ",
    ]);
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_text_is_survived(source: String) {
        let _ = rewritten(&source);
    }

    #[test]
    fn rewriting_once_is_enough_and_makes_nothing_of_a_valid_document(source in documents()) {
        let schema = schema(true);
        if let Some(new) = rewrite(&schema, &source) {
            // A leaf of the second kind is invalid, so whatever is rewritten was not valid.
            prop_assert!(ValidatedOperation::new(&source, None, &schema).is_err());
            let again = rewrite(&schema, &new.text);
            prop_assert!(again.is_none(), "{:?}", again);
        }
    }
}
