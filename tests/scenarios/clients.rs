//! Clients in the wild: the page's samples, and the libraries that callers use. Each program of `tests/clients` is one
//! story with an account of its own; its closing line tells how it went.

use crate::stories;
use scenarios::{Customer, World};
use std::{path::PathBuf, process::Command, sync::Arc};

stories![
    the_page_in_javascript,
    the_page_in_python,
    the_page_in_curl,
    the_page_in_graphql,
    apollo_client_3_and_4,
    graphql_request,
    gql_of_python,
    all_61_audits_of_graphql_over_http,
    graphiql_in_a_browser,
    documents_made_up_by_schemathesis,
];

/// Made-up documents in one story, always the same; tests/clients/README.md tells how to try others.
const MADE_UP_DOCUMENTS: &str = "200";
const SEED: &str = "1";

async fn the_page_in_javascript(world: Arc<World>) {
    node(world, &["page.mjs"]).await;
}

async fn the_page_in_python(world: Arc<World>) {
    python(world, &["page.py"]).await;
}

async fn the_page_in_curl(world: Arc<World>) {
    python(world, &["curl.py"]).await;
}

async fn the_page_in_graphql(world: Arc<World>) {
    python(world, &["documents.py"]).await;
}

async fn apollo_client_3_and_4(world: Arc<World>) {
    node(world, &["apollo.mjs"]).await;
}

async fn graphql_request(world: Arc<World>) {
    node(world, &["graphql_request.mjs"]).await;
}

async fn gql_of_python(world: Arc<World>) {
    python(world, &["gql_client.py"]).await;
}

async fn all_61_audits_of_graphql_over_http(world: Arc<World>) {
    let said = node(world, &["audits.mjs"]).await;
    assert!(said.ends_with("61 passed, 0 failed\n"), "{said}");
}

async fn graphiql_in_a_browser(world: Arc<World>) {
    node(world, &["graphiql.mjs"]).await;
}

async fn documents_made_up_by_schemathesis(world: Arc<World>) {
    let said = python(world, &["fuzz.py", MADE_UP_DOCUMENTS, SEED]).await;
    assert!(said.ends_with(&format!("\n{MADE_UP_DOCUMENTS} passed, 0 failed\n")), "{said}");
}

async fn node(world: Arc<World>, words: &'static [&'static str]) -> String {
    run(world, "node".into(), words).await
}

async fn python(world: Arc<World>, words: &'static [&'static str]) -> String {
    let interpreter = world.stack.python();
    run(world, interpreter, words).await
}

/// Runs a program of `tests/clients` with keys of a new account. All of its cases have to pass.
async fn run(world: Arc<World>, interpreter: PathBuf, words: &'static [&'static str]) -> String {
    // Programs place their orders at once; limits have stories of their own.
    let Customer { live, test, .. } = world.customer("ENTERPRISE", 20_000).await;
    let mut command = Command::new(interpreter);
    command
        .args(words)
        .current_dir(world.stack.file("tests/clients"))
        .env("DOITONG_ENDPOINT", format!("http://127.0.0.1:{}/graphql", world.stack.port))
        .env("DOITONG_TEST_KEY", test)
        .env("DOITONG_LIVE_KEY", live);
    let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap();
    let output = output.expect("the clients and their interpreters are installed (make test does it)");
    let (said, complained) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(
        output.status.success() && said.ends_with(" passed, 0 failed\n"),
        "{words:?} said: {said}{complained}"
    );
    said.into_owned()
}
