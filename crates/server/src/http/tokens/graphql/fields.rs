//! The fields of a selection set, including those in fragments (GraphQL, October 2021, §2.8).

use std::collections::{HashMap, HashSet};

use async_graphql_parser::{
    Positioned,
    types::{Field, FragmentDefinition, Selection, SelectionSet},
};
use async_graphql_value::Name;

use super::refused;
use crate::error::Error;

/// The named fragments of a document.
pub(super) type Fragments = HashMap<Name, Positioned<FragmentDefinition>>;

/// The fields of a selection set on a type, including those of its fragments.
pub(super) fn fields_of<'a>(
    set: &'a SelectionSet,
    of: &str,
    fragments: &'a Fragments,
) -> Result<Vec<&'a Field>, Error> {
    let mut fields = Vec::new();
    collect(set, of, fragments, &mut HashSet::new(), &mut fields)?;
    Ok(fields)
}

/// Each fragment counts once, however often it is spread (GraphQL, October 2021, §6.3.2), so cyclic fragments
/// terminate.
fn collect<'a>(
    set: &'a SelectionSet,
    of: &str,
    fragments: &'a Fragments,
    seen: &mut HashSet<&'a str>,
    fields: &mut Vec<&'a Field>,
) -> Result<(), Error> {
    for item in &set.items {
        let (condition, directives, inner) = match &item.node {
            Selection::Field(field) => {
                fields.push(&field.node);
                continue;
            }
            Selection::InlineFragment(inline) => {
                (inline.node.type_condition.as_ref(), &inline.node.directives, &inline.node.selection_set)
            }
            Selection::FragmentSpread(spread) => {
                let name = spread.node.fragment_name.node.as_str();
                let fragment = &fragments.get(name).ok_or_else(|| refused("there is no such fragment"))?.node;
                if !fragment.directives.is_empty() {
                    return Err(refused("directives are not supported"));
                }
                if !seen.insert(name) {
                    continue;
                }
                (Some(&fragment.type_condition), &spread.node.directives, &fragment.selection_set)
            }
        };
        if !directives.is_empty() {
            return Err(refused("directives are not supported"));
        }
        if condition.is_some_and(|condition| condition.node.on.node != of) {
            return Err(refused("a fragment is of another type"));
        }
        collect(&inner.node, of, fragments, seen, fields)?;
    }
    Ok(())
}
