"""Jobs that misbehave in a child in every way a hostile page could make a parser misbehave."""

import ctypes
import os
import resource
import stat
import sys
import time
from pathlib import Path


def told(message, raw):
    return {"message": message, "size": len(raw)}


def surroundings(_message, _raw):
    return {
        "environment": sorted(os.environ),
        "descriptors": [fd for fd in range(3, 256) if _is_more_than_a_pipe(fd)],
        "path_has_folder": "" in sys.path or str(Path.cwd()) in sys.path,
        "memory_bytes": resource.getrlimit(resource.RLIMIT_AS)[0],
        "file_bytes": resource.getrlimit(resource.RLIMIT_FSIZE)[0],
        "pid": os.getpid(),
    }


def _is_more_than_a_pipe(fd):
    try:
        mode = os.fstat(fd).st_mode
    except OSError:
        return False
    return not stat.S_ISFIFO(mode)


def hang(_message, _raw):
    time.sleep(3600)


def spin(_message, _raw):
    while True:
        pass


def swallow_memory(_message, _raw):
    return {"size": len(bytearray(2**31))}


def crash(_message, _raw):
    ctypes.string_at(0)


def leave(_message, _raw):
    os._exit(0)


def stumble(_message, _raw):
    return {"never": 1 / 0}


def print_garbage(_message, _raw):
    os.write(1, b"garbage")
    print("garbage")  # noqa: T201 - that is what is tried
    return {"printed": True}


def answer_garbage(_message, _raw):
    for fd in range(3, 16):
        try:
            os.write(fd, b"\xff" * 64)
        except OSError:
            continue
    time.sleep(3600)


def answer_no_json(_message, _raw):
    return {"result": object()}


def write_a_file(message, _raw):
    with Path(message["path"]).open("wb") as file:
        file.write(b"x")
    return {"written": True}


def pid(_message, _raw):
    return {"pid": os.getpid()}


def tie_a_knot(message, _raw):
    knot: list[object] = [bytearray(message["size_bytes"])]
    knot.append(knot)
    return {"pid": os.getpid()}


JOBS = {
    job.__name__: job
    for job in (
        told,
        surroundings,
        hang,
        spin,
        swallow_memory,
        crash,
        leave,
        stumble,
        print_garbage,
        answer_garbage,
        answer_no_json,
        write_a_file,
        tie_a_knot,
        pid,
    )
}
