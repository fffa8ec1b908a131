//! From a document to its answer.

use crate::{
    bounds::Survey,
    dialects::{self, Rewritten},
    faults::{self, Asked, Fault},
    schema::{Context, Schemas},
};
use juniper::{GraphQLError, InputValue, OperationType, ValidatedOperation, Variables};
use serde_json::Value;

/// What a caller wants to have executed.
pub(crate) struct Params {
    /// The document.
    pub(crate) query: String,
    /// Which of its operations.
    pub(crate) operation_name: Option<String>,
    /// The variables.
    pub(crate) variables: Variables,
}

/// What came of it.
pub(crate) enum Outcome {
    /// Nothing was executed: the document or the variables are at fault.
    Refused(Vec<Fault>),
    /// It was executed.
    Executed {
        /// The data, null where a field that must not be null could not be answered.
        data: Value,
        /// What went wrong.
        faults: Vec<Fault>,
    },
}

/// Where things stand in the caller's text, which may not be the text that was executed.
pub(crate) struct Positions<'a>(Option<&'a Rewritten>);

impl Positions<'_> {
    /// Line and column, from 0, in the caller's text.
    pub(crate) fn original(&self, line: usize, column: usize) -> (usize, usize) {
        self.0.map_or((line, column), |rewritten| rewritten.original(line, column))
    }
}

/// Executes a document. Once it is known to be valid, `admit` says whether such an operation may go on; its error
/// is passed on.
pub(crate) async fn execute<E>(
    schemas: &Schemas,
    params: &Params,
    context: &Context,
    admit: impl FnOnce(OperationType) -> Result<(), E>,
) -> Result<Outcome, E> {
    let (source, name) = (params.query.as_str(), params.operation_name.as_deref());
    let survey = Survey::of(&schemas.introspective, source).unwrap_or_default();
    if let Some(excess) = survey.excess() {
        return Ok(Outcome::Refused(vec![faults::of_bounds(&excess)]));
    }
    let schema = if survey.is_introspection() { &schemas.introspective } else { &schemas.ordinary };
    let rewritten;
    let mut positions = Positions(None);
    let mut text = source;
    let mut operation = ValidatedOperation::new(source, name, schema);
    if matches!(operation, Err(GraphQLError::ValidationError(_))) {
        rewritten = dialects::rewrite(schema, source);
        if let Some(rewritten) = &rewritten {
            positions = Positions(Some(rewritten));
            text = &rewritten.text;
            operation = ValidatedOperation::new(text, name, schema);
        }
    }
    let refused = |error| {
        let sense = |kind: &str, value: &InputValue| context.problems_of(kind, value);
        let asked = Asked { text, variables: &params.variables, sense: &sense };
        Ok(Outcome::Refused(faults::of_document(schema, &error, &asked, &positions)))
    };
    let operation = match operation {
        Ok(operation) => operation,
        Err(error) => return refused(error),
    };
    admit(operation.operation_type())?;
    let (data, errors) = match operation.execute(&params.variables, context).await {
        Ok(executed) => executed,
        Err(error) => return refused(error),
    };
    let faults = errors.iter().map(|error| faults::of_execution(error, &positions)).collect();
    // Serialising juniper's values into JSON values can't fail: keys are strings, numbers are finite.
    let data = serde_json::to_value(&data).unwrap_or(Value::Null);
    Ok(Outcome::Executed { data, faults })
}
