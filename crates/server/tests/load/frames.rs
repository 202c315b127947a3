//! HTTP/2 frames written by hand, for clients that do what no library does.

/// The preface of an HTTP/2 client that accepts no response data.
pub(crate) fn closed_window() -> Vec<u8> {
    // SETTINGS_INITIAL_WINDOW_SIZE (4) is 0.
    [b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(), frame(4, 0, 0, &[0, 4, 0, 0, 0, 0])].concat()
}

/// HEADERS of a GET: `:method: GET` and `:scheme: http` of the static table, path and authority as literals.
pub(crate) fn http2_get(stream: u32, path: &str) -> Vec<u8> {
    let text = |name: u8, text: &str| {
        let len = u8::try_from(text.len()).expect("is short");
        [&[name, len], text.as_bytes()].concat()
    };
    let block = [vec![0x82, 0x86], text(0x04, path), text(0x01, "127.0.0.1:8080")].concat();
    frame(1, 0x5, stream, &block)
}

/// A frame.
pub(crate) fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let len = u32::try_from(payload.len()).expect("is short").to_be_bytes();
    [&len[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}
