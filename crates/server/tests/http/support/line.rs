//! A TCP proxy to PostgreSQL that can go silent, as when a host is lost: nothing arrives any more, and nothing is
//! closed.

use std::net::SocketAddr;

use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinHandle,
};

pub(crate) struct Line {
    address: SocketAddr,
    /// How often it has gone silent.
    silences: watch::Sender<u32>,
    accepts: JoinHandle<()>,
}

impl Line {
    /// A proxy to the server of this URL.
    pub(crate) async fn to(server: &url::Url) -> Self {
        let target = (server.host_str().expect("has a host").to_owned(), server.port().expect("has a port"));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("listens");
        let address = listener.local_addr().expect("has an address");
        let (silences, _) = watch::channel(0);
        let sender = silences.clone();
        let accepts = tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let mut silent = sender.subscribe();
                let mut far = TcpStream::connect(&target).await.expect("PostgreSQL listens");
                tokio::spawn(async move {
                    tokio::select! {
                        _ = copy_bidirectional(&mut near, &mut far) => {}
                        _ = silent.changed() => std::future::pending().await,
                    }
                });
            }
        });
        Self { address, silences, accepts }
    }

    /// The URL through this proxy.
    pub(crate) fn url(&self, server: &url::Url) -> String {
        let mut url = server.clone();
        url.set_port(Some(self.address.port())).expect("is a port");
        url.into()
    }

    /// Silences all existing connections, but not new ones.
    pub(crate) fn silence(&self) {
        self.silences.send_modify(|silences| *silences += 1);
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.accepts.abort();
    }
}
