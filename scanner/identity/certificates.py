"""TLS certificates as evidence: whose they say they are; nothing is trusted (RFC 5280)."""

from __future__ import annotations

import warnings

from scanner.heard import Heard, evidence, names


def read(der: bytes, *, own_name: bool = False) -> Heard:
    """The names in a certificate; nothing when it is none.

    ``own_name``: the common name is the machine's own, as in those that Windows makes for remote
    desktops. Elsewhere it is as often the maker's name, and counts only with a domain.
    """
    from cryptography import x509  # 0.07 s, only where TLS was met

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # devices bend every rule that the library warns of
        try:
            certificate = x509.load_der_x509_certificate(der)
            subject, issuer = certificate.subject, certificate.issuer
            common = [str(one.value) for one in subject if one.oid == x509.NameOID.COMMON_NAME]
            told = evidence(
                ("tls_subject", subject.rfc4514_string()), ("tls_issuer", issuer.rfc4514_string())
            )
        except (ValueError, TypeError, OverflowError, x509.UnsupportedGeneralNameType):
            return Heard(flags=("malformed",))
        try:
            extension = certificate.extensions.get_extension_for_class(
                x509.SubjectAlternativeName
            ).value
            alternative = extension.get_values_for_type(x509.DNSName)
        except (ValueError, TypeError, x509.ExtensionNotFound, x509.DuplicateExtension):
            alternative = []
        except x509.UnsupportedGeneralNameType:
            alternative = []
    usable = [one for one in common if own_name or "." in one]
    return Heard(names=names("certificate", *alternative, *usable), evidence=told)
