"""Follow Stet's change feed: keep in SQLite how each claim stands, whatever is killed meanwhile.

    STET_TOKEN=stet_... STET_DESK=world python feed_consumer.py https://.../api/v1/ FILE [WAIT_S]

STET_DESK is the token's desk: it goes on being told of what is hidden from all others.
"""
# ruff: noqa: INP001, S608 - a program by itself; its columns are its own

import hashlib
import json
import os
import sqlite3
import sys
import time
from http import HTTPStatus
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

FIELDS = ("status", "ground", "basis", "kind", "statement", "visibility", "replaced_by", "desk")
API, FILE, WAIT_S = sys.argv[1], sys.argv[2], float((*sys.argv, "5")[3])
db = sqlite3.connect(FILE)
db.executescript(f"""
    PRAGMA secure_delete = ON; -- what is removed is not left in the file
    CREATE TABLE IF NOT EXISTS claims (reference PRIMARY KEY, {", ".join(FIELDS)});
    CREATE TABLE IF NOT EXISTS done (seq, kind, claim);
    CREATE TABLE IF NOT EXISTS place (one PRIMARY KEY, seq, hash, rights);
    INSERT OR IGNORE INTO place VALUES (1, 0, '{"00" * 32}', NULL);
""")


def ask(address: str, tag: str = "") -> tuple[Any, str]:
    """Return an answer and its ETag; None where it is still the one of that tag."""
    headers = {"Authorization": f"Bearer {os.environ['STET_TOKEN']}", "If-None-Match": tag}
    try:
        with urlopen(Request(address, headers=headers), timeout=60) as answer:  # noqa: S310 - ours
            return json.load(answer), answer.headers["ETag"]
    except HTTPError as refusal:
        if refusal.code == HTTPStatus.NOT_MODIFIED:
            return None, tag
        raise


def keep(claim: str, values: dict[str, Any]) -> None:
    """Have a claim stand as told, all of it."""
    row = [claim, *map(values.get, FIELDS)]
    db.execute(f"REPLACE INTO claims VALUES (?{', ?' * len(FIELDS)})", row)


def apply(entry: dict[str, Any]) -> None:
    """Do what an entry says. Effects of your own belong here, into the same database."""
    kind, claim, body = entry["kind"], entry.get("claim") or "", entry.get("body", {})
    db.execute("INSERT INTO done VALUES (?, ?, ?)", (entry["seq"], kind, claim))
    told = {
        name: value for name, value in body.get("sets", {}).get(claim, {}).items() if name in FIELDS
    }
    if "statement" in told:
        told["statement"] = entry["texts"].get(told["statement"], "[redacted]")
    if kind in {"claim_opened", "opened"}:
        keep(claim, told)
    for name, value in told.items():  # a claim that is not held stays so until it is opened
        db.execute(f"UPDATE claims SET {name} = ? WHERE reference = ?", (value, claim))
    if kind == "hidden":
        mine = os.environ.get("STET_DESK")
        db.execute("DELETE FROM claims WHERE reference = ? AND desk IS NOT ?", (claim, mine))


def read_anew() -> None:
    """Have all claims stand as they do now: others may be seen than before."""
    db.execute("DELETE FROM claims")
    address = f"{API}claims/?limit=200"
    while address:
        page, _ = ask(address)
        for claim in page["results"]:
            keep(claim["reference"], claim | {"basis": claim["basis"]["state"]})
        address = page["next"]


def take(page: dict[str, Any]) -> None:
    """Have the effects of a page, and the place behind it, in one transaction."""
    seq, head, rights = db.execute("SELECT seq, hash, rights FROM place").fetchone()
    with db:
        for entry in page["entries"]:
            apply(entry)
            head = hashlib.sha256(b"\1" + bytes.fromhex(head + entry["leaf"])).hexdigest()
            if head != entry["hash"]:
                sys.exit(f"Entry {entry['seq']} does not follow {seq}: this is another ledger.")
        if rights not in {None, page["rights"]}:
            read_anew()
        place = (page["next_after"], head, page["rights"], seq)
        db.execute("UPDATE place SET seq = ?, hash = ?, rights = ? WHERE seq = ?", place)


held = ""
while True:
    after = db.execute("SELECT seq FROM place").fetchone()[0]
    try:
        page, tag = ask(f"{API}changes/?after={after}&limit=200", held)
        if page:
            take(page)
        held = tag  # only now: a page that was not taken must come again
        is_waiting = not page or page["caught_up"]
    except (OSError, HTTPException) as trouble:
        sys.stderr.write(f"{trouble}\n")
        is_waiting = True
    if is_waiting:
        time.sleep(WAIT_S)
