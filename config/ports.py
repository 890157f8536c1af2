"""Ports of the loopback: whether one is taken, whether somebody answers on it."""

import http.client
import socket

LOOPBACK = "127.0.0.1"


def is_taken(port: int) -> bool:
    """Return whether that port cannot be had."""
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((LOOPBACK, port))
        except OSError:
            return True
    return False


def is_listening(port: int) -> bool:
    """Return whether somebody accepts connections there."""
    with socket.socket() as trial:
        trial.settimeout(5)
        return trial.connect_ex((LOOPBACK, port)) == 0


def answers_well(port: int, path: str) -> bool:
    """Return whether a GET there gives 200."""
    line = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
    try:
        line.request("GET", path)
        return line.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()
