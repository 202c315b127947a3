//! The TLS files that a PostgreSQL URL names. The driver reads them for each connection, and its errors do not name
//! the file.

use std::{fs, path::Path};

use rustls::pki_types::{
    CertificateDer, PrivateKeyDer,
    pem::{Error, PemObject as _},
};
use url::Url;

use super::{DatabaseUrl, StoreError, dialect::Dialect};

const FILES: [File; 3] = [
    File { parameter: "sslrootcert", holds: "certificate", read: certificates },
    File { parameter: "sslcert", holds: "certificate", read: certificates },
    File { parameter: "sslkey", holds: "private key", read: |pem| PrivateKeyDer::from_pem_slice(pem).map(drop) },
];

/// A file, by its parameter in the URL.
struct File {
    parameter: &'static str,
    /// Its expected content, in PEM.
    holds: &'static str,
    read: fn(&[u8]) -> Result<(), Error>,
}

impl File {
    /// What is wrong with the file at a path.
    fn problem(&self, path: &Path) -> Option<String> {
        let pem = match fs::read(path) {
            Ok(pem) => pem,
            Err(error) => return Some(format!("can't be read: {error}")),
        };
        (self.read)(&pem).err().map(|error| match error {
            Error::NoItemsFound => format!("holds no {} in PEM", self.holds),
            other => format!("is not PEM: {other}"),
        })
    }
}

impl DatabaseUrl {
    /// Checks that the files can be read and have the expected content.
    pub(super) fn check_tls_files(&self) -> Result<(), StoreError> {
        let url = Url::parse(&self.text).ok().filter(|_| self.dialect == Dialect::Postgres);
        for (name, value) in url.iter().flat_map(Url::query_pairs) {
            // The parameter may contain the PEM text itself.
            let is_file = !value.trim().starts_with("-----BEGIN");
            let Some(file) = FILES.iter().find(|file| is_file && file.parameter == name) else { continue };
            let path = Path::new(&*value);
            if let Some(problem) = file.problem(path) {
                return Err(StoreError::TlsFile { parameter: file.parameter, file: path.to_owned(), problem });
            }
        }
        Ok(())
    }
}

/// Parses all certificates, of which there must be at least one.
fn certificates(pem: &[u8]) -> Result<(), Error> {
    let read: Vec<_> = CertificateDer::pem_slice_iter(pem).collect::<Result<_, _>>()?;
    if read.is_empty() { Err(Error::NoItemsFound) } else { Ok(()) }
}
