//! The programs that may use the device flow (public clients, RFC 6749 §2.1).

/// A program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// Its `client_id`.
    pub id: String,
    /// Its display name.
    pub name: String,
}

/// The programs that this server knows.
#[derive(Debug, Clone)]
pub struct Clients(Vec<Client>);

/// The programs that need not be configured.
const BUILT_IN: [(&str, &str); 2] = [("difyctl", "difyctl"), ("doorstep-cli", "Doorstep command line")];

impl Clients {
    /// The configured programs and the built-in ones; the configuration may rename the latter.
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

    /// The display name of the program with this id.
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
    fn built_in_programs_can_be_renamed() {
        let listed = vec![Client { id: "difyctl".to_owned(), name: "Our Dify".to_owned() }];
        let clients = Clients::new(listed);
        assert_eq!((clients.name("difyctl"), clients.name("doorstep-cli")), ("Our Dify", "Doorstep command line"));
        assert!(clients.find("stranger").is_none());
        assert_eq!(clients.name("stranger"), "stranger");
    }
}
