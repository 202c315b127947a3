//! The brand in mails of commands.

use std::fs;

use crate::{Installation, PASSWORD};

fn branding(name: &str) -> String {
    format!("[branding]\nname = \"{name}\"\naccent = \"#0000aa\"\nsupport = \"mailto:help@{name}.example\"\n")
}

#[test]
fn the_mail_of_a_command_has_the_brand_of_the_server_or_that_of_its_own_file() {
    let mut here = Installation::new();
    fs::create_dir_all(&here.folder).expect("is created");
    let file = |name: &str| {
        let file = here.folder.join(format!("{name}.toml"));
        fs::write(&file, branding(name)).expect("is written");
        file.display().to_string()
    };
    let (of_server, own) = (file("acme"), file("quay"));
    here.serve(&[("DOORSTEP_CONFIG", &of_server)]);
    here.json(&["user", "add", "ada", "--email", "ada@example.org"], PASSWORD);

    here.json(&["user", "suspend", "ada"], "");
    let mail = here.mail();
    for part in ["Subject: Your acme account was suspended\r\n", "contact help@acme.example", "#0000aa"] {
        assert!(mail.contains(part), "{part}: {mail}");
    }
    assert!(!mail.contains("Doorstep:") && !mail.contains("your administrator"), "{mail}");

    here.json(&["user", "activate", "ada", "--config", &own], "");
    let mail = here.mail();
    for part in ["Subject: Your quay account was reactivated\r\n", "contact help@quay.example"] {
        assert!(mail.contains(part), "{part}: {mail}");
    }
}
