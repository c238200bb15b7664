//! Which certificates a client trusts, and which it shows.

use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};
use ureq::tls::{Certificate, ClientCert, PrivateKey, RootCerts, TlsConfig};

use super::options::ConnectOptions;
use super::own_file::read_own_file;
use crate::engine::EngineError;

/// The most bytes of a file of certificates; all that browsers trust are 0.25 MB.
const MAX_FILE_BYTES: u64 = 16 << 20;

/// The configuration of TLS: versions 1.2 and 1.3, certificates and names always checked.
///
/// # Errors
/// [`EngineError::Unavailable`] for a file that cannot be read or holds no certificate or key, and for a key that is not
/// that of the certificate.
pub(super) fn tls_config(options: &ConnectOptions) -> Result<TlsConfig, EngineError> {
    let (roots, store) = match &options.ca {
        None => (RootCerts::WebPki, RootCertStore::empty()),
        Some(path) => authorities(path)?,
    };
    let own = match (&options.cert, &options.key) {
        (None, None) => None,
        (Some(cert), Some(key)) => Some(own_certificate(cert, key, store)?),
        (Some(_), None) => return Err(unavailable("a certificate (--cert) needs its key (--key)")),
        (None, Some(_)) => return Err(unavailable("a key (--key) needs its certificate (--cert)")),
    };
    // Named here, so that a provider that some other crate of the process installs changes nothing.
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    Ok(TlsConfig::builder()
        .root_certs(roots)
        .client_cert(own)
        .unversioned_rustls_crypto_provider(provider)
        .build())
}

fn unavailable(reason: impl Into<String>) -> EngineError {
    EngineError::Unavailable(reason.into())
}

fn read(path: &Path, is_secret: bool) -> Result<Vec<u8>, EngineError> {
    read_own_file(path, MAX_FILE_BYTES, is_secret)
        .map_err(|error| unavailable(format!("`{}`: {error}", path.display())))
}

/// The certificates of a file, at least one.
fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, EngineError> {
    let bytes = read(path, false)?;
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&bytes).collect();
    match found {
        Ok(found) if !found.is_empty() => Ok(found),
        Ok(_) => Err(unavailable(format!(
            "`{}` holds no certificate in PEM",
            path.display()
        ))),
        Err(_) => Err(unavailable(format!("`{}` is no PEM", path.display()))),
    }
}

fn for_ureq(certificates: &[CertificateDer<'static>]) -> Vec<Certificate<'static>> {
    let owned = |own: &CertificateDer<'static>| Certificate::from_der(own).to_owned();
    certificates.iter().map(owned).collect()
}

/// The authorities of a file, for `ureq` and for the check of a client's certificate.
fn authorities(path: &Path) -> Result<(RootCerts, RootCertStore), EngineError> {
    let found = certificates(path)?;
    let roots = RootCerts::new_with_certs(&for_ureq(&found));
    let mut store = RootCertStore::empty();
    let (usable, _) = store.add_parsable_certificates(found);
    match usable {
        0 => Err(unavailable(format!(
            "`{}` holds no certificate that can be used",
            path.display()
        ))),
        _ => Ok((roots, store)),
    }
}

/// The client's certificate with its key. They are tried on a configuration of their own, since `ureq` panics where they
/// do not belong together.
fn own_certificate(
    cert: &Path,
    key: &Path,
    store: RootCertStore,
) -> Result<ClientCert, EngineError> {
    let chain = certificates(cert)?;
    let bytes = read(key, true)?;
    let found = PrivateKeyDer::from_pem_slice(&bytes).ok();
    // Both take the first key of the file.
    let found = found.zip(PrivateKey::from_pem(&bytes).ok());
    let Some((key_der, for_ureq_key)) = found else {
        // The reason is left out: it may repeat what stands in the file.
        let file = key.display();
        return Err(unavailable(format!(
            "`{file}` holds no key in PEM that is not encrypted"
        )));
    };
    let own = ClientCert::new_with_certs(&for_ureq(&chain), for_ureq_key);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| {
            builder
                .with_root_certificates(store)
                .with_client_auth_cert(chain, key_der)
        })
        .map_err(|error| {
            let (cert, key) = (cert.display(), key.display());
            unavailable(format!("`{cert}` and `{key}` do not fit: {error}"))
        })?;
    Ok(own)
}
