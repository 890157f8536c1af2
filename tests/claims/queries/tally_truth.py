"""Hold every panel of the board against plain SQL, for one reader and one choice of filters."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from claims.queries.panel_times import Spread
from claims.queries.panels import BoardFilters
from claims.queries.panels_articles import articles_at_risk
from claims.queries.panels_flow import (
    in_and_out,
    reversals,
    time_from_flag_to_end,
    time_to_first_decision,
)
from claims.queries.panels_now import disputed_now, status_now, waiting_for_sign_off
from claims.queries.panels_sources import sources_changed
from claims.queries.panels_waiting import backlog, late
from claims.types import Actor
from tests.claims.queries.tally_oracle import Oracle, nearest


def assert_board_is_true(actor: Actor, filters: BoardFilters, now: datetime) -> None:
    by_sql = Oracle(actor, filters, now)
    asked: dict[str, Any] = {"filters": filters, "now": now}
    assert_now(actor, filters, by_sql)
    assert_waiting(actor, asked, by_sql)
    assert_flow(actor, asked, by_sql)
    days = filters.days or 14
    at_risk = articles_at_risk(actor, **asked)
    risks = by_sql.at_risk(days=days)
    found = {
        row.article.reference: (row.disputed, row.lost, row.in_question) for row in at_risk.articles
    }
    assert at_risk.count == len(risks)
    assert found.items() <= risks.items()
    weights = [3 * three + 2 * two + one for three, two, one in found.values()]
    assert weights == sorted((3 * a + 2 * b + c for a, b, c in risks.values()), reverse=True)[:10]


def assert_now(actor: Actor, filters: BoardFilters, by_sql: Oracle) -> None:
    now = status_now(actor, filters=filters)
    assert now.reported == by_sql.standing("status = 'reported'")
    assert now.not_yet_reviewed == by_sql.standing("decided_at IS NULL")
    assert now.corroborated_holding == by_sql.standing(
        "status = 'corroborated' AND basis = 'holds'"
    )
    assert now.corroborated_in_question == by_sql.standing(
        "status = 'corroborated' AND basis = 'in_question'"
    )
    assert now.corroborated_lost == by_sql.standing("status = 'corroborated' AND basis = 'lost'")
    assert now.disputed == by_sql.standing("status = 'disputed'")
    assert now.overrides == by_sql.standing("ground = 'editor_override'")
    assert now.total == by_sql.standing("true")
    disputed = disputed_now(actor, filters=filters, now=by_sql.now)
    assert disputed.count == by_sql.standing("status = 'disputed'")
    assert disputed.change == by_sql.disputed_change()
    assert [row.claim.reference for row in disputed.newest] == by_sql.newest_disputed()
    sources = sources_changed(actor, filters=filters)
    assert sources.count == len(by_sql.changed_sources())
    assert {row.source.reference for row in sources.sources} <= by_sql.changed_sources()
    assert sources.flagged_claims == by_sql.standing("open_flags > 0")
    sign_offs = waiting_for_sign_off(actor, filters=filters)
    assert sign_offs.count == by_sql.one("SELECT count(proposal) FROM seen")
    assert len(sign_offs.oldest) == min(5, sign_offs.count)


def assert_waiting(actor: Actor, asked: dict[str, Any], by_sql: Oracle) -> None:
    waiting = backlog(actor, **asked)
    assert waiting.total == by_sql.one("SELECT count(*) FROM waiting")
    for age in waiting.ages:
        for reason in ("new", "flagged", "other"):
            counted = by_sql.open_by(reason, at_least=age.at_least, below=age.below)
            assert getattr(age, reason) == counted, (age, reason)
    over = late(actor, **asked)
    for row in over.priorities:
        assert (row.open, row.late) == by_sql.late(row.priority, row.target)
    assert len(over.oldest) == min(5, over.late)


def assert_flow(actor: Actor, asked: dict[str, Any], by_sql: Oracle) -> None:
    flow = in_and_out(actor, **asked)
    desk = asked["filters"].desk or next((desk for desk, _ in actor.roles), "")
    zone = ZoneInfo("Asia/Kathmandu" if desk == "sport" else "UTC")
    for row in flow.days:
        since = datetime(row.day.year, row.day.month, row.day.day, tzinfo=zone)
        moved = by_sql.moved(since=since, until=since + timedelta(days=1))
        assert (row.entered, row.left) == moved, row.day
    assert flow.open == by_sql.one("SELECT count(*) FROM waiting")
    took_back = reversals(actor, **asked)
    assert (took_back.count, took_back.changes) == by_sql.reversals()
    assert bool(took_back.newest) == bool(took_back.count)
    for panel, table in ((time_to_first_decision, "firsts"), (time_from_flag_to_end, "flagged")):
        pace = panel(actor, **asked)
        for weeks_ago, spread in enumerate((pace.now, pace.before)):
            assert_spread(spread, by_sql.took(table, weeks_ago=weeks_ago))


def assert_spread(spread: Spread, took: list[timedelta]) -> None:
    assert spread.count == len(took)
    for kept, share in ((spread.median, 0.5), (spread.p90, 0.9)):
        exact = nearest(took, share)
        if exact is None or kept is None:
            assert exact is kept is None
        else:
            exact = max(exact, timedelta(minutes=1))
            assert exact * 0.999999 <= kept <= exact * 1.250001
