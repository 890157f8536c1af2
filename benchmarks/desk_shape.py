"""What a claim of the measured record is like, by its number `n`, in SQL; alike at every size.

`claims` is how many there are: the last is new, the first six years old. Those of the last
`WORKED_ON` are what the desks still work on; what is older was decided long ago.
"""

# ruff: noqa: S608 - the statements are made of this file's own words

YEARS = 6
WORKED_ON = 100_000
BLOCK = 165
"""Claims of one desk in a row; the first five are under review, if the desk still works on them."""
SHARES = (60, 20, 12, 7, 1)
"""Of a hundred blocks, how many each desk has."""

IS_FRESH = f"n > %(claims)s - {WORKED_ON}"
IS_REVIEWED = f"(n % {BLOCK} < 5 AND {IS_FRESH})"
AT = f"(now() - interval '{YEARS} years' * ((%(claims)s - n)::float8 / %(claims)s))"
DECIDED_AT = f"({AT} + interval '1 hour' * (1 + n * 31 % 72))"
SUBJECTS = "'{The ministry,The council,The army,The bank,The agency,The union}'::text[]"
VERBS = "'{counted,lost,moved,bought,found,closed}'::text[]"
THINGS = "'{houses,soldiers,tonnes of grain,schools,vehicles,beds}'::text[]"
TOPICS = "'{war,elections,health,climate,economy,courts,migration,energy,science,sport}'::text[]"
# the claims of one review stand alike: otherwise the larger record's first page is of other causes
DIE = f"(CASE WHEN {IS_REVIEWED} THEN n / {BLOCK} ELSE n END * 7919 % 100)"
IS_DECIDED = f"({DECIDED_AT} <= now() AND NOT ({DIE} < 80 AND n % 4 = 0 AND {IS_FRESH}))"
STATUS = f"""CASE WHEN NOT {IS_DECIDED} OR {DIE} < 80 THEN 'reported'
    WHEN {DIE} < 95 THEN 'corroborated' ELSE 'disputed' END"""
GROUND = f"""CASE WHEN NOT {IS_DECIDED} THEN 'not_reviewed' WHEN {DIE} < 80 THEN 'single_origin'
    WHEN {DIE} < 95 THEN 'independent_origins' ELSE 'conflicting_accounts' END"""
IS_CLOSED = f"(n % 20 = 8 AND {IS_DECIDED} AND NOT {IS_REVIEWED})"
SYLLABLES = ",".join(first + second for first in "bdklmnrstv" for second in "aeio")
# six further words of sixty thousand, as often as their rank allows (Zipf): most are rare
WORDS = f"""(SELECT string_agg(s.y[1 + r % 40] || s.y[1 + r / 40 % 40] || s.y[1 + r / 1600], ' ')
    FROM (SELECT floor(exp(random() * 11))::int AS r
        FROM generate_series(1, (6 + n * 0)::int)) AS r,
        (SELECT '{{{SYLLABLES}}}'::text[] AS y) AS s)"""
STATEMENT = (
    f"({SUBJECTS})[1 + n % 6] || ' ' || ({VERBS})[1 + n / 6 % 6] || ' ' ||"
    f" to_char(2 + n * 7 % 90000, 'FM999,999') || ' ' || ({THINGS})[1 + n / 36 % 6] ||"
    f" ' in ' || {WORDS} || ', district ' || n"
)
CLAIM = {
    "id": "n",
    "statement": STATEMENT,
    "topic": f"CASE WHEN n % 5 < 3 THEN ({TOPICS})[1 + n * 7919 % 10] ELSE '' END",
    "desk_id": f"desks.ids[width_bucket((n / {BLOCK}) * 37 % 100, desks.edges)]",
    "visibility": "CASE WHEN n % 41 = 0 THEN 'restricted' WHEN n % 97 = 0 THEN 'embargoed'"
    " ELSE 'open' END",
    "created_at": AT,
    "status": STATUS,
    "ground": GROUND,
    "status_since_at": f"CASE WHEN {IS_DECIDED} THEN {DECIDED_AT} ELSE {AT} END",
    "decided_at": f"CASE WHEN {IS_DECIDED} THEN {DECIDED_AT} END",
    "independent_origins": "n % 3",
    "open_flags": f"({IS_REVIEWED})::int",
    "basis": f"CASE WHEN {IS_REVIEWED} THEN 'in_question' WHEN n % 200 = 7 THEN 'lost'"
    " ELSE 'holds' END",
    "basis_since_at": AT,
    "closed_at": f"CASE WHEN {IS_CLOSED} THEN {DECIDED_AT} END",
    "close_reason": f"CASE WHEN {IS_CLOSED} THEN 'overtaken' ELSE '' END",
}
DESKS = "(SELECT %(desks)s::bigint[] AS ids, %(edges)s::int[] AS edges) AS desks"
NUMBERS = "generate_series(%(first)s::bigint, %(last)s) AS n"
SPAN = "(SELECT id AS n, * FROM claims_claim WHERE id BETWEEN %(first)s AND %(last)s) AS c"
PEOPLE = "(SELECT array_agg(id ORDER BY id) AS ids FROM claims_user) AS p"
