//! `docs/vendors.md`: what each vendor can do, what it costs and what is odd about it, from the catalogue and the adapters.

use catalogue::{Catalogue, ModelSheet};
use providers::{About, Adapter, adapter};
use std::fmt::Write;

/// What stands above the vendors.
const HEAD: &str = "\
# Vendors

Written by `cargo run -p vendors -- page > docs/vendors.md` from the catalogue and the adapters; don't edit it by hand.

How sure something is: S the vendor's own SDK or specification, D its own pages, T others who quote it, G general knowledge,
? a cautious guess. Nobody has called the vendors with a real key for this page. `make vendors-check` does, with the keys of
whoever runs it: it tells the price first and asks, orders the cheapest that each vendor makes, and says which of the facts
below each step of the job confirmed.

Prices are the vendors' own, in US dollars, as far as they are known. Check what is T, G or ? in the vendor's console before you
charge by it; `catalogue.toml` ([operating.md](operating.md)) changes prices and states without a build. Times are what a
model usually takes until your own traffic says better.

";

/// The whole page.
pub fn page(catalogue: &Catalogue) -> String {
    let mut page = HEAD.to_owned();
    let vendors: Vec<_> = catalogue.vendors().into_iter().filter_map(adapter).collect();
    let _ = writeln!(page, "States and prices were last looked at on {}.\n", catalogue.seen_on());
    for adapter in &vendors {
        let _ = writeln!(page, "- [{}](#{})", adapter.about().name, adapter.vendor());
    }
    page.push_str("- [Names that are not offered any more](#retired)\n");
    for adapter in vendors {
        vendor(&mut page, adapter, &catalogue.sheets(adapter.vendor()));
    }
    retired(&mut page, catalogue);
    page
}

// Writing into a string can't fail, so its outcomes are put aside.
fn vendor(page: &mut String, adapter: &dyn Adapter, sheets: &[ModelSheet]) {
    let About { name, key, secret, limits, quirks, facts } = adapter.about();
    let id = adapter.vendor();
    let _ = writeln!(page, "\n<a id=\"{id}\"></a>\n\n## {name}\n\n**A key.** {key}\n");
    let _ = writeln!(
        page,
        "```sh\naws secretsmanager put-secret-value --secret-id doitong/vendors/{id} --secret-string '{secret}'\n```\n"
    );
    let calls = if adapter.calls_back() {
        "It calls back when a job is done."
    } else {
        "It is asked; it does not call back."
    };
    let _ = writeln!(page, "{calls}\n");
    let _ = writeln!(
        page,
        "| model | state | makes | from | price | takes | stop |\n|---|---|---|---|---|---|---|"
    );
    for sheet in sheets {
        let price = sheet.price.as_deref().map_or("", |price| price);
        let _ = writeln!(
            page,
            "| `{}` of `{}`<br>{} | {} | {} | {} | {price} ({}) | {} s, {} s at most | {} |",
            sheet.model,
            sheet.provider,
            sheet.vendor_models.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "),
            sheet.state,
            sheet.kind.name().to_lowercase(),
            sheet.inputs.join(", "),
            sheet.sure,
            sheet.median_seconds,
            sheet.deadline_seconds,
            sheet.cancel,
        );
    }
    list(page, "Options", &options(sheets));
    list(page, "Limits", limits);
    list(page, "Good to know", quirks);
    let facts: Vec<String> = facts
        .iter()
        .map(|fact| format!("{} ({}; seen when {})", fact.says, fact.sure.letter(), fact.shown_by.name()))
        .collect();
    list(page, "What the adapter stands on", &facts);
}

/// The options, told once for all models that have the same.
fn options(sheets: &[ModelSheet]) -> Vec<String> {
    let mut told: Vec<(String, Vec<String>)> = Vec::new();
    for sheet in sheets.iter().filter(|sheet| !sheet.options.is_empty()) {
        let (options, name) = (sheet.options.join("; "), format!("`{}`", sheet.model));
        match told.iter_mut().find(|(known, _)| *known == options) {
            Some((_, names)) if !names.contains(&name) => names.push(name),
            Some(_) => {}
            None => told.push((options, vec![name])),
        }
    }
    told.into_iter().map(|(options, names)| format!("{}: {options}", names.join(", "))).collect()
}

fn list<T: AsRef<str>>(page: &mut String, title: &str, lines: &[T]) {
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(page, "\n**{title}**\n");
    for line in lines {
        let _ = writeln!(page, "- {}", line.as_ref());
    }
}

fn retired(page: &mut String, catalogue: &Catalogue) {
    page.push_str("\n<a id=\"retired\"></a>\n\n## Names that are not offered any more\n\n");
    page.push_str("| name | who answers | why |\n|---|---|---|\n");
    for [provider, model, successor, why] in catalogue.retired() {
        let _ = writeln!(page, "| `{model}` of `{provider}` | `{successor}` | {why} |");
    }
}
