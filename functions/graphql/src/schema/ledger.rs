//! What moved the credits.

use super::{
    context::Context,
    list::PageInfo,
    scalars::{DateTime, Number},
};
use crate::desk::{Page, Transaction};
use juniper::{GraphQLEnum, ID, graphql_object};

/// Why credits moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, GraphQLEnum)]
pub(crate) enum TransactionKind {
    /// They were added.
    TopUp,
    /// A generation costs them.
    Generation,
}

/// A movement of credits.
pub(crate) struct CreditTransaction(Transaction);

#[graphql_object(context = Context)]
impl CreditTransaction {
    /// Why.
    fn kind(&self) -> TransactionKind {
        match self.0 {
            Transaction::TopUp(_) => TransactionKind::TopUp,
            Transaction::Charge { .. } => TransactionKind::Generation,
        }
    }

    /// How many: added above zero, spent below.
    fn credits(&self) -> Number {
        Number(match &self.0 {
            Transaction::TopUp(grant) => grant.credits.0 as f64,
            Transaction::Charge { credits, .. } => -(credits.0 as f64),
        })
    }

    /// Whether they are only set aside, for a generation that has not ended.
    fn pending(&self) -> bool {
        matches!(self.0, Transaction::Charge { pending: true, .. })
    }

    /// The generation that costs them.
    fn generation_id(&self) -> Option<ID> {
        match &self.0 {
            Transaction::TopUp(_) => None,
            Transaction::Charge { job, .. } => Some(ID::new(job.as_str())),
        }
    }

    /// What was noted about a top-up.
    fn note(&self) -> Option<&str> {
        match &self.0 {
            Transaction::TopUp(grant) => Some(&grant.note),
            Transaction::Charge { .. } => None,
        }
    }

    /// When it was added, or the generation accepted.
    fn created_at(&self) -> DateTime {
        DateTime(match &self.0 {
            Transaction::TopUp(grant) => grant.at,
            Transaction::Charge { at, .. } => *at,
        })
    }
}

/// A page of what moved your credits, newest first.
pub(crate) struct CreditTransactionConnection {
    info: PageInfo,
    edges: Vec<CreditTransactionEdge>,
}

/// A movement in a list.
pub(crate) struct CreditTransactionEdge {
    cursor: String,
    node: CreditTransaction,
}

impl From<Page<Transaction>> for CreditTransactionConnection {
    fn from(page: Page<Transaction>) -> CreditTransactionConnection {
        let info = PageInfo::of(&page);
        let edge = |(cursor, row)| CreditTransactionEdge { cursor, node: CreditTransaction(row) };
        CreditTransactionConnection { info, edges: page.rows.into_iter().map(edge).collect() }
    }
}

#[graphql_object(context = Context)]
impl CreditTransactionConnection {
    /// The movements with their cursors.
    fn edges(&self) -> &[CreditTransactionEdge] {
        &self.edges
    }

    /// The movements alone.
    fn nodes(&self) -> Vec<&CreditTransaction> {
        self.edges.iter().map(|edge| &edge.node).collect()
    }

    /// Where the page stands.
    fn page_info(&self) -> &PageInfo {
        &self.info
    }
}

#[graphql_object(context = Context)]
impl CreditTransactionEdge {
    /// What to give as `after` to begin behind it.
    fn cursor(&self) -> &str {
        &self.cursor
    }

    /// The movement.
    fn node(&self) -> &CreditTransaction {
        &self.node
    }
}
