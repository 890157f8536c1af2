"""Take in a body within bounds: bytes as they come off the wire, and what gzip makes of them."""

import io
import zlib

from claims.states import Outcome
from verifier.types import Limits

GZIP = 16 + zlib.MAX_WBITS
GZIP_MAGIC = b"\x1f\x8b\x08"
INFLATED_AT_ONCE = 256 * 1024
READ_AS_IS = {"", "identity"}
READ_BY_GZIP = {"gzip", "x-gzip"}


class Body:
    """One body, read piece by piece; `fault` says why no more is taken.

    Nothing is ever inflated beyond `decoded_bytes`, whatever the compressed size promises, nor
    twice. A body in an encoding that was not asked for is kept raw; one that is too large is let
    go, so that many at once cost no memory.
    """

    def __init__(self, *, encoding: str, limits: Limits, is_page: bool) -> None:
        self._limits = limits
        self._wire_limit = limits.wire_bytes if is_page else limits.error_bytes
        self._is_page = is_page
        self._kept = io.BytesIO()
        self._wire = 0
        self._is_gzip = encoding in READ_BY_GZIP
        self._inflater = zlib.decompressobj(GZIP)
        self.fault: Outcome | None = None
        if encoding not in READ_AS_IS | READ_BY_GZIP:
            self.fault = Outcome.UNSUPPORTED_ENCODING

    def feed(self, piece: bytes) -> bool:
        """Take a piece off the wire; False asks for the transfer to stop."""
        room = self._wire_limit - self._wire
        self._wire += len(piece)
        if len(piece) <= room:
            return self._keep(piece)
        if self._is_page:
            self._refuse_size()
        else:
            self._keep(piece[:room])
        return False

    def finish(self) -> bytes:
        """Return what was read; gzip that did not end, or that holds gzip again, is a fault."""
        body = self._kept.getvalue()
        is_cut = bool(self._wire) and not self._inflater.eof
        if self._is_gzip and (is_cut or body.startswith(GZIP_MAGIC)):
            self.fault = self.fault or Outcome.BAD_ENCODING
        return body

    def _keep(self, piece: bytes) -> bool:
        if not self._is_gzip:
            self._kept.write(piece)
            return True
        while piece and not self.fault:
            piece = self._inflate(piece)
        return not self.fault

    def _inflate(self, piece: bytes) -> bytes:
        """Inflate a little; return what is left of the piece (more members: RFC 1952, 2.2)."""
        if self._inflater.eof:
            self._inflater = zlib.decompressobj(GZIP)
        try:
            text = self._inflater.decompress(piece, INFLATED_AT_ONCE)
        except zlib.error:
            self.fault = Outcome.BAD_ENCODING
            return b""
        self._kept.write(text)
        if self._kept.tell() > self._limits.decoded_bytes:
            self._refuse_size()
        return self._inflater.unconsumed_tail or self._inflater.unused_data

    def _refuse_size(self) -> None:
        self.fault = Outcome.TOO_LARGE
        self._kept = io.BytesIO()
