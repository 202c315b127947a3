mod every_path;
mod login;
mod logout;
mod password;
mod refresh;
pub(crate) mod sso;

/// URLs to which no sign-in and no mail may lead.
fn hostile_urls() -> Vec<String> {
    let corpus = include_str!("../../../../contract/tests/hostile_return_urls.txt");
    let read = |line: &str| line.replace(r"\t", "\t").replace(r"\n", "\n").replace(r"\r", "\r").replace(r"\0", "\0");
    corpus.lines().filter(|line| !line.starts_with('#')).map(read).collect()
}
