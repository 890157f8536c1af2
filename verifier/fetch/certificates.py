"""Whose certificates are trusted: the system's bundle, for libcurl's wheel brings none."""

import ssl
from functools import cache
from pathlib import Path

from verifier.errors import WatchError

# Where the distributions keep theirs: Debian, Fedora, openSUSE, Alpine, FreeBSD, macOS.
BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/usr/local/share/certs/ca-root-nss.crt",
    "/usr/local/etc/ssl/cert.pem",
)


@cache
def trusted_bundle() -> str:
    """Return the path of the certificates to trust: the system's, else certifi's.

    Raises:
        WatchError: the machine has neither.
    """
    for path in (ssl.get_default_verify_paths().cafile, *BUNDLES):
        if path and Path(path).is_file():
            return path
    try:
        import certifi  # noqa: PLC0415 - wanted only where the system has no bundle
    except ImportError:
        raise WatchError("No certificates to trust: install ca-certificates or certifi.") from None
    return certifi.where()
