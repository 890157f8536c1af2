"""Read the newest runs of looks at several sources, each by its index, in one statement."""

from collections.abc import Iterable, Mapping, Sequence

from claims.models import Observation

MOST_RUNS = 20
"""Finished runs read of each source."""
_NEWEST = """
SELECT o.* FROM unnest(%s::bigint[]) AS s (id) CROSS JOIN LATERAL (
    SELECT * FROM claims_observation WHERE source_id = s.id ORDER BY id DESC LIMIT %s
) o ORDER BY o.source_id, o.id
"""


def newest_runs(source_ids: Iterable[int]) -> Mapping[int, Sequence[Observation]]:
    """Return the newest finished runs by source id, oldest first, at most `MOST_RUNS` of each."""
    found: dict[int, list[Observation]] = {}
    for row in Observation.objects.raw(_NEWEST, [sorted(set(source_ids)), MOST_RUNS]):
        found.setdefault(row.source_id, []).append(row)
    return found
