//! GET `/api/projects` with ten thousand projects.

use doorstep_contract::projects::ProjectStatus;
use doorstep_server::{
    domain::{
        client::Client,
        id::Id,
        project::{LinkedClient, Project},
    },
    store::Sample,
};
use jiff::SignedDuration;
use serde_json::json;

use crate::support::{Server, get, post, statements_of};

const MANY: u32 = 10_000;

/// Creates ten thousand clients with a project each.
async fn fill(server: &Server) -> Vec<Project> {
    let mut sample = Sample::default();
    for number in 0..MANY {
        let now = server.now() - SignedDuration::from_secs(i64::from(MANY - number));
        let client = Client {
            id: new_id(server),
            name: format!("Client {number}"),
            slug: format!("client-{number}"),
            active: true,
            preview_of: None,
            projects: 0,
            links: 0,
            created_at: now,
            updated_at: now,
        };
        let linked = LinkedClient { id: client.id.clone(), name: client.name.clone(), active: true, preview: false };
        sample.clients.push(client);
        sample.projects.push(Project {
            id: new_id(server),
            name: format!("Project {number}"),
            status: ProjectStatus::Active,
            summary: "What it is about.".repeat(20),
            client: Some(linked),
            created_at: now,
            updated_at: now,
        });
    }
    assert!(server.store.insert_sample(&sample).await.expect("answers"));
    sample.projects
}

fn new_id(server: &Server) -> Id {
    server.service.new_id().expect("random bytes")
}

#[tokio::test]
async fn a_page_of_ten_thousand_takes_two_lookups() {
    let server = Server::start().await;
    let (admin, _) = server.sign_in_with_new_password().await;
    let projects = fill(&server).await;
    let ada = server.sign_in_member("ada").await;
    for project in projects.iter().take(30) {
        let path = format!("/api/projects/{}/members", project.id);
        server.send(post(&path).cookie(&admin).json(&json!({ "username": "ada" }))).await.data();
    }
    for (cookie, path, total, first) in [
        (&admin, "/api/projects?limit=100", 10_000, "Project 9999"),
        (&admin, "/api/projects?limit=100&page=100", 10_000, "Project 99"),
        (&admin, "/api/projects?q=client+777&limit=100", 11, "Project 7779"),
        (&admin, "/api/projects?status=active&q=PROJECT", 10_000, "Project 9999"),
        (&ada, "/api/projects", 30, "Project 29"),
        (&admin, "/api/clients?q=client&limit=100", 10_000, "Client 0"),
    ] {
        let (answer, asked) = statements_of(server.send(get(path).cookie(cookie))).await;
        let list = answer.data();
        assert_eq!((&list["total"], &list["items"][0]["name"]), (&json!(total), &json!(first)), "{path}");
        // The session, the total, and the page: the names of clients are joined.
        assert_eq!(asked.len(), 3, "{path}: {asked:#?}");
        assert!(asked[0].contains("sessions"), "{path}: {asked:#?}");
    }
}
