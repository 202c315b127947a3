//! The API descriptions of this surface's endpoints; the table of routes adds authentication and limits.

use doorstep_contract::{
    paths,
    portal::{Left, PortalMe, PortalProject, PortalProjectDetail},
};

use crate::http::openapi::Operation;

/// All endpoints of the surface.
pub(in crate::http) fn operations() -> Vec<Operation> {
    vec![
        Operation::get(paths::PORTAL_ME, "Read which client is looking").answers::<PortalMe>(),
        Operation::get(paths::PORTAL_PROJECTS, "List the projects of the client")
            .paged()
            .answers_list::<PortalProject>(),
        Operation::get(format!("{}/{{id}}", paths::PORTAL_PROJECTS), "Read a project and its updates")
            .answers::<PortalProjectDetail>(),
        Operation::post(paths::PORTAL_LEAVE, "Leave the portal").answers::<Left>(),
    ]
}
