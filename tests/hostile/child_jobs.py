"""What a hostile page could make of the child that reads it: the page's bytes name the way."""

import ctypes
import os
import sys
import time
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

Answer = Mapping[str, Any]


def crash(_message: Answer, _raw: bytes) -> Answer:
    ctypes.string_at(0)
    raise AssertionError


def swell(_message: Answer, _raw: bytes) -> Answer:
    held = []
    while True:
        held.append(bytearray(16 * 1024 * 1024))


def babble(_message: Answer, _raw: bytes) -> Answer:
    for descriptor in range(3, 16):
        try:
            os.write(descriptor, b"\xff" * 4096)
        except OSError:
            continue
    return {}


def leave(_message: Answer, _raw: bytes) -> Answer:
    os._exit(0)


def stumble(_message: Answer, _raw: bytes) -> Answer:
    raise RecursionError


def answer_nonsense(_message: Answer, _raw: bytes) -> Answer:
    return {"page": sys.version, "assessment": 1}


def hang(_message: Answer, _raw: bytes) -> Answer:
    while True:
        time.sleep(60)


WAYS = {way.__name__: way for way in (crash, swell, babble, leave, stumble, answer_nonsense, hang)}


def misbehave(message: Answer, raw: bytes) -> Answer:
    return WAYS[raw.decode()](message, raw)


JOBS: Mapping[str, Any] = defaultdict(lambda: misbehave)
