//! HTTP as a server speaks it, as far as a fake cluster needs it, and what it does wrong when it is told to.

use std::io::{self, Read, Write};
use std::thread;
use std::time::Duration;

use flate2::read::GzDecoder;

/// A request that a fake got.
#[derive(Debug, Clone)]
pub(crate) struct FakeRequest {
    pub(crate) method: String,
    /// The path, without the query, as it came.
    pub(crate) path: String,
    /// The query behind `?`, as it came; empty where there is none.
    pub(crate) query: String,
    /// Names in lower case, in the order in which they came.
    pub(crate) headers: Vec<(String, String)>,
    /// The body, unpacked.
    pub(crate) body: Vec<u8>,
    /// The body as it came.
    pub(crate) sent: Vec<u8>,
    /// The number of its connection, from 0.
    pub(crate) connection: usize,
}

impl FakeRequest {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let (_, value) = headers.find(|(own, _)| own == name)?;
        Some(value)
    }

    /// The body as JSON; null where it is none.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The next request of a connection; `None` at its end.
    pub(super) fn read(
        stream: &mut impl Read,
        connection: usize,
    ) -> io::Result<Option<FakeRequest>> {
        let mut head = Vec::new();
        let mut byte = [0];
        while !head.ends_with(b"\r\n\r\n") {
            if stream.read(&mut byte)? == 0 {
                return Ok(None);
            }
            head.push(byte[0]);
        }
        let head = String::from_utf8_lossy(&head).into_owned();
        let mut lines = head.lines();
        let mut first = lines.next().unwrap_or_default().split(' ');
        let method = first.next().unwrap_or_default().to_string();
        let target = first.next().unwrap_or_default();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let headers: Vec<(String, String)> = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_string()))
            .collect();
        let mut request = FakeRequest {
            method,
            path: path.to_string(),
            query: query.to_string(),
            headers,
            body: vec![],
            sent: vec![],
            connection,
        };
        let length = request.header("content-length").unwrap_or("0").parse();
        request.sent = vec![0; length.expect("a length")];
        stream.read_exact(&mut request.sent)?;
        request.body = match request.header("content-encoding") {
            Some("gzip") => {
                let mut body = Vec::new();
                GzDecoder::new(&request.sent[..]).read_to_end(&mut body)?;
                body
            }
            _ => request.sent.clone(),
        };
        Ok(Some(request))
    }
}

/// An answer with all its parts.
#[derive(Debug, Clone)]
pub(crate) struct FakeAnswer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl FakeAnswer {
    pub(crate) fn new(status: u16, body: impl Into<Vec<u8>>) -> FakeAnswer {
        FakeAnswer {
            status,
            headers: vec![],
            body: body.into(),
        }
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> FakeAnswer {
        self.headers.push((name.to_string(), value.to_string()));
        self
    }

    pub(crate) fn body(&self) -> &[u8] {
        &self.body
    }

    fn head(&self, length: &str) -> Vec<u8> {
        let mut text = format!("HTTP/1.1 {} Some Reason\r\n", self.status);
        for (name, value) in &self.headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        format!("{text}content-type: application/json\r\n{length}\r\n\r\n").into_bytes()
    }

    fn sized_head(&self) -> Vec<u8> {
        self.head(&format!("content-length: {}", self.body.len()))
    }
}

/// What a fake does with a request.
#[derive(Debug, Clone)]
pub(crate) enum FakeReply {
    /// It answers.
    Whole(FakeAnswer),
    /// It answers, and closes the connection after so many bytes of the body.
    CutBody(FakeAnswer, usize),
    /// It answers, and falls silent after so many bytes of the body.
    StallBody(FakeAnswer, usize),
    /// It closes the connection.
    Cut,
    /// It closes the connection within the head of an answer.
    CutHead,
    /// It is silent.
    Stall,
    /// It falls silent within the head of an answer.
    StallHead,
    /// It answers with a body that does not end, a chunk each so often.
    Endless(Duration),
    /// It sends these bytes and closes the connection.
    Raw(Vec<u8>),
}

impl FakeReply {
    /// An answer with a body of JSON.
    pub(crate) fn json(status: u16, body: &str) -> FakeReply {
        FakeReply::Whole(FakeAnswer::new(status, body))
    }

    /// Does it; false where the connection is of no more use. `is_over` says when to give up what would not end.
    pub(super) fn send(
        &self,
        stream: &mut impl Write,
        is_head: bool,
        is_over: &dyn Fn() -> bool,
    ) -> io::Result<bool> {
        let stall = || {
            while !is_over() {
                thread::sleep(Duration::from_millis(10));
            }
        };
        match self {
            FakeReply::Whole(answer) => {
                stream.write_all(&answer.sized_head())?;
                if !is_head {
                    stream.write_all(&answer.body)?;
                }
                stream.flush()?;
                let is_closed = |(name, value): &(String, String)| {
                    name.eq_ignore_ascii_case("connection") && value == "close"
                };
                return Ok(!answer.headers.iter().any(is_closed));
            }
            FakeReply::CutBody(answer, sent) | FakeReply::StallBody(answer, sent) => {
                stream.write_all(&answer.sized_head())?;
                stream.write_all(&answer.body[..*sent])?;
                stream.flush()?;
            }
            FakeReply::CutHead | FakeReply::StallHead => {
                stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-le")?;
                stream.flush()?;
            }
            FakeReply::Endless(pause) => {
                let head = FakeAnswer::new(200, "").head("transfer-encoding: chunked");
                stream.write_all(&head)?;
                let chunk = [b"1000\r\n", " ".repeat(0x1000).as_bytes(), b"\r\n"].concat();
                while !is_over() {
                    stream.write_all(&chunk)?;
                    stream.flush()?;
                    thread::sleep(*pause);
                }
            }
            FakeReply::Raw(bytes) => {
                stream.write_all(bytes)?;
                stream.flush()?;
            }
            FakeReply::Cut | FakeReply::Stall => {}
        }
        if matches!(
            self,
            FakeReply::Stall | FakeReply::StallHead | FakeReply::StallBody(..)
        ) {
            stall();
        }
        Ok(false)
    }
}
