"""How much of real articles the extraction keeps, and what it costs, with resiliparse beside it.

The measure is that of the article-extraction-benchmark: 4-token shingles, F1 of the mean precision
and the mean recall; and whether an article's sentences survive word for word. Both readers get the
same bytes; resiliparse must decode them too. Folds are of documents.
"""

import argparse
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from verifier.extract import extract

FILE = "extract_dev.jsonl"
DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
FOLDS = 5
ROUNDS = 7
SHINGLE = 4
SENTENCE_CHARS = 60
SENTENCES = 40
WORD = re.compile(r"\w+")
SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")

Read = Callable[[bytes, str], str]
"""A page's bytes and address in, its article out."""


@dataclass(frozen=True, slots=True)
class Article:
    url: str
    raw: bytes
    text: str


@dataclass(frozen=True, slots=True)
class Score:
    """Shingles of one page: shared, too many, too few; and its sentences, and how many survive."""

    shared: int
    added: int
    lost: int
    sentences: int
    surviving: int


def main() -> None:
    parser = argparse.ArgumentParser("python -m benchmarks extraction")
    parser.add_argument("--data", type=Path, default=DATA, help=f"the folder of {FILE}")
    path = parser.parse_args().data / FILE
    if not path.exists():
        print(f"No {FILE} in {path.parent}: give its folder with --data.")
        return
    articles = _articles(path)
    size = fmean(len(article.raw) for article in articles)
    print(f"{len(articles)} pages of {size / 1000:.0f} kB on average")
    print("| reader | F1 | by fold | sentences surviving | CPU ms a page | of 60-110 kB |")
    print("|---|---|---|---|---|---|")
    for name, read in _readers().items():
        print(_row(name, read, articles))


def _articles(path: Path) -> list[Article]:
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [Article(row["url"], row["html"].encode(), row["gold"]) for row in rows]


def _readers() -> dict[str, Read]:
    readers: dict[str, Read] = {"ours": lambda raw, url: extract(raw, url=url).text}
    try:
        from resiliparse.extract.html2text import extract_plain_text  # noqa: PLC0415 - may be absent
        from resiliparse.parse.html import HTMLTree  # noqa: PLC0415 - the same
    except ImportError:
        print("resiliparse is not installed: it is left out.")
        return readers

    def resiliparse(raw: bytes, _url: str) -> str:
        return str(extract_plain_text(HTMLTree.parse_from_bytes(raw), main_content=True))

    return readers | {"resiliparse": resiliparse}


def _row(name: str, read: Read, articles: Sequence[Article]) -> str:
    scores = [_score(article.text, read(article.raw, article.url)) for article in articles]
    folds = ", ".join(f"{_f1(scores[fold::FOLDS]):.3f}" for fold in range(FOLDS))
    kept, asked = sum(s.surviving for s in scores), sum(s.sentences for s in scores)
    costs = [_least_ms(read, article) for article in articles]
    middle = [
        ms
        for ms, article in zip(costs, articles, strict=True)
        if 60_000 <= len(article.raw) <= 110_000
    ]
    return (
        f"| {name} | {_f1(scores):.3f} | {folds} | {kept} of {asked} ({kept / asked:.1%})"
        f" | {fmean(costs):.2f} | {fmean(middle):.2f} |"
    )


def _least_ms(read: Read, article: Article) -> float:
    """Take the least of some rounds: whatever else runs on the machine only adds."""
    return min(_once_ms(read, article) for _ in range(ROUNDS))


def _once_ms(read: Read, article: Article) -> float:
    began = time.process_time()
    read(article.raw, article.url)
    return (time.process_time() - began) * 1000


def _score(wanted: str, given: str) -> Score:
    gold, found = _shingles(wanted), _shingles(given)
    sentences = [s for s in SENTENCE_END.split(wanted) if len(s) > SENTENCE_CHARS][:SENTENCES]
    flat = _words(given)
    return Score(
        shared=(gold & found).total(),
        added=(found - gold).total(),
        lost=(gold - found).total(),
        sentences=len(sentences),
        surviving=sum(_words(sentence) in flat for sentence in sentences),
    )


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = WORD.findall(text)
    last = max(1, len(words) - SHINGLE + 1)
    return Counter(tuple(words[at : at + SHINGLE]) for at in range(last) if words)


def _words(text: str) -> str:
    return " ".join(WORD.findall(text)).lower()


def _f1(scores: Sequence[Score]) -> float:
    precision = fmean(s.shared / (s.shared + s.added) for s in scores if s.shared + s.added)
    recall = fmean(s.shared / (s.shared + s.lost) for s in scores if s.shared + s.lost)
    return 2 * precision * recall / (precision + recall)


if __name__ == "__main__":
    main()
