"""Who follows the change feed: docs/feed_consumer.py as a process, what it holds, and writers."""

import random
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from django.db import connection, transaction

from claims.access import visible_to
from claims.errors import RecordError
from claims.models import ApiToken, Claim, Desk, LedgerEntry
from claims.services import reviews
from claims.services.claims import edit_claim, set_visibility
from claims.services.comments import comment
from claims.services.people import issue_token
from claims.states import FlagKind, Scope, Visibility
from claims.types import Actor
from tests.claims.cast import Cast, fresh
from tests.stack import ROOT
from tests.until import until

PROGRAM = ROOT / "docs" / "feed_consumer.py"
WAIT_S = 0.2
"""Five polls a second: what a token may ask in a minute is not reached."""
FIELDS = ("reference", "status", "ground", "basis", "kind", "statement", "visibility", "desk")
LOGGED = """
    CREATE TABLE held (seq, claim);
    CREATE TRIGGER each_commit AFTER UPDATE OF seq ON place BEGIN
        INSERT INTO held SELECT NEW.seq, reference FROM claims;
    END;
"""
"""Notes at each place what is held there, in the consumer's own transaction."""


class Consumer:
    """One process that follows, in the name of one of the cast, into a file of its own."""

    def __init__(self, folder: Path, cast: Cast, *, name: str, desk: Desk, url: str) -> None:
        self.cast, self.name = cast, name
        number = ApiToken.objects.filter(user=cast.users[name]).count()
        self.file = folder / f"{name}{number}.db"
        self.log = self.file.with_suffix(".log")
        self.url = f"{url}api/v1/"
        self.environment = {
            "STET_TOKEN": token_of(cast, name=name, desk=desk, called=self.file.name),
            "STET_DESK": desk.slug,
        }
        self.child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, str(PROGRAM), self.url, str(self.file), str(WAIT_S)]
        with self.log.open("ab") as log:
            self.child = subprocess.Popen(command, env=self.environment, stderr=log)

    def kill(self) -> None:
        """End it as `kill -9` does."""
        assert self.child
        self.child.kill()
        self.child.wait()

    def rows(self, query: str) -> list[tuple]:
        """Return what its file says; nothing while it has not made its tables."""
        with suppress(sqlite3.OperationalError):
            file = sqlite3.connect(f"file:{self.file}?mode=ro", uri=True)
            try:
                return file.execute(query).fetchall()
            finally:
                file.close()
        return []

    def place(self) -> int:
        """Return the seq up to which it has followed."""
        return next((seq for (seq,) in self.rows("SELECT seq FROM place")), 0)

    def note_what_is_held(self) -> None:
        """Have its file note what is held after every page, from now on."""
        until(lambda: self.rows("SELECT * FROM place"))
        with sqlite3.connect(self.file) as file:
            file.executescript(LOGGED)
        file.close()

    def catch_up(self) -> None:
        """Wait until it has followed to the end."""
        head = LedgerEntry.objects.count()
        assert self.child
        until(lambda: self.place() == head or self.child.poll() is not None, within_s=120)
        assert self.place() == head, self.log.read_text(encoding="utf-8")

    def assert_followed(self) -> None:
        """Assert that each entry had its effect once, in order, and that all of them are held."""
        self.catch_up()
        last = LedgerEntry.objects.order_by("seq").last()
        assert last
        effects = [seq for (seq,) in self.rows("SELECT seq FROM done ORDER BY rowid")]
        assert effects == list(range(1, last.seq + 1))
        assert self.rows("SELECT hash FROM place") == [(bytes(last.hash).hex(),)]
        self.assert_holds_what_may_be_seen()

    def assert_holds_what_may_be_seen(self) -> None:
        """Assert that it holds every claim that exists for its reader as it stands, and no other."""
        actor: Actor = getattr(self.cast, self.name)
        columns = [name if name != "desk" else "desk__slug" for name in FIELDS]
        seen = visible_to(actor).values_list(*columns)
        assert sorted(self.rows(f"SELECT {', '.join(FIELDS)} FROM claims")) == sorted(seen)

    def hidden_but_held(self) -> list[tuple[int, str]]:
        """Return where, by what it noted, it held a claim hidden from all but its desk."""
        places = sorted({seq for (seq,) in self.rows("SELECT seq FROM held")})
        held = set(self.rows("SELECT seq, claim FROM held"))
        words = LedgerEntry.objects.filter(kind__in=["hidden", "opened"]).order_by("-seq")
        wrong = []
        for reference in {claim for _, claim in held}:
            told = list(words.filter(claim_ref=reference).values_list("seq", "kind"))
            for place in places:
                last = next((kind for seq, kind in told if seq <= place), "opened")
                if last == "hidden" and (place, reference) in held:
                    wrong.append((place, reference))
        return wrong


def token_of(cast: Cast, *, name: str, desk: Desk, called: str) -> str:
    user, scopes = cast.users[name], (Scope.CLAIMS_READ,)
    actor = getattr(cast, name)
    _, secret = issue_token(actor, name=called, user=user, desk=desk, scopes=scopes, days=9)
    return secret


@contextmanager
def following(*consumers: Consumer) -> Iterator[None]:
    """Have them follow, and end in any case."""
    try:
        for consumer in consumers:
            consumer.start()
        yield
    finally:
        for consumer in consumers:
            if consumer.child:
                consumer.kill()


class Aborted(Exception):
    pass


Act = Callable[[Cast, Claim, str], object]


def tip(cast: Cast, claim: Claim, words: str) -> None:
    reviews.ask_for_review(cast.cleo, claim.pk, kind=FlagKind.TIP, detail=words)


def say(cast: Cast, claim: Claim, words: str) -> None:
    comment(cast.ada, claim.pk, text=words)


def reword(cast: Cast, claim: Claim, words: str) -> None:
    payload = {"claim": {"statement": f"Claim {words}."}}
    edit_claim(cast.ada, claim.pk, payload=payload, seen=fresh(claim).revision)


def hide_or_open(cast: Cast, claim: Claim, words: str) -> None:
    now = fresh(claim)
    is_open = now.visibility == Visibility.OPEN
    to = Visibility.RESTRICTED if is_open else Visibility.OPEN
    set_visibility(cast.cleo, claim.pk, to=to, seen=now.revision)


class Writers:
    """Threads that change claims at once; some transactions are slow, some of them end in nothing."""

    def __init__(self, cast: Cast, *, count: int, acts: Sequence[Act], seed: int) -> None:
        self.cast, self.count, self.acts, self.seed = cast, count, acts, seed
        self.claims = list(Claim.objects.order_by("pk"))
        self.aborted = 0
        self.is_enough = threading.Event()
        self.failures: list[Exception] = []

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Have them write until the block ends."""
        threads = [threading.Thread(target=self._write, args=[n]) for n in range(self.count)]
        try:
            for thread in threads:
                thread.start()
            yield
        finally:
            self.is_enough.set()
            for thread in threads:
                thread.join()
        assert not self.failures
        entries = LedgerEntry.objects.count()
        print(f"{entries} entries, {self.aborted} aborted")  # noqa: T201 - what the figures come from

    def _write(self, number: int) -> None:
        dice = random.Random(self.seed + number)  # noqa: S311 - chances, not secrets
        turn = 0
        try:
            while not self.is_enough.is_set():
                turn += 1
                with suppress(RecordError, Aborted):
                    self._one(dice, f"{number} {turn}")
        except Exception as failure:  # noqa: BLE001 - told by the test's own thread
            self.failures.append(failure)
        finally:
            connection.close()

    def _one(self, dice: random.Random, words: str) -> None:
        act, claim = dice.choice(self.acts), dice.choice(self.claims)
        fate = dice.random()
        with transaction.atomic():
            act(self.cast, claim, words)
            if fate < 0.3:  # the chain's lock is in its hands meanwhile
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_sleep(%s)", [dice.random() / 20])
            if fate < 0.15:
                self.aborted += 1
                raise Aborted
