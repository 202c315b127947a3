//! Database URLs: secrets are never shown, and unusable ones are refused.

use std::{fs, net::TcpListener, os::unix::fs::PermissionsExt as _, thread};

use crate::{
    Installation,
    database::{copy, sqlite},
};

#[test]
fn an_unusable_tls_file_is_named() {
    let here = Installation::new();
    fs::create_dir_all(&here.folder).expect("is created");
    let (missing, empty) = (here.folder.join("missing.pem"), here.folder.join("empty.pem"));
    fs::write(&empty, "no certificate").expect("is written");
    for (parameter, file, problem) in [
        ("sslrootcert", &missing, "can't be read: "),
        ("sslrootcert", &empty, "holds no certificate in PEM"),
        ("sslcert", &empty, "holds no certificate in PEM"),
        ("sslkey", &empty, "holds no private key in PEM"),
    ] {
        let file = file.display();
        let url = format!("postgres://127.0.0.1:1/x?sslmode=verify-full&{parameter}={file}");
        let said = copy(&url, &sqlite(&here.folder.join("other.sqlite3"))).expect_err("is refused");
        assert!(said.contains(&format!("postgres://127.0.0.1:1/x: {parameter}: {file} {problem}")), "{said}");
    }
}

/// The output of a command, whether it succeeds or fails.
fn said(mut command: std::process::Command) -> String {
    let output = command.env("RUST_LOG", "trace").output().expect("runs");
    let said = [output.stdout, output.stderr].concat();
    String::from_utf8_lossy(&said).into_owned()
}

#[test]
fn errors_logs_and_help_never_contain_the_password_of_a_database() {
    let here = Installation::new();
    let serve = &["serve", "--listen", "127.0.0.1:0"][..];
    for (url, arguments) in [
        ("postgres://ada:hunter2@127.0.0.1:1/x", serve),
        ("postgres://ada:hunter2@127.0.0.1:1/x?sslmode=perhaps", serve),
        ("postgres://ada:hunter2@127.0.0.1:1/x", &["serve", "--help"]),
        ("mysql://ada:hunter2@127.0.0.1/x", serve),
        ("sqlite://ada:hunter2@127.0.0.1/x", serve),
        ("postgres://127.0.0.1:1/x?user=ada&passwd=hunter2", serve),
        ("postgres://127.0.0.1:1/x?user=ada&passwd=hunter2", &["user", "list"]),
        ("postgres://127.0.0.1:1/x?user=ada&password=an&hunter2", serve),
        ("postgres://ada:12?hunter2@127.0.0.1:1/x", serve),
        ("postgres://ada:12/hunter2@127.0.0.1:1/x", serve),
        ("postgres://ada:/hunter2@127.0.0.1:1/x", serve),
        ("postgres://ada:12#hunter2@127.0.0.1:1/x", serve),
        ("postgres://127.0.0.1:1/x", &["serve", "postgres://ada:hunter2@127.0.0.1:1/x"]),
        ("postgres://127.0.0.1:1/x", &["postgres://ada:hunter2@127.0.0.1:1/x"]),
    ] {
        let mut command = here.doorstep(arguments);
        command.env("DOORSTEP_DATABASE_URL", url);
        let said = said(command);
        assert!(!said.is_empty() && !said.contains("hunter2"), "{said}");
    }
}

#[test]
fn errors_do_not_quote_files_with_the_password_of_a_database() {
    let here = Installation::new();
    fs::create_dir_all(&here.folder).expect("is created");
    let file = here.folder.join("doorstep.toml");
    fs::write(&file, "database_url = \"postgres://ada:hunter2@127.0.0.1:1/x\n").expect("is written");
    let said_of_file = said(here.doorstep(&["serve", "--config", file.to_str().expect("is text")]));
    assert!(said_of_file.contains("database_url") && !said_of_file.contains("hunter2"), "{said_of_file}");
    // The driver's password file, with a line of too few fields.
    let passwords = here.folder.join("passwords");
    fs::write(&passwords, "127.0.0.1:hunter2\n").expect("is written");
    fs::set_permissions(&passwords, fs::Permissions::from_mode(0o600)).expect("is changed");
    let mut command =
        here.doorstep(&["serve", "--listen", "127.0.0.1:0", "--database-url", "postgres://ada@127.0.0.1:1/x"]);
    command.env("PGPASSFILE", &passwords);
    let said = said(command);
    assert!(said.contains("postgres://127.0.0.1:1/x: ") && !said.contains("hunter2"), "{said}");
}

#[test]
fn connecting_to_a_silent_database_times_out() {
    let silent = TcpListener::bind("127.0.0.1:0").expect("is bound");
    let url = format!("postgres://ada@{}/x", silent.local_addr().expect("is known"));
    let here = Installation::new();
    fs::create_dir_all(&here.folder).expect("is created");
    thread::scope(|scope| {
        for arguments in [&["serve", "--listen", "127.0.0.1:0"][..], &["user", "list"]] {
            let (here, url) = (&here, &url);
            scope.spawn(move || {
                let mut command = here.doorstep(arguments);
                command
                    .env("DOORSTEP_DATABASE_URL", url)
                    .env("DOORSTEP_SECRET_KEY", "Zt5wXn0kBv3QyHs8MdUe6FpJiRl1AgT7");
                let output = command.output().expect("ends");
                let said = String::from_utf8_lossy(&output.stderr);
                assert!(!output.status.success() && said.contains("no answer within 10 seconds"), "{said}");
                assert_eq!(said.lines().count(), 1, "{said}");
            });
        }
    });
}
