//! Whatever comes in place of an answer of a vendor, over real wires: each call of each vendor's whole life is spoiled in
//! each way, and no job is taken for failed, finished or never begun for that, nor paid for twice where that is not allowed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod life;
mod orders;
mod proxy;

use jobs::{Event, Fault, FaultKind};
use life::{Life, Scene, Step};
use orders::Order;
use providers::News;
use proxy::{PAGE_WORDS, Spoil};
use std::time::{Duration, Instant};

/// More bytes of a spoiled answer than anybody may take, those on their way included.
const MOST_POURED: usize = 60 * 1024 * 1024;

/// What ends by itself ends soon.
const SOON: Duration = Duration::from_secs(40);

#[tokio::test(flavor = "multi_thread")]
async fn no_spoiled_answer_is_believed() {
    let all = Spoil::QUICK.map(|spoil| tokio::spawn(spoil_everything(spoil)));
    let mut wrong = Vec::new();
    for (spoil, told) in Spoil::QUICK.into_iter().zip(all) {
        let (spoiled, complaints) = told.await.unwrap();
        assert!(spoiled > 40, "{spoil:?}: only {spoiled} answers were spoiled");
        wrong.extend(complaints);
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// Spoils each call of each order, and where the paid call's answer is lost by that, each call of the search, too; how many
/// answers that were, and what went wrong.
async fn spoil_everything(spoil: Spoil) -> (usize, Vec<String>) {
    let scene = Scene::open(spoil).await;
    let (mut spoiled, mut wrong) = (0, Vec::new());
    for order in orders::all() {
        let clean = scene.live(&order, &[]).await;
        if !clean.is_good() {
            // The simulated vendors may not know yet what nobody can order yet.
            if order.is_offered {
                wrong.push(format!("{}: goes wrong without any fault: {:?}", order.name, clean.last()));
            }
            continue;
        }
        let mut todo: Vec<Vec<usize>> = (0..clean.calls).map(|call| vec![call]).collect();
        while let Some(calls) = todo.pop() {
            let begun = Instant::now();
            let life = scene.live(&order, &calls).await;
            spoiled += calls.len();
            let mut complain = |what: &str| {
                wrong.push(format!("{} {spoil:?} at {calls:?}: {what}: {:?}", order.name, life.steps));
            };
            if begun.elapsed() > SOON {
                complain("it took too long");
            }
            if life.poured > MOST_POURED * calls.len() {
                complain(&format!("{} bytes were taken", life.poured));
            }
            if let Err(what) = judge(&order, &clean, &life) {
                complain(&what);
            }
            if calls == [clean.before_paid] {
                todo.extend(
                    (clean.before_paid + 1..life.calls).map(|second| vec![clean.before_paid, second]),
                );
            }
        }
    }
    (spoiled, wrong)
}

/// Whether a life with one spoiled answer went as it should.
fn judge(order: &Order, clean: &Life, life: &Life) -> Result<(), String> {
    if !life.steps.iter().any(|step| step.spoiled) {
        return Err("nothing was spoiled".to_owned());
    }
    // An order that was paid stays paid when it is sent again under the same key.
    let mut paid = false;
    for step in &life.steps {
        paid |= step.paid;
        if step.spoiled {
            believed(order, step, paid)?;
            quoted(step)?;
        }
    }
    // Where speech is made before the clip, both are paid.
    let most = clean.paid + order.repeats;
    if life.paid > most {
        return Err(format!("it was paid {} times", life.paid));
    }
    match (life.is_good(), life.last()) {
        (true, _) => Ok(()),
        // Sent again by the engine, which this test is not about; or the caller's to mend, as it was judged above.
        (false, Some(News::Event(Event::Refused(_) | Event::Failed(_))))
            if life.steps.last().is_some_and(|step| step.spoiled && !step.paid) =>
        {
            Ok(())
        }
        (false, Some(News::Event(Event::Failed(Fault { kind: FaultKind::OutcomeUnknown, .. })))) => Ok(()),
        (false, last) => Err(format!("it came to a bad end: {last:?}")),
    }
}

/// Whether the step made more of the answer than there was in it.
fn believed(order: &Order, step: &Step, paid: bool) -> Result<(), String> {
    let good = match (step.question, &step.news) {
        ("submit", News::Event(Event::SubmitLost)) => paid,
        // Not one that blames the caller, or that ends the job.
        ("submit", News::Event(Event::Refused(fault))) => {
            !step.paid && matches!(fault.kind, FaultKind::Unavailable | FaultKind::Operator)
        }
        // An object without a field is what this vendor answers where nobody speaks a language.
        ("submit", News::Event(Event::Failed(fault))) if order.vendor == "googletts" => {
            !step.paid && fault.message.contains("language")
        }
        ("poll" | "recover", News::AskLater { .. }) => true,
        ("poll", News::Event(Event::StillRunning { .. })) => true,
        // Heard to have finished, and asked again for the file.
        ("poll", News::Finished(files)) => files.is_empty(),
        _ => false,
    };
    if good { Ok(()) } else { Err(format!("too much was made of it in {}: {:?}", step.question, step.news)) }
}

/// Whether the news quotes the answer, or tells what nobody should read.
fn quoted(step: &Step) -> Result<(), String> {
    let (message, detail) = match &step.news {
        News::Event(Event::Refused(fault) | Event::Failed(fault)) => {
            (fault.message.as_str(), fault.detail.as_str())
        }
        News::AskLater { detail, .. } => ("", detail.as_str()),
        _ => return Ok(()),
    };
    for hidden in ["sim-", "169.254", PAGE_WORDS] {
        if message.contains(hidden) || detail.contains(hidden) {
            return Err(format!("{hidden} is quoted"));
        }
    }
    if message.contains("127.0.0.1") || message.contains("http") {
        Err("an address is quoted".into())
    } else {
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stalled_answer_to_the_paid_call_is_lost_in_time() {
    let scene = Scene::open(Spoil::Stall).await;
    for order in orders::all().into_iter().filter(|order| order.is_first) {
        let before = scene.live(&order, &[]).await.before_paid;
        let begun = Instant::now();
        let life = scene.submit(&order, &[before], Duration::from_millis(1_500)).await;
        assert!(begun.elapsed() < SOON, "{}", order.name);
        let step = &life.steps[0];
        assert!(step.spoiled && step.paid, "{}: {step:?}", order.name);
        assert!(matches!(step.news, News::Event(Event::SubmitLost)), "{}: {step:?}", order.name);
    }
}
