//! Signatures of requests to the managed service of AWS, and the percent-encoding that they want.
//!
//! Source: AWS, Signature Version 4 for API requests, "Create a signed AWS API request"; tests: its published
//! `aws-sig-v4-test-suite`.

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::credentials::AwsKeys;

/// The bytes of a block of SHA-256.
const BLOCK_BYTES: usize = 64;

/// What of a request is signed.
pub(super) struct SignedParts<'a> {
    /// The method, as HTTP writes it.
    pub(super) method: &'a str,
    /// The path as it is sent, without the query.
    pub(super) path: &'a str,
    /// The query as [`canonical_query`] gives it.
    pub(super) query: &'a str,
    /// The headers that are signed: names in lower case, sorted, each once.
    pub(super) headers: &'a [(&'a str, &'a str)],
    /// The body's hash, see [`hash_of`].
    pub(super) body_hash: &'a str,
}

/// A segment of a path, or a name or value of a query, with all but letters, digits and `-._~` percent-encoded.
///
/// ```
/// use excerpt::engine::opensearch::transport::encoded;
///
/// assert_eq!(encoded("a b/ü"), "a%20b%2F%C3%BC");
/// ```
#[must_use]
pub fn encoded(segment: &str) -> String {
    encoded_bytes(segment.as_bytes(), false)
}

/// The bytes in percent-encoding; `/` as it is where it separates segments.
fn encoded_bytes(bytes: &[u8], keeps_slashes: bool) -> String {
    let mut text = String::with_capacity(bytes.len());
    for &byte in bytes {
        let is_plain = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        match is_plain || (keeps_slashes && byte == b'/') {
            true => text.push(char::from(byte)),
            false => push_hex(&mut text, "%", byte, true),
        }
    }
    text
}

fn push_hex(text: &mut String, before: &str, byte: u8, is_upper: bool) {
    text.push_str(before);
    // Writing to a string does not fail.
    let _ = match is_upper {
        true => write!(text, "{byte:02X}"),
        false => write!(text, "{byte:02x}"),
    };
}

/// A query with its parameters sorted and in percent-encoding of one kind, as it is signed; it says the same, and is sent
/// so.
pub(super) fn canonical_query(query: &str) -> String {
    let parameters = query.split('&').filter(|own| !own.is_empty());
    let mut pairs: Vec<(String, String)> = parameters
        .map(|own| {
            let (name, value) = own.split_once('=').unwrap_or((own, ""));
            let plain = |text| encoded_bytes(&decoded(text), false);
            (plain(name), plain(value))
        })
        .collect();
    pairs.sort();
    let joined: Vec<String> = pairs
        .into_iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    joined.join("&")
}

/// The bytes that a percent-encoded text stands for; what is no encoding stands for itself.
fn decoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, behind)) = rest.split_first() {
        let digit = |at: usize| {
            let byte = behind.get(at).copied()?;
            char::from(byte).to_digit(16)
        };
        match (first, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push((high * 16 + low) as u8);
                rest = behind.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(first);
                rest = behind;
            }
        }
    }
    bytes
}

/// The SHA-256 of bytes, in hexadecimal digits.
pub(super) fn hash_of(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for &byte in bytes {
        push_hex(&mut text, "", byte, false);
    }
    text
}

/// The HMAC-SHA-256 of a message. The key is brought to the length of a block here (RFC 2104), so that nothing can fail.
fn keyed(key: &[u8], message: &str) -> [u8; 32] {
    let mut block = [0; BLOCK_BYTES];
    let hashed = Sha256::digest(key);
    let key = match key.len() > BLOCK_BYTES {
        true => &hashed,
        false => key,
    };
    for (own, byte) in block.iter_mut().zip(key) {
        *own = *byte;
    }
    let mut mac = Hmac::<Sha256>::new(&block.into());
    mac.update(message.as_bytes());
    mac.finalize().into_bytes().into()
}

/// What is hashed of a request: its parts, a line each. The path is encoded once more, as for all services but S3.
fn canonical_request(parts: &SignedParts<'_>) -> String {
    let mut text = format!(
        "{}\n{}\n{}\n",
        parts.method,
        encoded_bytes(parts.path.as_bytes(), true),
        parts.query
    );
    for (name, value) in parts.headers {
        let words: Vec<&str> = value.split(' ').filter(|word| !word.is_empty()).collect();
        text.push_str(&format!("{name}:{}\n", words.join(" ")));
    }
    text.push_str(&format!("\n{}\n{}", signed_names(parts), parts.body_hash));
    text
}

fn signed_names(parts: &SignedParts<'_>) -> String {
    let names: Vec<&str> = parts.headers.iter().map(|(name, _)| *name).collect();
    names.join(";")
}

/// The header `Authorization` of a request at `time` (`20150830T123600Z`), for `service`.
pub(super) fn authorization(
    keys: &AwsKeys,
    service: &str,
    time: &str,
    parts: &SignedParts<'_>,
) -> String {
    let day = time.get(..8).unwrap_or(time);
    let scope = format!("{day}/{}/{service}/aws4_request", keys.region);
    let request = hash_of(canonical_request(parts).as_bytes());
    let to_sign = format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{request}");
    let mut key = keyed(format!("AWS4{}", keys.secret_key.reveal()).as_bytes(), day);
    for part in [keys.region.as_str(), service, "aws4_request"] {
        key = keyed(&key, part);
    }
    format!(
        "AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={}, Signature={}",
        keys.access_key,
        signed_names(parts),
        hex(&keyed(&key, &to_sign))
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::opensearch::transport::credentials::Secret;

    const HOST: (&str, &str) = ("host", "example.amazonaws.com");
    const DATE: (&str, &str) = ("x-amz-date", "20150830T123600Z");

    /// The signature of a request with the keys, time and region of the published suite.
    fn signature(method: &str, target: &str, headers: &[(&str, &str)], body: &str) -> String {
        let keys = AwsKeys {
            access_key: "AKIDEXAMPLE".to_string(),
            secret_key: Secret::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
            session_token: None,
            region: "us-east-1".to_string(),
        };
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let parts = SignedParts {
            method,
            path,
            query: &canonical_query(query),
            headers,
            body_hash: &hash_of(body.as_bytes()),
        };
        authorization(&keys, "service", DATE.1, &parts)
    }

    /// What the suite's `.authz` files say of these signed headers and this signature.
    fn published(headers: &str, signature: &str) -> String {
        format!(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, \
             SignedHeaders={headers}, Signature={signature}"
        )
    }

    #[test]
    fn published_requests_have_their_published_signatures() {
        let plain = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        for (name, method, target, expected) in [
            (
                "get-vanilla",
                "GET",
                "/",
                "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
            ),
            (
                "get-vanilla-query-order-key",
                "GET",
                "/?Param1=value2&Param1=Value1",
                "eedbc4e291e521cf13422ffca22be7d2eb8146eecf653089df300a15b2382bd1",
            ),
            (
                "get-vanilla-query-order-key-case",
                "GET",
                "/?Param2=value2&Param1=value1",
                "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
            ),
            (
                "get-vanilla-query-order-value",
                "GET",
                "/?Param1=value2&Param1=value1",
                "5772eed61e12b33fae39ee5e7012498b51d56abc0abb7c60486157bd471c4694",
            ),
            (
                "get-vanilla-query-unreserved",
                "GET",
                &format!("/?{plain}={plain}"),
                "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197",
            ),
            (
                "get-vanilla-utf8-query",
                "GET",
                "/?\u{1234}=bar",
                "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04",
            ),
            (
                "get-unreserved",
                "GET",
                &format!("/{plain}"),
                "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f",
            ),
            (
                "get-utf8",
                "GET",
                "/\u{1234}",
                "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85",
            ),
            (
                "post-vanilla",
                "POST",
                "/",
                "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
            ),
            (
                "post-vanilla-query",
                "POST",
                "/?Param1=value1",
                "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11",
            ),
        ] {
            let found = signature(method, target, &[HOST, DATE], "");
            assert_eq!(found, published("host;x-amz-date", expected), "{name}");
        }
    }

    #[test]
    fn published_headers_and_bodies_have_their_published_signatures() {
        let own = ("my-header1", "value1");
        assert_eq!(
            signature("POST", "/", &[HOST, own, DATE], ""),
            published(
                "host;my-header1;x-amz-date",
                "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c"
            ),
            "post-header-key-sort"
        );
        let spaces = ("my-header2", " \"a   b   c\" ");
        assert_eq!(
            signature("GET", "/", &[HOST, own, spaces, DATE], ""),
            published(
                "host;my-header1;my-header2;x-amz-date",
                "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"
            ),
            "get-header-value-trim"
        );
        let form = ("content-type", "application/x-www-form-urlencoded");
        assert_eq!(
            signature("POST", "/", &[form, HOST, DATE], "Param1=value1"),
            published(
                "content-type;host;x-amz-date",
                "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"
            ),
            "post-x-www-form-urlencoded"
        );
        let token = (
            "x-amz-security-token",
            "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8Y\
             UuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE\
             8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2\
             ICCR/oLxBA==",
        );
        assert_eq!(
            signature("POST", "/", &[HOST, DATE, token], ""),
            published(
                "host;x-amz-date;x-amz-security-token",
                "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead"
            ),
            "post-sts-header-before"
        );
    }

    #[test]
    fn a_canonical_query_says_the_same_and_stays_as_it_is() {
        for (query, canonical) in [
            ("", ""),
            ("refresh", "refresh="),
            ("b=2&a=1&a=0", "a=0&a=1&b=2"),
            ("filter_path=a.b,c", "filter_path=a.b%2Cc"),
            ("a=%2c&b=x+y&c=50%", "a=%2C&b=x%2By&c=50%25"),
        ] {
            assert_eq!(canonical_query(query), canonical);
            assert_eq!(canonical_query(canonical), canonical);
        }
    }

    #[test]
    fn a_path_is_encoded_twice_and_long_keys_are_hashed() {
        let parts = SignedParts {
            method: "GET",
            path: "/a%2Cb/_doc",
            query: "",
            headers: &[],
            body_hash: "",
        };
        assert!(canonical_request(&parts).starts_with("GET\n/a%252Cb/_doc\n"));
        // RFC 4231, test case 6.
        let message = "Test Using Larger Than Block-Size Key - Hash Key First";
        assert_eq!(
            hex(&keyed(&[0xaa; 131], message)),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        );
    }
}
