"""How much of an upload is taken in: no more than a capture may have, whatever the client sends."""

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest
from typing_extensions import override

from claims.services.captures import BYTES_A_MB

TOO_LARGE = "stet.upload_too_large"


class Bounded(FileUploadHandler):
    """Stands before those that write: passes on what fits, ends the upload where it does not."""

    @override
    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        self._taken = 0

    @override
    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self._taken += len(raw_data)
        if self._taken > settings.CAPTURE_MAX_MB * BYTES_A_MB:
            if self.request is not None:
                self.request.META[TOO_LARGE] = True
            # The rest is read and thrown away, so that the browser shows the answer.
            raise StopUpload(connection_reset=False)
        return raw_data

    @override
    def file_complete(self, file_size: int) -> UploadedFile | None:
        return None


def was_too_large(request: HttpRequest) -> bool:
    """Whether this request's file was not taken in because of its size."""
    return bool(request.META.get(TOO_LARGE))
