//! Whom to trust on an encrypted line, and what to say of a certificate that was not accepted.

use super::RouteWrong;
use super::smtp::SmtpRoute;
use lettre::transport::smtp::client::{Certificate, TlsParameters};

/// How a certificate begins in a PEM file.
const BEGIN: &[u8] = b"-----BEGIN CERTIFICATE-----";

/// The encryption of a route: the public authorities, and that of the house where there is one.
pub(super) fn parameters(route: &SmtpRoute) -> Result<TlsParameters, RouteWrong> {
    let mut builder = TlsParameters::builder(route.host.clone());
    if let Some(path) = &route.authority {
        let why = |why: String| RouteWrong::TlsNotPossible(format!("{}: {why}", path.display()));
        let pem = std::fs::read(path).map_err(|error| why(error.to_string()))?;
        // Of a file that holds something else, the reader makes no certificates and no complaint.
        if !pem.windows(BEGIN.len()).any(|text| text == BEGIN) {
            return Err(why("there is no certificate in it".to_owned()));
        }
        let certificate = Certificate::from_pem(&pem).map_err(|error| why(error.to_string()))?;
        builder = builder.add_root_certificate(certificate);
    }
    builder.build().map_err(|error| {
        let file = route.authority.as_ref();
        let file = file.map_or(String::new(), |path| format!("{}: ", path.display()));
        RouteWrong::TlsNotPossible(format!("{file}{error}"))
    })
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
        (
            "STARTTLS is not supported",
            "it does not offer encryption, so nothing was said to it",
        ),
    ];
    let found = table.iter().find(|(mark, _)| why.contains(mark));
    found.map(|(_, sentence)| *sentence)
}
