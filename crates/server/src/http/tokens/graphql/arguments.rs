//! The arguments of a field (GraphQL, October 2021, §2.6 and §6.1.2).

use async_graphql_parser::types::{Field, OperationDefinition, VariableDefinition};
use async_graphql_value::ConstValue;
use serde_json::{Map, Value};

use super::refused;
use crate::error::Error;

/// The arguments with variables substituted. A variable without a value has its default, else null; if its type is
/// non-null, it is an error.
pub(super) fn arguments(
    field: &Field,
    operation: &OperationDefinition,
    variables: &Map<String, Value>,
) -> Result<Map<String, Value>, Error> {
    if !field.directives.is_empty() {
        return Err(refused("directives are not supported"));
    }
    for variable in &operation.variable_definitions {
        let VariableDefinition { name, var_type, default_value, .. } = &variable.node;
        let given = variables.get(name.node.as_str());
        let is_null = given.map_or(default_value.is_none(), Value::is_null);
        if is_null && !var_type.node.nullable {
            return Err(refused(&format!("the variable `{}` is missing", name.node)));
        }
    }
    let default_of = |name: &str| {
        let definition = operation.variable_definitions.iter().find(|variable| variable.node.name.node == name);
        definition.and_then(|variable| variable.node.default_value.clone()).map(|default| default.node)
    };
    let mut arguments = Map::new();
    for (name, value) in &field.arguments {
        let value = value.node.clone().into_const_with(|variable| match variables.get(variable.as_str()) {
            Some(value) => ConstValue::from_json(value.clone()).map_err(|_| refused("a variable can't be read")),
            None => Ok(default_of(variable.as_str()).unwrap_or_default()),
        })?;
        let value = value.into_json().map_err(|_| refused("an argument can't be read"))?;
        arguments.insert(name.node.to_string(), value);
    }
    Ok(arguments)
}
