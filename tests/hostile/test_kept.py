"""What came of a broken page is kept; large pages are not all held; secrets are not echoed."""

import pytest

from claims.models import Watch
from tests.claims.cast import make_claim
from tests.hostile.answers import OK, ROUTES, whole
from tests.hostile.test_children import kept
from tests.hostile.test_memory import MOST_MIB, growth_mib
from tests.hostile.test_urls import put_in
from tests.hostile.watched import link, look, rest


@pytest.mark.catalogue(28, 37, 40)
@pytest.mark.parametrize("path", ["/reset-in-body", "/too-short", "/brotli"])
def test_what_came_of_a_broken_page_is_kept_and_named(desk, server, means, tmp_path, path):
    rest(desk, server)
    server.routes["/page"] = ROUTES[path]
    look(means)
    (body,) = kept(tmp_path)
    assert body
    assert "Raw bytes kept" in Watch.objects.get().run_detail


@pytest.mark.catalogue(35, 47)
def test_many_pages_just_under_the_limit_are_not_all_held_at_once(desk, server, tmp_path):
    head = OK.replace(b"text/html; charset=UTF-8", b"application/octet-stream")
    big = {f"/big-{n}": whole(b"%d" % n + bytes(9_000_000), head=head) for n in range(14)}
    server.routes |= big
    link(desk, map(server.url, ["/fine", *big]), allow=server.allow)
    grown = growth_mib("-m", "tests.hostile.worker", server.authority, str(tmp_path))
    assert grown < MOST_MIB


@pytest.mark.catalogue(6)
def test_a_secret_is_not_echoed_in_the_form(cast):
    answer = put_in(cast, make_claim(cast), "http://u:hunter2@a.example/")
    assert "hunter2" not in answer.content.decode()
