//! Whom to trust on an encrypted line, and what to say of a certificate that was not accepted.

use super::RouteWrong;
use super::line::Tls;
use super::smtp::SmtpRoute;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use std::path::Path;
use std::sync::Arc;

/// How a certificate begins in a PEM file.
const BEGIN: &[u8] = b"-----BEGIN CERTIFICATE-----";

/// The encryption of a route: the public authorities, and that of the house where there is one.
pub(super) fn tls(route: &SmtpRoute) -> Result<Tls, RouteWrong> {
    let mut roots = RootCertStore::empty();
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    if let Some(path) = &route.authority {
        let trusted = authority(path, &mut roots);
        trusted.map_err(|why| RouteWrong::TlsNotPossible(format!("{}: {why}", path.display())))?;
    }
    let not_possible = |why: String| RouteWrong::TlsNotPossible(why);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| not_possible(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(route.host.clone())
        .map_err(|error| not_possible(format!("{}: {error}", route.host)))?;
    Ok(Tls {
        config: Arc::new(config),
        name,
    })
}

/// Adds the certificates of a file to those that are trusted; the error says what is wrong with it.
fn authority(path: &Path, roots: &mut RootCertStore) -> Result<(), String> {
    let pem = std::fs::read(path).map_err(|error| error.to_string())?;
    // Of a file that holds something else, the reader makes no certificates and no complaint.
    if !pem.windows(BEGIN.len()).any(|text| text == BEGIN) {
        return Err("there is no certificate in it".to_owned());
    }
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        let certificate = certificate.map_err(|error| error.to_string())?;
        roots.add(certificate).map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// What a person has to know about a certificate that was not accepted.
pub(super) fn certificate(why: &str) -> Option<&'static str> {
    let stranger = "its certificate is from an authority that is not trusted here; SUBDESK_MAIL_AUTHORITY names the \
             file of another one";
    let table = [
        ("UnknownIssuer", stranger),
        // An authority of the same name with another key.
        ("BadSignature", stranger),
        (
            "certificate not valid for name",
            "its certificate is for a server of another name",
        ),
        ("certificate expired", "its certificate has expired"),
        (
            "certificate not valid yet",
            "its certificate is not valid yet",
        ),
    ];
    let found = table.iter().find(|(mark, _)| why.contains(mark));
    found.map(|(_, sentence)| *sentence)
}
