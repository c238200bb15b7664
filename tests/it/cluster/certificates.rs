//! Certificates made for a test.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, date_time_ymd,
};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use tempfile::TempDir;

/// How many authorities there were.
static AUTHORITIES: AtomicUsize = AtomicUsize::new(0);

/// An authority that signs certificates.
pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A certificate and its key, in PEM.
pub(crate) struct SignedPair {
    pub(crate) cert: String,
    pub(crate) key: String,
}

impl Authority {
    pub(crate) fn new() -> Authority {
        let mut params = CertificateParams::new(vec![]).expect("parameters");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        // Of a name of its own, as authorities are: else a client would take one for the other and miss the signature.
        let number = AUTHORITIES.fetch_add(1, Ordering::Relaxed);
        let name = format!("authority {number}");
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().expect("a key");
        Authority(CertifiedIssuer::self_signed(params, key).expect("an authority"))
    }

    pub(crate) fn pem(&self) -> String {
        self.0.pem()
    }

    /// A server's certificate for these names and addresses.
    pub(crate) fn server(&self, names: &[&str]) -> SignedPair {
        self.signed(names, ExtendedKeyUsagePurpose::ServerAuth, [1975, 4096])
    }

    /// One that ended before today, or begins after it.
    pub(crate) fn server_between(&self, names: &[&str], years: [i32; 2]) -> SignedPair {
        self.signed(names, ExtendedKeyUsagePurpose::ServerAuth, years)
    }

    /// A client's certificate.
    pub(crate) fn client(&self) -> SignedPair {
        self.signed(&[], ExtendedKeyUsagePurpose::ClientAuth, [1975, 4096])
    }

    fn signed(
        &self,
        names: &[&str],
        purpose: ExtendedKeyUsagePurpose,
        years: [i32; 2],
    ) -> SignedPair {
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        let mut params = CertificateParams::new(names).expect("parameters");
        params.not_before = date_time_ymd(years[0], 1, 1);
        params.not_after = date_time_ymd(years[1], 1, 1);
        params.extended_key_usages = vec![purpose];
        let key = KeyPair::generate().expect("a key");
        let cert = params.signed_by(&key, &self.0).expect("a certificate");
        SignedPair {
            cert: cert.pem(),
            key: key.serialize_pem(),
        }
    }
}

impl SignedPair {
    /// What a server needs to show this certificate, and to ask its clients for one of `clients`.
    pub(crate) fn server_config(&self, clients: Option<&Authority>) -> Arc<ServerConfig> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ServerConfig::builder_with_provider(provider.clone())
            .with_safe_default_protocol_versions()
            .expect("versions");
        let builder = match clients {
            None => builder.with_no_client_auth(),
            Some(clients) => {
                let mut roots = RootCertStore::empty();
                roots.add(clients.0.der().clone()).expect("a root");
                let verifier =
                    WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
                builder.with_client_cert_verifier(verifier.build().expect("a verifier"))
            }
        };
        let cert = CertificateDer::from_pem_slice(self.cert.as_bytes()).expect("a certificate");
        let key = PrivateKeyDer::from_pem_slice(self.key.as_bytes()).expect("a key");
        let config = builder.with_single_cert(vec![cert], key);
        Arc::new(config.expect("a configuration"))
    }
}

/// A folder of files in PEM.
pub(crate) struct PemFiles(TempDir);

impl PemFiles {
    pub(crate) fn new() -> PemFiles {
        PemFiles(tempfile::tempdir().expect("a folder"))
    }

    /// Writes a file that only its owner can read.
    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, text).expect("a file");
        self.set_mode(&path, 0o600);
        path
    }

    #[cfg(unix)]
    pub(crate) fn set_mode(&self, path: &std::path::Path, mode: u32) {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(path, mode).expect("a mode");
    }

    #[cfg(not(unix))]
    pub(crate) fn set_mode(&self, _: &std::path::Path, _: u32) {}
}
