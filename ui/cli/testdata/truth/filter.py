#!/usr/bin/env python3
"""Evaluates filters over the rows of a list, as its help describes them.

Usage: filter.py TODAY ROWS CASES

ROWS has one account a line, as JSON; CASES one [filter, [ids]] a line. Every
case whose ids are not those of the rows that the filter holds for is printed;
the exit code is 1 when there are any. TODAY is YYYY-MM-DD.
"""

import datetime
import json
import re
import sys

TERM = re.compile(r'(-?)(?:([a-z0-9-]+):)?((?:"[^"]*"|[^\s",]+)(?:,(?:"[^"]*"|[^\s",]+))*)(?:\s+|$)')
DAYS = re.compile(r"(<=|>=|<|>)([0-9]+)d$")
DATE = re.compile(r"(<=|>=|<|>|)([0-9]{4}(?:-[0-9]{2}){0,2})$")
COLUMNS = {"admin": "admin", "external": "external", "2fa": "two_factor", "billable": "billable"}


def compare(op, left, right):
    return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right, "": left == right}[op]


def day_holds(day, value, unknown, today):
    if not day:
        return value == unknown
    if value == unknown:
        return False
    days = DAYS.match(value)
    if days:
        return compare(days[1], (today - datetime.date.fromisoformat(day)).days, int(days[2]))
    op, date = DATE.match(value).groups()
    return compare(op, day[:len(date)], date)


def holds(row, key, value, today):
    if key is None:
        texts = [row["username"], row["name"], row["email"], str(row["id"])]
        return any(value in t.lower() for t in texts)
    if key == "state":
        return row["state"] == {"pending": "blocked_pending_approval"}.get(value, value)
    if key in COLUMNS:
        return row[COLUMNS[key]] == {"yes": True, "no": False, "unknown": None}[value]
    if key == "kind":
        return row["bot"] == (value == "bot")
    if key in ("recency", "why"):
        return row[key] == value
    if key == "idle":
        return day_holds(row["last_activity_on"] or row["last_sign_in_on"], value, "never", today)
    if key == "created":
        return day_holds(row["created_on"], value, "unknown", today)
    if key == "signed-in":
        return day_holds(row["last_sign_in_on"], value, "never", today)
    if key == "provider":
        return row["provider"].lower() == ("" if value == "none" else value)
    if key == "domain":
        _, at, domain = row["email"].rpartition("@")
        return domain.lower() == value if at else value == "none"
    if key == "id":
        return row["id"] == int(value)
    raise ValueError(key)


def terms(query):
    at = 0
    while at < len(query):
        m = TERM.match(query, at)
        if not m:
            raise ValueError(f"{query!r} at {at}")
        at = m.end()
        values = re.findall(r'"[^"]*"|[^",]+', m[3])
        yield m[1] == "-", m[2], [v.strip('"').lower() for v in values]


def main():
    today = datetime.date.fromisoformat(sys.argv[1])
    with open(sys.argv[2], encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    cases = wrong = 0
    with open(sys.argv[3], encoding="utf-8") as file:
        for line in file:
            query, got = json.loads(line)
            parsed = list(terms(query))
            want = [r["id"] for r in rows if all(
                any(holds(r, key, v, today) for v in values) != negated for negated, key, values in parsed)]
            cases += 1
            if got != want:
                wrong += 1
                print(f"{query}: {len(got)} accounts, want {len(want)}; not in both: {sorted(set(got) ^ set(want))[:8]}")
    print(f"{cases} filters over {len(rows)} accounts, {wrong} differences")
    sys.exit(1 if wrong or not cases else 0)


if __name__ == "__main__":
    main()
