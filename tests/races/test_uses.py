"""What was printed is recorded while others record it too, and while its claims fall."""

import pytest

from claims.errors import AlreadyExists
from claims.models import LedgerEntry, Use
from claims.queries.ledger import verify
from claims.services.corrections import answer_correction
from claims.services.uses import put_uses
from claims.states import CorrectionAnswer
from tests.claims.cast import make_cast, make_claim
from tests.claims.printed import corroborated, lower, make_article, printed
from tests.races.test_writers import at_once


@pytest.fixture
def cast(committed_db):
    return make_cast()


def item(claim, words="1,500 have arrived"):
    return {"claim": claim.reference, "words": words}


def test_two_recordings_at_once_leave_one_of_the_two_sets(cast):
    article = make_article(cast)
    claims = [make_claim(cast, f"Claim {n}.") for n in range(6)]
    sets = [claims[:4], claims[5:1:-1]]

    def put(number: int):
        return put_uses(
            cast.ada,
            article=article.reference,
            uses=[item(claim, f"set {number % 2}") for claim in sets[number % 2]],
        )

    results = at_once(put, 8)
    assert not [result for result in results if isinstance(result, Exception)]
    live = Use.objects.filter(article=article, ended_at=None)
    (words,) = set(live.values_list("words", flat=True))
    last = sets[int(words[-1])]
    assert set(live.values_list("claim", flat=True)) == {claim.pk for claim in last}
    rows = LedgerEntry.objects.order_by("seq")
    assert verify(rows).entries == rows.count()


def test_what_is_recorded_while_its_claim_falls_is_due_whoever_is_first(cast):
    claim = corroborated(cast)
    articles = [make_article(cast, title=f"Article {n}") for n in range(5)]
    seq = LedgerEntry.objects.latest("seq").seq
    uses = [{**item(claim), "relied_seq": seq}]

    def act(number: int):
        if number == 0:
            return lower(cast, claim)
        return put_uses(cast.ada, article=articles[number - 1].reference, uses=uses)

    results = at_once(act, 6)
    assert not [result for result in results if isinstance(result, Exception)]
    assert Use.objects.filter(due_since_at__isnull=False, answered_at=None).count() == 5


def test_of_many_answers_at_once_one_is_recorded(cast):
    claim = corroborated(cast)
    use = printed(cast, claim)
    lower(cast, claim)
    use.refresh_from_db()
    no = CorrectionAnswer.NOT_NEEDED

    def answer(number: int):
        return answer_correction(
            cast.cleo, use.reference, answer=no, note=f"Reason {number}.", seen=use.due_since_at
        )

    results = at_once(answer, 8)
    assert sum(isinstance(result, Use) for result in results) == 1
    assert sum(isinstance(result, AlreadyExists) for result in results) == 7
    assert LedgerEntry.objects.filter(kind="correction_answered").count() == 1
