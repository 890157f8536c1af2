import pytest

from tests.claims.cast import make_claim

pytestmark = pytest.mark.django_db

REFUSED = [
    ("limit=0", "limit"),
    ("limit=-1", "limit"),
    ("limit=201", "limit"),
    ("limit=" + "9" * 30, "limit"),
    ("limit=abc", "limit"),
    ("limit=%EF%BC%91", "limit"),
    ("limit=+5", "limit"),
    ("limit=1.0", "limit"),
    ("limit=", "limit"),
    ("cursor=garbage", "cursor"),
    ("cursor=" + "a" * 5_000, "cursor"),
    ("cursor=%F0%9F%98%80", "cursor"),
    ("cursor=a:b:c", "cursor"),
    ("offset=10", "offset"),
    ("page=2", "page"),
    ("ordering=password", "ordering"),
    ("statement__regex=(a%2B)%2B$", "statement__regex"),
    ("created_by__password__startswith=a", "created_by__password__startswith"),
    ("status__in=reported", "status__in"),
    ("search=" + "a" * 100_000, "search"),
    ("since=2030-01-01", "since"),
    ("status=Reported", "status"),
    ("status=reported,disputed", "status"),
    ("status=reported&status=disputed", "status"),
    ("status=", "status"),
    ("status=%ff", "status"),
    ("ground=nonsense", "ground"),
    ("basis=gone", "basis"),
    ("kind=opinion", "kind"),
    ("desk=nowhere", "desk"),
    ("article=AR-000000", "article"),
    ("article=ST-000000", "article"),
    ("%27%3B--=1", "';--"),
]


@pytest.mark.parametrize(("query", "field"), REFUSED, ids=[query[:40] for query, _ in REFUSED])
def test_bad_parameter_of_claims_is_400_naming_it(api, query, field):
    answer = api.get(f"claims/?{query}")
    assert answer.status_code == 400
    assert field in answer.json()["errors"]


@pytest.mark.parametrize(
    "query", ["after=-1", "after=x", "after=" + "9" * 40, "after=1e3", "limit=201"]
)
def test_bad_parameter_of_changes_is_400(api, query):
    answer = api.get(f"changes/?{query}")
    assert answer.status_code == 400
    assert query.partition("=")[0] in answer.json()["errors"]


@pytest.mark.parametrize(
    "query", ["kinds=", "kinds=nonsense", "kinds=withheld", "kinds=opened,,hidden"]
)
def test_unknown_kind_of_entry_is_400(api, query):
    assert api.get(f"changes/?{query}").status_code == 400


def test_refused_word_is_answered_with_the_words_there_are(api):
    (reason,) = api.get("claims/?status=true").json()["errors"]["status"]
    assert "reported, corroborated, disputed" in reason


def test_unknown_parameter_is_answered_with_those_there_are(api):
    (reason,) = api.get("claims/?updated_since=1").json()["errors"]["updated_since"]
    assert "status" in reason
    assert "cursor" in reason


def test_every_wrong_parameter_is_named_at_once(api):
    wrong = api.get("claims/?a=1&b=2&status=").json()["errors"]
    assert wrong.keys() == {"a", "b", "status"}


def test_what_is_echoed_is_cut(api):
    answer = api.get("claims/?" + "n" * 50_000 + "=1")
    assert len(answer.content) < 2_000


@pytest.mark.parametrize(
    "path",
    [
        "claims/%EF%BC%91/",
        "claims/-1/",
        "claims/1/",
        "claims/" + "1" * 40 + "/",
        "claims/ST-UUUUUU/",
        "claims/ST-0000000/",
        "claims/EV-000000/",
        "claims/ST%2D000000%0d%0aX/",
        "claims/%ff/",
        "sources/ST-000000/",
        "sources/SO-000000/watch/",
        "evidence/EV-000000/",
        "articles/x/",
        "reviews/RE-000000/",
        "claims/ST-000000/history/",
    ],
)
def test_path_that_names_nothing_is_404(api, path):
    answer = api.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


@pytest.mark.parametrize("path", ["claims/%00/", "claims/?status=%00", "changes/?after=%00"])
def test_nul_is_refused_before_any_door(api, path):
    assert api.get(path).status_code == 400


@pytest.mark.parametrize("word", ["api", "zzz", "json"])
def test_there_is_one_format(api, word):
    assert api.get(f"claims/?format={word}").status_code in {400, 404}


def test_cursor_of_another_list_is_refused(api, cast):
    for number in range(3):
        make_claim(cast, f"Claim {number}.")
    cursor = api.read("claims/?limit=1")["next"].partition("cursor=")[2].partition("&")[0]
    assert api.get(f"claims/?limit=1&cursor={cursor}").status_code == 200
    assert api.get(f"evidence/?limit=1&cursor={cursor}").status_code == 400


@pytest.mark.parametrize("path", ["claims/ST-000000/?x=1", "schema/?x=1", "?x=1"])
def test_addresses_without_parameters_take_none(api, path):
    assert api.get(path).status_code == 400
