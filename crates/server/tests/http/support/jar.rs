//! The cookie jar of a browser that visits servers of one host.

use super::Answer;

/// The cookies by name: all of them are sent to every port, in the order of their creation.
#[derive(Default)]
pub(crate) struct Jar(Vec<(String, String)>);

impl Jar {
    /// Applies the `Set-Cookie` headers of a response.
    pub(crate) fn keep(&mut self, answer: &Answer) {
        for header in answer.set_cookies() {
            let pair = header.split(';').next().unwrap_or_default();
            let (name, value) = pair.split_once('=').expect("is a pair");
            let is_over = header.contains("Max-Age=0");
            match self.0.iter().position(|(kept, _)| kept == name) {
                Some(index) if is_over => drop(self.0.remove(index)),
                Some(index) => value.clone_into(&mut self.0[index].1),
                None if is_over => {}
                None => self.0.push((name.to_owned(), value.to_owned())),
            }
        }
    }

    /// The names of the cookies.
    pub(crate) fn names(&self) -> Vec<&str> {
        self.0.iter().map(|(name, _)| name.as_str()).collect()
    }

    /// The value of a `Cookie` header.
    pub(crate) fn header(&self) -> String {
        let pairs: Vec<String> = self.0.iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join("; ")
    }
}
