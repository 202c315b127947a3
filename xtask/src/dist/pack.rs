//! Compression at the highest level: files are compressed once and sent many times.

use std::io::Write;

use anyhow::Result;
use brotli::enc::BrotliEncoderParams;
use flate2::{Compression, write::GzEncoder};

/// Brotli with quality 11 and a window of 4 MiB.
pub(super) fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let parameters = BrotliEncoderParams { quality: 11, lgwin: 22, size_hint: content.len(), ..Default::default() };
    let mut packed = Vec::new();
    ::brotli::BrotliCompress(&mut &*content, &mut packed, &parameters)?;
    Ok(packed)
}

/// Gzip at the highest level, without a time in its header, so that the output is reproducible.
pub(super) fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use anyhow::Result;

    use super::{brotli, gzip};

    #[test]
    fn compression_is_reversible() -> Result<()> {
        let content = b"door step door step door step".repeat(100);
        let mut from_brotli = Vec::new();
        ::brotli::BrotliDecompress(&mut &*brotli(&content)?, &mut from_brotli)?;
        let mut from_gzip = Vec::new();
        flate2::read::GzDecoder::new(&*gzip(&content)?).read_to_end(&mut from_gzip)?;
        assert_eq!(from_brotli, content);
        assert_eq!(from_gzip, content);
        Ok(())
    }
}
