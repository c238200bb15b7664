//! Bodies of requests, packed, and of answers, unpacked within bounds.

use std::borrow::Cow;
use std::io::{self, Read, Write as _};

use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;

use super::traffic::TrafficCounter;

/// Shorter bodies are sent as they are: they fit into a packet.
const PACKED_FROM_BYTES: usize = 1024;
/// How many bytes a packed body may have beyond those it may unpack to: heads, sums, blocks that do not shrink.
const PACKED_SLACK_BYTES: u64 = 1 << 20;

/// The body of a request, as it is sent.
pub(super) struct SentBody<'a> {
    pub(super) bytes: Cow<'a, [u8]>,
    pub(super) is_packed: bool,
}

impl<'a> SentBody<'a> {
    /// The body, packed by gzip where `may_pack` is set and it is worth it.
    pub(super) fn new(bytes: &'a [u8], may_pack: bool) -> SentBody<'a> {
        let is_worth_it = may_pack && bytes.len() > PACKED_FROM_BYTES;
        match is_worth_it.then(|| packed(bytes)).flatten() {
            Some(packed) => SentBody {
                bytes: Cow::Owned(packed),
                is_packed: true,
            },
            None => SentBody {
                bytes: Cow::Borrowed(bytes),
                is_packed: false,
            },
        }
    }
}

fn packed(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok()
}

/// Why the body of an answer is not to be had.
#[derive(Debug)]
pub(super) enum BodyFault {
    /// It is larger than it may be.
    TooLarge,
    /// It is encoded in a way that nobody asked for, or cannot be unpacked.
    Encoding(String),
    /// The connection failed.
    Connection(io::Error),
}

/// The body of an answer, unpacked, at most `limit` bytes of it.
pub(super) fn read_body(
    raw: impl Read,
    encoding: Option<&str>,
    limit: u64,
    traffic: &TrafficCounter,
) -> Result<Vec<u8>, BodyFault> {
    let mut received = Received {
        raw,
        left: limit.saturating_add(PACKED_SLACK_BYTES),
        end: None,
        traffic,
    };
    let end = limit.saturating_add(1);
    let mut bytes = Vec::new();
    let outcome = match encoding.unwrap_or("identity") {
        "identity" => received.by_ref().take(end).read_to_end(&mut bytes),
        "gzip" | "x-gzip" => MultiGzDecoder::new(&mut received)
            .take(end)
            .read_to_end(&mut bytes),
        other => return Err(BodyFault::Encoding(format!("encoding `{other}`"))),
    };
    match (outcome, received.end) {
        (_, Some(end)) => Err(end),
        (Ok(_), None) if bytes.len() as u64 > limit => Err(BodyFault::TooLarge),
        (Ok(_), None) => Ok(bytes),
        (Err(error), None) => Err(BodyFault::Encoding(error.to_string())),
    }
}

/// The bytes of an answer as they come; it keeps why they ended before their end.
struct Received<'a, R> {
    raw: R,
    left: u64,
    end: Option<BodyFault>,
    traffic: &'a TrafficCounter,
}

impl<R: Read> Read for Received<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let stopped = || io::Error::other("the body ends here");
        match self.raw.read(buffer) {
            Ok(read) if read as u64 > self.left => {
                self.end = Some(BodyFault::TooLarge);
                Err(stopped())
            }
            Ok(read) => {
                self.left -= read as u64;
                self.traffic.received(read);
                Ok(read)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(error),
            Err(error) => {
                self.end = Some(BodyFault::Connection(error));
                Err(stopped())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], encoding: Option<&str>, limit: u64) -> Result<Vec<u8>, BodyFault> {
        read_body(bytes, encoding, limit, &TrafficCounter::default())
    }

    #[test]
    fn bodies_are_packed_where_it_is_worth_it() {
        let long = b"word ".repeat(1000);
        let sent = SentBody::new(&long, true);
        assert!(sent.is_packed && sent.bytes.len() < 200);
        assert_eq!(read(&sent.bytes, Some("gzip"), 5000).expect("a body"), long);
        assert!(!SentBody::new(&long, false).is_packed);
        assert!(!SentBody::new(b"short", true).is_packed);
    }

    #[test]
    fn bodies_are_bounded_after_they_are_unpacked() {
        assert_eq!(read(b"12345", None, 5).expect("a body"), b"12345");
        assert!(matches!(read(b"123456", None, 5), Err(BodyFault::TooLarge)));
        let bomb = packed(&vec![0; 50_000_000]).expect("packed");
        let counter = TrafficCounter::default();
        let found = read_body(&bomb[..], Some("gzip"), 1000, &counter);
        assert!(matches!(found, Err(BodyFault::TooLarge)));
        assert!(counter.now().bytes_received < bomb.len() as u64);
        assert!(matches!(
            read_body(io::repeat(0), None, 1000, &counter),
            Err(BodyFault::TooLarge)
        ));
    }

    #[test]
    fn endless_packed_nothing_ends() {
        let nothing = packed(b"").expect("packed");
        let endless = nothing.repeat(200_000);
        let found = read(&endless, Some("gzip"), 1000);
        assert!(matches!(found, Err(BodyFault::TooLarge)), "{found:?}");
    }

    #[test]
    fn what_cannot_be_unpacked_is_said() {
        let sent = packed(&b"word ".repeat(1000)).expect("packed");
        for bytes in [&b"no gzip"[..], &sent[..20], b""] {
            let found = read(bytes, Some("gzip"), 5000);
            assert!(matches!(found, Err(BodyFault::Encoding(_))), "{found:?}");
        }
        let found = read(b"x", Some("br"), 10);
        assert!(matches!(found, Err(BodyFault::Encoding(_))));
    }
}
