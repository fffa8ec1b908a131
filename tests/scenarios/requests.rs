//! What a request costs at AWS, counted on the wire.

use crate::stories;
use scenarios::World;
use std::{process::Command, sync::Arc};

stories![an_accepted_order_and_a_read_make_exactly_the_requests_promised];

/// The real front desk under a Runtime API of the bench's own, with a counting proxy between it and a local AWS.
async fn an_accepted_order_and_a_read_make_exactly_the_requests_promised(world: Arc<World>) {
    let mut command = Command::new(world.stack.python());
    command
        .arg(world.stack.file("infra/bench/bench.py"))
        .args(["--counts", "--profile", "dev", "--no-build"])
        .current_dir(world.stack.file(""))
        // A local AWS beside the one of the stories.
        .env("LOCAL_DIR", world.stack.logs().with_file_name("counts"));
    let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
    let (said, complained) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && said.ends_with("6 of 6 limits kept\n"), "{said}{complained}");
}
