"""What both ends of the pipes to a child agree on.

A frame is two big-endian 32-bit lengths, then that much JSON, then that much raw bytes.
"""

import json
import struct
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

ROOT = str(Path(__file__).resolve().parent.parent.parent)
FRAME = struct.Struct(">II")
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))

Work = Callable[[Mapping[str, Any], bytes], Mapping[str, Any]]
"""JSON and raw bytes in, JSON out; runs in the child."""


def json_bytes(value: Mapping[str, Any]) -> bytes:
    """Write JSON as UTF-8; a lone surrogate passes as it is, `json.loads` reads it back."""
    return _ENCODER.encode(value).encode("utf-8", "surrogatepass")
