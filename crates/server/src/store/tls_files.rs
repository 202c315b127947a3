//! The files that the URL of a PostgreSQL names for TLS. The driver reads them at each connection, and does not say which of
//! them it could not read.

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

/// A file, by the parameter that names it.
struct File {
    parameter: &'static str,
    /// What it holds, as PEM.
    holds: &'static str,
    read: fn(&[u8]) -> Result<(), Error>,
}

impl File {
    /// Why the file at a path is of no use.
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
    /// Refuses a file that can't be read, or has not what its parameter says.
    pub(super) fn check_tls_files(&self) -> Result<(), StoreError> {
        let url = Url::parse(&self.text).ok().filter(|_| self.dialect == Dialect::Postgres);
        for (name, value) in url.iter().flat_map(Url::query_pairs) {
            // It may stand there itself.
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

/// Reads all of them, of which there is one at least.
fn certificates(pem: &[u8]) -> Result<(), Error> {
    let read: Vec<_> = CertificateDer::pem_slice_iter(pem).collect::<Result<_, _>>()?;
    if read.is_empty() { Err(Error::NoItemsFound) } else { Ok(()) }
}
