"""Asks one address again and again over kept connections, from two threads."""

import http.client
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

CONNECTIONS = 2
TIMEOUT_S = 60


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and with which status it has to be answered."""

    path: str
    headers: Mapping[str, str]
    status: int = 200


class WrongAnswer(RuntimeError):
    """A question was not answered as it has to be."""


def ask(port: int, question: Question, *, times: int) -> int:
    """Ask so many times; return the length of an answer in bytes."""
    with ThreadPoolExecutor(CONNECTIONS) as threads:
        shares = [times // CONNECTIONS] * CONNECTIONS
        return max(threads.map(lambda share: _ask(port, question, times=share), shares))


def once(port: int, question: Question) -> http.client.HTTPResponse:
    """Ask once; return the answer, read."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
    line.request("GET", question.path, headers=dict(question.headers))
    answer = line.getresponse()
    answer.read()
    line.close()
    return answer


def _ask(port: int, question: Question, *, times: int) -> int:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
    length = 0
    for _ in range(times):
        line.request("GET", question.path, headers=dict(question.headers))
        answer = line.getresponse()
        length = len(answer.read())
        if answer.status != question.status:
            raise WrongAnswer(f"{question.path}: {answer.status}")
    line.close()
    return length
