//! Credentials out of the environment, or of files that it names.

use std::ffi::OsString;
use std::path::Path;

use super::credentials::{AwsKeys, Credentials, Secret};
use super::own_file::{OwnFileError, read_own_file};

/// The most bytes of a file that holds a secret.
const MAX_SECRET_BYTES: u64 = 64 << 10;

const USER: &str = "EXCERPT_ENGINE_USER";
const PASSWORD: &str = "EXCERPT_ENGINE_PASSWORD";
const TOKEN: &str = "EXCERPT_ENGINE_TOKEN";
const API_KEY: &str = "EXCERPT_ENGINE_API_KEY";
const AWS_KEY: &str = "AWS_ACCESS_KEY_ID";
const AWS_SECRET: &str = "AWS_SECRET_ACCESS_KEY";
const AWS_TOKEN: &str = "AWS_SESSION_TOKEN";
const AWS_REGIONS: [&str; 2] = ["AWS_REGION", "AWS_DEFAULT_REGION"];

/// Why there are no credentials to be had. Variables and files are named, never what they hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CredentialsError {
    /// Two ways of saying who asks.
    #[error("`{0}` and `{1}` are both set; set one of them")]
    Both(String, String),
    /// One variable is useless without another.
    #[error("`{set}` is set without `{missing}`")]
    Incomplete {
        /// The one that is set.
        set: String,
        /// The one that is missing, each way to set it.
        missing: String,
    },
    /// What a variable or its file holds cannot be sent.
    #[error("`{0}` holds characters that cannot be sent")]
    Characters(String),
    /// A file cannot be read.
    #[error("the file `{file}` of `{variable}` cannot be read: {reason}")]
    File {
        /// The variable that names it.
        variable: String,
        /// The file.
        file: String,
        /// Why.
        reason: String,
    },
    /// A file can be read by others.
    #[error("the file `{file}` of `{variable}` can be read by others; `chmod 600` it")]
    Exposed {
        /// The variable that names it.
        variable: String,
        /// The file.
        file: String,
    },
    /// The managed service wants signed requests.
    #[error(
        "`{0}` is of the managed service: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or the credentials of a user of \
         its own (EXCERPT_ENGINE_USER and EXCERPT_ENGINE_PASSWORD)"
    )]
    NoAwsKeys(String),
    /// The managed service's region is not told.
    #[error("the region of `{0}` is not known; set AWS_REGION")]
    NoRegion(String),
    /// The serverless service cannot keep an index.
    #[error(
        "`{0}` is OpenSearch Serverless, which cannot keep an index of excerpt; use a domain (`*.es.amazonaws.com`)"
    )]
    Serverless(String),
}

/// Whether the host is of OpenSearch Serverless, which answers neither `GET /` nor `_refresh`.
pub(super) fn is_serverless(host: &str) -> bool {
    is_of_aws(host, ".aoss")
}

/// Whether the host is of the managed service in its own domain, in any partition of AWS.
fn is_of_aws(host: &str, service: &str) -> bool {
    [".amazonaws.com", ".amazonaws.com.cn"]
        .iter()
        .filter_map(|domain| host.strip_suffix(domain))
        .any(|rest| rest.ends_with(service))
}

/// The region that a host of the managed service names: `search-x.eu-west-1.es.amazonaws.com`.
fn region_of(host: &str) -> Option<&str> {
    let (before, _) = host.split_once(".es.amazonaws.com")?;
    let (_, region) = before.rsplit_once('.')?;
    Some(region)
}

/// The credentials for `host` that the environment holds: `EXCERPT_ENGINE_USER` and `_PASSWORD`, `_TOKEN`, or `_API_KEY`,
/// each also as the name of a file with `_FILE` behind it; for a domain of the managed service (`*.es.amazonaws.com`) else
/// the `AWS_*` variables of that service's own tools. Empty variables count as not set.
///
/// # Errors
/// More than one kind, half of a pair, what cannot be sent, a file that cannot be read or that others can read (Unix), a
/// domain of the managed service without keys, and OpenSearch Serverless.
pub fn credentials_from(
    host: &str,
    env: &dyn Fn(&str) -> Option<OsString>,
) -> Result<Credentials, CredentialsError> {
    if is_serverless(host) {
        return Err(CredentialsError::Serverless(host.to_string()));
    }
    let user = setting(USER, env, false)?;
    let password = setting(PASSWORD, env, true)?;
    let token = setting(TOKEN, env, true)?;
    let key = setting(API_KEY, env, true)?;
    let pair = user.as_ref().or(password.as_ref());
    let kinds: Vec<&GivenText> = [pair, token.as_ref(), key.as_ref()]
        .into_iter()
        .flatten()
        .collect();
    if let [first, second, ..] = kinds.as_slice() {
        return Err(CredentialsError::Both(
            first.variable.clone(),
            second.variable.clone(),
        ));
    }
    if let Some(token) = token {
        return Ok(Credentials::Bearer(token.secret()?));
    }
    if let Some(key) = key {
        return Ok(Credentials::ApiKey(key.secret()?));
    }
    match (user, password) {
        (Some(user), Some(password)) => basic(&user, password),
        (Some(user), None) => Err(incomplete(&user, PASSWORD)),
        (None, Some(password)) => Err(incomplete(&password, USER)),
        (None, None) if is_of_aws(host, ".es") => aws(host, env),
        (None, None) => Ok(Credentials::None),
    }
}

fn incomplete(set: &GivenText, missing: &str) -> CredentialsError {
    CredentialsError::Incomplete {
        set: set.variable.clone(),
        missing: format!("{missing}` or `{missing}_FILE"),
    }
}

fn basic(user: &GivenText, password: GivenText) -> Result<Credentials, CredentialsError> {
    // The first colon ends the user (RFC 7617, section 2).
    if user.value.contains(':') || user.value.chars().any(char::is_control) {
        return Err(CredentialsError::Characters(user.variable.clone()));
    }
    if password.value.chars().any(char::is_control) {
        return Err(CredentialsError::Characters(password.variable));
    }
    Ok(Credentials::Basic {
        user: user.value.clone(),
        password: Secret::new(password.value),
    })
}

fn aws(
    host: &str,
    env: &dyn Fn(&str) -> Option<OsString>,
) -> Result<Credentials, CredentialsError> {
    let missing = || CredentialsError::NoAwsKeys(host.to_string());
    let access_key = variable(AWS_KEY, env)?.ok_or_else(missing)?;
    let secret_key = variable(AWS_SECRET, env)?.ok_or_else(missing)?;
    let session_token = match variable(AWS_TOKEN, env)? {
        Some(token) => Some(token.secret()?),
        None => None,
    };
    // The host's own region comes first: the variables may be for other services of the account.
    let region = match region_of(host) {
        Some(region) => region.to_string(),
        None => {
            let mut region = None;
            for name in AWS_REGIONS {
                region = match region {
                    None => variable(name, env)?,
                    found => found,
                };
            }
            let missing = || CredentialsError::NoRegion(host.to_string());
            region.ok_or_else(missing)?.value
        }
    };
    let access_key = access_key.secret()?.reveal().to_string();
    let secret_key = secret_key.secret()?;
    Ok(Credentials::Aws(AwsKeys {
        access_key,
        secret_key,
        session_token,
        region,
    }))
}

/// What a variable holds, or the file that another one names.
struct GivenText {
    /// The variable that is set.
    variable: String,
    value: String,
}

impl GivenText {
    /// As a secret that stands in a header: visible ASCII (RFC 9110, section 5.5, without the rest that is obsolete).
    fn secret(self) -> Result<Secret, CredentialsError> {
        match self.value.chars().all(|c| c.is_ascii_graphic()) {
            true => Ok(Secret::new(self.value)),
            false => Err(CredentialsError::Characters(self.variable)),
        }
    }
}

/// A variable, where it is set and not empty.
fn variable(
    name: &str,
    env: &dyn Fn(&str) -> Option<OsString>,
) -> Result<Option<GivenText>, CredentialsError> {
    let Some(value) = env(name).filter(|value| !value.is_empty()) else {
        return Ok(None);
    };
    let variable = name.to_string();
    match value.into_string() {
        Ok(value) => Ok(Some(GivenText { variable, value })),
        Err(_) => Err(CredentialsError::Characters(variable)),
    }
}

/// A variable, or the file that `NAME_FILE` names.
fn setting(
    name: &str,
    env: &dyn Fn(&str) -> Option<OsString>,
    is_secret: bool,
) -> Result<Option<GivenText>, CredentialsError> {
    let own = variable(name, env)?;
    let of_file = format!("{name}_FILE");
    let Some(path) = env(&of_file).filter(|path| !path.is_empty()) else {
        return Ok(own);
    };
    if own.is_some() {
        return Err(CredentialsError::Both(name.to_string(), of_file));
    }
    let value = read_secret(Path::new(&path), &of_file, is_secret)?;
    Ok(Some(GivenText {
        variable: of_file,
        value,
    }))
}

/// The text of a file, without the end of its line.
fn read_secret(path: &Path, variable: &str, is_secret: bool) -> Result<String, CredentialsError> {
    let file = path.display().to_string();
    let variable = variable.to_string();
    let bytes = match read_own_file(path, MAX_SECRET_BYTES, is_secret) {
        Ok(bytes) => bytes,
        Err(OwnFileError::Exposed) => return Err(CredentialsError::Exposed { variable, file }),
        Err(error) => {
            let reason = error.to_string();
            return Err(CredentialsError::File {
                variable,
                file,
                reason,
            });
        }
    };
    let Ok(text) = String::from_utf8(bytes) else {
        return Err(CredentialsError::Characters(variable));
    };
    let text = text.strip_suffix('\n').unwrap_or(&text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    if text.is_empty() {
        let reason = "it is empty".to_string();
        return Err(CredentialsError::File {
            variable,
            file,
            reason,
        });
    }
    Ok(text.to_string())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs;
    use std::path::PathBuf;

    use super::*;

    fn from(host: &str, set: &[(&str, &str)]) -> Result<Credentials, CredentialsError> {
        let set: BTreeMap<&str, &str> = set.iter().copied().collect();
        credentials_from(host, &|name| set.get(name).map(OsString::from))
    }

    #[test]
    fn each_kind_is_read() {
        assert_eq!(from("h", &[]), Ok(Credentials::None));
        assert_eq!(from("h", &[(TOKEN, "")]), Ok(Credentials::None));
        assert_eq!(
            from("h", &[(USER, "u"), (PASSWORD, "p w")]),
            Ok(Credentials::Basic {
                user: "u".to_string(),
                password: Secret::new("p w")
            })
        );
        assert_eq!(
            from("h", &[(TOKEN, "t")]),
            Ok(Credentials::Bearer(Secret::new("t")))
        );
        assert_eq!(
            from("h", &[(API_KEY, "k")]),
            Ok(Credentials::ApiKey(Secret::new("k")))
        );
    }

    #[test]
    fn what_contradicts_itself_or_cannot_be_sent_is_refused() {
        let both = |set: &[(&str, &str)]| {
            matches!(from("h", set), Err(CredentialsError::Both(first, second))
                if set.iter().any(|own| own.0 == first) && set.iter().any(|own| own.0 == second))
        };
        assert!(both(&[(USER, "u"), (TOKEN, "t")]));
        assert!(both(&[(PASSWORD, "u"), (API_KEY, "t")]));
        assert!(both(&[(API_KEY, "u"), (TOKEN, "t")]));
        assert!(both(&[(TOKEN, "u"), ("EXCERPT_ENGINE_TOKEN_FILE", "t")]));
        for set in [[(USER, "u")], [(PASSWORD, "u")]] {
            let error = from("h", &set).expect_err("half of a pair");
            assert!(matches!(error, CredentialsError::Incomplete { .. }));
        }
        for set in [
            &[(TOKEN, "a b")] as &[_],
            &[(TOKEN, "a\r\nX: y")],
            &[(API_KEY, "é")],
            &[(USER, "a:b"), (PASSWORD, "p")],
            &[(USER, "a"), (PASSWORD, "p\n")],
        ] {
            let error = from("h", set).expect_err("cannot be sent");
            assert!(matches!(error, CredentialsError::Characters(_)), "{error}");
        }
    }

    #[test]
    fn the_managed_service_wants_its_own_keys() {
        let host = "search-news.eu-west-1.es.amazonaws.com";
        let keys = [(AWS_KEY, "AK"), (AWS_SECRET, "SK"), (AWS_REGIONS[0], "x")];
        let Ok(Credentials::Aws(found)) = from(host, &keys) else {
            panic!("no keys");
        };
        assert_eq!(
            (found.region.as_str(), found.session_token),
            ("eu-west-1", None)
        );
        assert!(matches!(
            from(host, &[]),
            Err(CredentialsError::NoAwsKeys(_))
        ));
        assert!(matches!(
            from("es.amazonaws.com", &keys[..2]),
            Ok(Credentials::None)
        ));
        // The user of a domain comes first, and keys mean nothing elsewhere.
        let user = [(AWS_KEY, "AK"), (AWS_SECRET, "SK"), (TOKEN, "t")];
        assert!(matches!(from(host, &user), Ok(Credentials::Bearer(_))));
        assert_eq!(from("host", &keys), Ok(Credentials::None));
        assert_eq!(
            from("evil.com.es.amazonaws.com.evil.com", &keys),
            Ok(Credentials::None)
        );
        let serverless = from("x.eu-west-1.aoss.amazonaws.com", &keys);
        assert!(matches!(serverless, Err(CredentialsError::Serverless(_))));
    }

    fn secret_file(name: &str, text: &str, mode: u32) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(name);
        fs::write(&path, text).expect("a file");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::Permissions::from_mode(mode);
            fs::set_permissions(&path, mode).expect("a mode");
        }
        #[cfg(not(unix))]
        let _ = mode;
        (folder, path)
    }

    #[test]
    fn a_file_holds_a_secret_where_only_its_owner_reads_it() {
        let of = |text: &str, mode: u32| {
            let (_folder, path) = secret_file("token", text, mode);
            let path = path.to_string_lossy().into_owned();
            from("h", &[("EXCERPT_ENGINE_TOKEN_FILE", &path)])
        };
        let token = Ok(Credentials::Bearer(Secret::new("hunter2")));
        assert_eq!(of("hunter2", 0o600), token);
        assert_eq!(of("hunter2\n", 0o400), token);
        assert_eq!(of("hunter2\r\n", 0o600), token);
        #[cfg(unix)]
        for mode in [0o640, 0o604, 0o620, 0o601] {
            assert!(matches!(
                of("hunter2", mode),
                Err(CredentialsError::Exposed { .. })
            ));
        }
        for text in ["", "\n", "hunter2\nx", "hunter2 ", &"x".repeat(70_000)] {
            let error = of(text, 0o600).expect_err("no token");
            assert!(!error.to_string().contains("hunter2"), "{error}");
        }
        let missing = from("h", &[("EXCERPT_ENGINE_TOKEN_FILE", "/no/such/file")]);
        assert!(matches!(missing, Err(CredentialsError::File { .. })));
    }
}
