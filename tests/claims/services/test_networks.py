import pytest

from claims.errors import InvalidInput
from claims.services.networks import MOST_NETWORKS, networks_of


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (["192.0.2.0/24"], ["192.0.2.0/24"]),
        (["192.0.2.7"], ["192.0.2.7/32"]),
        (["2001:DB8::/32", "2001:db8::1"], ["2001:db8::/32", "2001:db8::1/128"]),
        (["192.0.2.0/255.255.255.0", "192.0.2.0/24"], ["192.0.2.0/24"]),
        ([], []),
    ],
)
def test_networks_are_kept_in_one_spelling_each_once(given, kept):
    assert networks_of(given) == kept


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("here", "no network"),
        ("192.0.2.0/33", "no network"),
        ("192.0.2.7/24", "192.0.2.0/24"),
        ("fe80::1%eth0", "no network"),
        ("１92.0.2.0/24", "no network"),
        ("", "no network"),
        ("9" * 10_000, "no network"),
    ],
)
def test_what_is_no_network_is_refused_with_a_hint(given, reason):
    with pytest.raises(InvalidInput, match=reason) as refused:
        networks_of([given])
    assert refused.value.field == "networks"
    assert len(str(refused.value)) < 200


def test_too_many_networks_are_refused():
    with pytest.raises(InvalidInput, match="more than"):
        networks_of(f"10.0.0.{number}" for number in range(MOST_NETWORKS + 1))
