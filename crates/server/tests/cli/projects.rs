//! `doorstep project`, `doorstep client`, and `serve --demo`.

use std::fs;

use serde_json::Value;

use crate::{Installation, address};

#[test]
fn projects_and_clients_are_managed_beside_a_running_server() {
    let mut here = Installation::new();
    let said = here.serve(&[]);
    let client = here.json(&["client", "add", "Harbour Café"], "");
    assert_eq!((&client[0]["slug"], &client[0]["active"]), (&"harbour-cafe".into(), &true.into()));
    here.json(&["client", "add", "Meridian", "--slug", "clinic"], "");
    let project = here.json(&["project", "add", "Quay", "--summary", "Stone.", "--client", "clinic"], "");
    assert_eq!((&project[0]["summary"], &project[0]["client_name"]), (&"Stone.".into(), &"Meridian".into()));
    let id = project[0]["id"].as_str().expect("is text");
    let linked = here.json(&["project", "link", id, "harbour-cafe"], "");
    assert_eq!(linked[0]["client_id"], client[0]["id"]);
    assert_eq!(here.json(&["project", "list"], ""), linked);
    let table = String::from_utf8(here.run(&["project", "list"], "").stdout).expect("is text");
    assert_eq!(table, format!("{id}  active  Harbour Café  Quay\n"));

    let mut command = here.doorstep(&["client", "link", "harbour-cafe", "--label", "Ines"]);
    let output = command.env("RUST_LOG", "info").output().expect("runs");
    let (told, log) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let [what, url] = told.lines().collect::<Vec<_>>()[..] else { panic!("{told}") };
    let start = format!("http://{}/portal/enter/", address(&said));
    let secret = url.strip_prefix(&start).unwrap_or_else(|| panic!("{url} does not begin with {start}"));
    assert!(what.contains("of harbour-cafe") && log.contains("link_made") && !log.contains(secret), "{what} {log}");
    let links = here.json(&["client", "links", "harbour-cafe"], "");
    assert_eq!((&links[0]["label"], &links[0]["created_by"]), (&"Ines".into(), &"command line".into()));
    let made = here.json(&["client", "link", "harbour-cafe"], "");
    assert!(made["url"].as_str().is_some_and(|url| url.starts_with(&start)), "{made}");
    let link = links[0]["id"].as_str().expect("is text");
    assert_eq!(here.json(&["client", "revoke", link], "")["id"], link);
    let clients = here.json(&["client", "list"], "");
    assert_eq!((&clients[0]["projects"], &clients[0]["links"]), (&1.into(), &1.into()), "{clients}");
    assert_eq!(here.json(&["client", "deactivate", "clinic"], "")[0]["active"], false);
    assert_eq!(here.json(&["client", "activate", "clinic"], "")[0]["active"], true);
}

#[test]
fn errors_about_projects_and_clients_are_one_line() {
    let mut here = Installation::new();
    here.serve(&[]);
    here.json(&["client", "add", "Acme"], "");
    here.json(&["client", "deactivate", "acme"], "");
    for (arguments, words) in [
        (&["project", "add", " "][..], "a name has 1 to 200"),
        (&["project", "add", "Quay", "--client", "nobody"], "there is no such client"),
        (&["project", "link", "x", "acme"], "there is no project with this ID"),
        (&["project", "link", "x", "nobody"], "there is no such client"),
        (&["client", "add", "x", "--slug", "acme"], "another client uses this short name (slug)"),
        (&["client", "add", "x", "--slug", "preview-x"], "a short name (slug) has"),
        (&["client", "link", "acme"], "this client is deactivated"),
        (&["client", "link", "nobody"], "there is no such client"),
        (&["client", "revoke", "x"], "there is no active link with this ID"),
        (&["client", "deactivate", "nobody"], "there is no such client"),
    ] {
        let error = here.error(arguments, "");
        assert!(error.contains(words), "{arguments:?}: {error}");
    }
}

#[test]
fn sample_data_is_added_to_an_empty_database_once() {
    let mut here = Installation::new();
    let said = here.serve(&[("DOORSTEP_DEMO", "1")]);
    assert!(said.contains("sample clients and projects"), "{said}");
    let read = |here: &Installation| (here.json(&["project", "list"], ""), here.json(&["client", "list"], ""));
    let (projects, clients) = read(&here);
    let count = |list: &Value, test: &dyn Fn(&Value) -> bool| {
        list.as_array().expect("is a list").iter().filter(|thing| test(thing)).count()
    };
    assert!(count(&projects, &|project| project["client_id"].is_null()) > 1, "some have no client");
    assert!(count(&projects, &|project| !project["client_id"].is_null()) > 5);
    assert_eq!(count(&projects, &|project| project["status"] == "archived"), 1);
    assert_eq!(count(&clients, &|client| client["active"] == false), 1);
    here.stop();
    let again = here.serve(&[("DOORSTEP_DEMO", "1")]);
    assert!(!again.contains("sample"), "{again}");
    assert_eq!(read(&here), (projects, clients));
}

#[test]
fn sample_data_is_not_added_to_existing_data() {
    let mut here = Installation::new();
    here.serve(&[]);
    here.json(&["client", "add", "Acme"], "");
    here.stop();
    here.serve(&[("DOORSTEP_DEMO", "1")]);
    assert_eq!(here.json(&["project", "list"], "").as_array().map(Vec::len), Some(0));
}

#[test]
fn sample_data_is_only_allowed_on_loopback() {
    let here = Installation::new();
    let error = here.error(&["serve", "--demo", "--listen", "0.0.0.0:0"], "");
    assert!(error.contains("demo: allowed only on a loopback address"), "{error}");
    fs::create_dir_all(&here.folder).expect("is created");
    let file = here.folder.join("settings.toml");
    fs::write(&file, "listen = \"[::]:0\"\ndemo = true\n").expect("is written");
    let error = here.error(&["serve", "--config", file.to_str().expect("is text")], "");
    assert!(error.contains("demo: allowed only on a loopback address"), "{error}");
}
