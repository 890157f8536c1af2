"""Take in a body within bounds: bytes as they come off the wire, and what gzip makes of them."""

import zlib

from claims.states import Outcome
from verifier.types import Limits

GZIP = 16 + zlib.MAX_WBITS
READ_AS_IS = {"", "identity"}
READ_BY_GZIP = {"gzip", "x-gzip"}


class Body:
    """One body, read piece by piece; `fault` says why no more is taken.

    Nothing is ever inflated beyond `decoded_bytes`, whatever the compressed size promises. A body
    in an encoding that was not asked for is kept raw.
    """

    def __init__(self, *, encoding: str, limits: Limits, is_page: bool) -> None:
        self._limits = limits
        self._wire_limit = limits.wire_bytes if is_page else limits.error_bytes
        self._is_page = is_page
        self._pieces: list[bytes] = []
        self._wire = 0
        self._decoded = 0
        self._is_gzip = encoding in READ_BY_GZIP
        self._inflater = zlib.decompressobj(GZIP)
        self.fault: Outcome | None = None
        if encoding not in READ_AS_IS | READ_BY_GZIP:
            self.fault = Outcome.UNSUPPORTED_ENCODING

    def feed(self, piece: bytes) -> bool:
        """Take a piece off the wire; False asks for the transfer to stop."""
        room = self._wire_limit - self._wire
        self._wire += len(piece)
        if len(piece) > room:
            self._keep(piece[:room])
            if self._is_page:
                self.fault = Outcome.TOO_LARGE
            return False
        return self._keep(piece)

    def finish(self) -> bytes:
        """Return what was read; a gzip stream that did not end is a fault."""
        if self._is_gzip and self._wire and not self._inflater.eof:
            self.fault = self.fault or Outcome.BAD_ENCODING
        return b"".join(self._pieces)

    def _keep(self, piece: bytes) -> bool:
        if not self._is_gzip:
            self._pieces.append(piece)
            return True
        while piece:
            piece = self._inflate(piece)
            if self.fault:
                return False
        return True

    def _inflate(self, piece: bytes) -> bytes:
        """Inflate up to the bound; return what belongs to the next member (RFC 1952, 2.2)."""
        if self._inflater.eof:
            self._inflater = zlib.decompressobj(GZIP)
        room = self._limits.decoded_bytes - self._decoded
        try:
            text = self._inflater.decompress(piece, room + 1)
        except zlib.error:
            self.fault = Outcome.BAD_ENCODING
            return b""
        self._pieces.append(text[:room])
        self._decoded += len(text)
        if len(text) > room:
            self.fault = Outcome.TOO_LARGE
            return b""
        return self._inflater.unused_data
