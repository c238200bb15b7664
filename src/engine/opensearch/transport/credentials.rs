//! Who asks: what is sent to a cluster so that it answers.

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

/// A text that is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Keeps `text` to itself.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Secret {
        Secret(text.into())
    }

    /// The text, for the request that it is sent with.
    pub(super) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The keys of an AWS account, and where they sign for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwsKeys {
    /// The id of the key; it is sent in the clear.
    pub access_key: String,
    /// What signs.
    pub secret_key: Secret,
    /// The token of keys that expire.
    pub session_token: Option<Secret>,
    /// The region of the domain, as `eu-west-1`.
    pub region: String,
}

/// What is sent to a cluster to say who asks. `Debug` shows no secret.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Credentials {
    /// Nothing.
    #[default]
    None,
    /// A user and a password.
    Basic {
        /// The user; a `:` cannot be sent.
        user: String,
        /// The password.
        password: Secret,
    },
    /// A bearer token.
    Bearer(Secret),
    /// An API key, encoded as the cluster gave it.
    ApiKey(Secret),
    /// Each request is signed, for the service `es`.
    Aws(AwsKeys),
}

impl Credentials {
    /// The header `Authorization`, where it is the same for every request.
    pub(super) fn authorization(&self) -> Option<Secret> {
        match self {
            Credentials::None | Credentials::Aws(_) => None,
            Credentials::Basic { user, password } => {
                let pair = format!("{user}:{}", password.reveal());
                Some(Secret(format!("Basic {}", BASE64_STANDARD.encode(pair))))
            }
            Credentials::Bearer(token) => Some(Secret(format!("Bearer {}", token.reveal()))),
            Credentials::ApiKey(key) => Some(Secret(format!("ApiKey {}", key.reveal()))),
        }
    }

    /// Every text that must not be shown, as it is and as it is sent.
    pub(super) fn secrets(&self) -> Vec<Secret> {
        let sent = self.authorization().and_then(|header| {
            let (_, value) = header.reveal().split_once(' ')?;
            Some(Secret::new(value))
        });
        let own = match self {
            Credentials::None => vec![],
            Credentials::Basic { password: own, .. }
            | Credentials::Bearer(own)
            | Credentials::ApiKey(own) => vec![own.clone()],
            Credentials::Aws(keys) => {
                let token = keys.session_token.iter().cloned();
                std::iter::once(keys.secret_key.clone())
                    .chain(token)
                    .collect()
            }
        };
        sent.into_iter().chain(own).collect()
    }

    /// What they are called in an error: the variables that were set, or that could be.
    pub(super) fn described(&self) -> &'static str {
        match self {
            Credentials::None => {
                "EXCERPT_ENGINE_USER and EXCERPT_ENGINE_PASSWORD, or EXCERPT_ENGINE_TOKEN, or \
                 EXCERPT_ENGINE_API_KEY"
            }
            Credentials::Basic { .. } => {
                "the user and password of EXCERPT_ENGINE_USER and EXCERPT_ENGINE_PASSWORD"
            }
            Credentials::Bearer(_) => "the token of EXCERPT_ENGINE_TOKEN",
            Credentials::ApiKey(_) => "the key of EXCERPT_ENGINE_API_KEY",
            Credentials::Aws(_) => "a signature by AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_those_of_the_field() {
        let header = |credentials: &Credentials| {
            let header = credentials.authorization();
            header.map(|own| own.reveal().to_string())
        };
        // The example of RFC 7617, section 2.
        let basic = Credentials::Basic {
            user: "Aladdin".to_string(),
            password: Secret::new("open sesame"),
        };
        assert_eq!(
            header(&basic).as_deref(),
            Some("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")
        );
        let bearer = Credentials::Bearer(Secret::new("t"));
        assert_eq!(header(&bearer).as_deref(), Some("Bearer t"));
        let key = Credentials::ApiKey(Secret::new("k"));
        assert_eq!(header(&key).as_deref(), Some("ApiKey k"));
        assert_eq!(header(&Credentials::None), None);
    }

    #[test]
    fn no_secret_is_shown() {
        let secret = || Secret::new("hunter2");
        for credentials in [
            Credentials::Basic {
                user: "u".to_string(),
                password: secret(),
            },
            Credentials::Bearer(secret()),
            Credentials::ApiKey(secret()),
            Credentials::Aws(AwsKeys {
                access_key: "AK".to_string(),
                secret_key: secret(),
                session_token: Some(secret()),
                region: "eu-west-1".to_string(),
            }),
        ] {
            let shown = format!("{credentials:?} {:?}", credentials.secrets());
            assert!(!shown.contains("hunter2"), "{shown}");
            assert!(!credentials.secrets().is_empty());
        }
    }
}
