//! The programs that may ask to be let in as a device (public clients, RFC 6749 §2.1).

/// A program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// What it calls itself by: `client_id`.
    pub id: String,
    /// What people know it by.
    pub name: String,
}

/// The programs that this server knows.
#[derive(Debug, Clone)]
pub struct Clients(Vec<Client>);

/// Known without being listed.
const BUILT_IN: [(&str, &str); 2] = [("difyctl", "difyctl"), ("doorstep-cli", "Doorstep command line")];

impl Clients {
    /// The operator's, and the ones that are known without being listed; the operator may give those another name.
    #[must_use]
    pub fn new(listed: Vec<Client>) -> Self {
        let mut clients = listed;
        for (id, name) in BUILT_IN {
            if clients.iter().all(|client| client.id != id) {
                clients.push(Client { id: id.to_owned(), name: name.to_owned() });
            }
        }
        Self(clients)
    }

    /// The program with this id, if it is known.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&Client> {
        self.0.iter().find(|client| client.id == id)
    }

    /// What to call the program with this id.
    #[must_use]
    pub fn name<'a>(&'a self, id: &'a str) -> &'a str {
        self.find(id).map_or(id, |client| &client.name)
    }
}

impl Default for Clients {
    fn default() -> Self {
        Self::new(Vec::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_operator_may_rename_what_is_known_without_being_listed() {
        let listed = vec![Client { id: "difyctl".to_owned(), name: "Our Dify".to_owned() }];
        let clients = Clients::new(listed);
        assert_eq!((clients.name("difyctl"), clients.name("doorstep-cli")), ("Our Dify", "Doorstep command line"));
        assert!(clients.find("stranger").is_none());
        assert_eq!(clients.name("stranger"), "stranger");
    }
}
