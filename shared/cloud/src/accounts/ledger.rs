//! The top-ups of an account, read back.

use super::AccountsTable;
use crate::{
    expressions::{Item, get_number, get_text, text},
    stretch::{bounds, within},
};
use jobs::{
    AccountId, Credits, Place, Stretch,
    ports::{Grant, Trouble},
};

impl AccountsTable {
    /// One query of the account's ledger.
    pub(super) async fn entries(&self, id: &AccountId, stretch: &Stretch) -> Result<Vec<Grant>, Trouble> {
        const TRIED: &str = "could not list top-ups";
        let Some((lowest, highest, most)) = bounds(stretch) else { return Ok(Vec::new()) };
        let call = self.client.query().table_name(&self.table).consistent_read(true);
        let call = call
            .key_condition_expression("pk = :pk AND sk BETWEEN :lowest AND :highest")
            .expression_attribute_values(":pk", text(id.as_str()))
            .expression_attribute_values(":lowest", text(format!("ledger#{lowest}")))
            .expression_attribute_values(":highest", text(format!("ledger#{highest}")))
            .scan_index_forward(false)
            .limit(most);
        let answer = call.send().await.map_err(|cause| Trouble::new(TRIED, cause))?;
        let grants = answer.items().iter().filter_map(|item| grant(id, item));
        Ok(within(stretch, grants, |grant| stretch.holds(&grant.place())))
    }
}

fn grant(account: &AccountId, item: &Item) -> Option<Grant> {
    let place = get_text(item, "sk")?.strip_prefix("ledger#").and_then(Place::parse)?;
    Some(Grant {
        account: account.clone(),
        credits: Credits(get_number(item, "credits")?),
        note: get_text(item, "note").unwrap_or_default().to_owned(),
        key: place.name().to_owned(),
        at: place.at(),
    })
}
