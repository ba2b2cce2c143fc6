#!/usr/bin/env python3
"""Counts billable users from roles and memberships, and from nothing else.

It reads a truth dump (one JSON object a line: a header, then every account
with its state, kind and memberships) and applies the published seat rules by
plan and version. Flags and counters of an instance are never read, so that
what an instance or a client says can be judged by it.

Usage: counts.py [--json] [--plan PLAN] [--version X.Y.Z] [FILE ...]

Each FILE is a dump of its own and gives an answer of its own, with --json one
object a line. Without FILE a dump is read from standard input. --plan and
--version override the header. An account that the rules do not know is an
error.
"""

import argparse
import collections
import json
import re
import sys

MINIMAL_ACCESS = 5
GUEST = 10

STATES = {
    "active", "blocked", "ldap_blocked", "deactivated",
    "blocked_pending_approval", "banned",
}

# Kinds of account that never need a seat: bots that belong to a project or a
# group, service accounts, and what GitLab makes for itself.
SEATLESS_KINDS = {
    "project_bot", "service_account", "ghost", "support_bot", "alert_bot",
    "visual_review_bot", "migration_bot", "security_bot", "automation_bot",
    "security_policy_bot", "admin_bot", "suggested_reviewers_bot",
    "llm_bot", "duo_code_review_bot", "placeholder", "import_user",
}
PERSON = "human"


def parse_version(text):
    match = re.match(r"(\d+)\.(\d+)", text)
    if not match:
        raise ValueError(f"{text!r} is not a version")
    return int(match[1]), int(match[2])


def needs_seat_on_ultimate(roles):
    """A role above Guest, or a Guest whose custom role occupies a seat."""
    return any(
        role["access_level"] > GUEST
        or role["access_level"] == GUEST and role["custom_role_occupies_seat"]
        for role in roles
    )


def needs_seat_elsewhere(roles, version):
    """Everybody, but for Minimal Access at most since 18.9."""
    if version < (18, 9) or not roles:
        return True
    return max(role["access_level"] for role in roles) != MINIMAL_ACCESS


def is_billable(account, plan, version):
    if account["state"] != "active" or account["user_type"] != PERSON:
        return False
    roles = [m for m in account["memberships"] if not m["request"]]
    if plan == "ultimate":
        return needs_seat_on_ultimate(roles)
    return needs_seat_elsewhere(roles, version)


def check(account):
    if account["state"] not in STATES:
        raise ValueError(f"account {account['id']}: unknown state {account['state']!r}")
    if account["user_type"] != PERSON and account["user_type"] not in SEATLESS_KINDS:
        raise ValueError(f"account {account['id']}: unknown kind {account['user_type']!r}")


def count(lines, plan=None, version=None):
    header = json.loads(next(lines))
    if "plan" not in header or "version" not in header:
        raise ValueError("the first line is no header of a dump")
    plan = plan or header["plan"]
    version = version or header["version"]
    known = parse_version(version)
    states, kinds, billable, people, seen = (
        collections.Counter(), collections.Counter(), [], 0, set())
    for line in lines:
        account = json.loads(line)
        check(account)
        if account["id"] in seen:
            raise ValueError(f"account {account['id']} comes twice")
        seen.add(account["id"])
        states[account["state"]] += 1
        kinds[account["user_type"]] += 1
        people += account["user_type"] == PERSON
        if is_billable(account, plan, known):
            billable.append(account["id"])
    if "accounts" in header and header["accounts"] != len(seen):
        raise ValueError(f"the header tells of {header['accounts']} accounts, the dump has {len(seen)}")
    return {
        "plan": plan, "version": version, "licensed": plan != "free",
        "accounts": len(seen), "people": people,
        "states": dict(sorted(states.items())), "kinds": dict(sorted(kinds.items())),
        "billable": len(billable), "billable_ids": billable,
    }


def show(result, as_json):
    if as_json:
        print(json.dumps(result))
        return
    print(f"{result['accounts']} accounts on {result['plan']} {result['version']}")
    for state, n in result["states"].items():
        print(f"  {state:26}{n:8}")
    print(f"billable{'':20}{result['billable']:8}")


def main():
    parser = argparse.ArgumentParser(description="Count billable users from a truth dump.")
    parser.add_argument("--json", action="store_true", help="print one JSON object a dump")
    parser.add_argument("--plan", choices=["free", "starter", "premium", "ultimate"])
    parser.add_argument("--version", help="such as 18.9.0")
    parser.add_argument("files", nargs="*", metavar="FILE", help="dumps; standard input when there is none")
    args = parser.parse_args()
    for name in args.files or [None]:
        try:
            with open(name, encoding="utf-8") if name else sys.stdin as lines:
                show(count(iter(lines), args.plan, args.version), args.json)
        except (OSError, ValueError, KeyError, StopIteration) as problem:
            sys.exit(f"counts.py: {name or 'standard input'}: {type(problem).__name__}: {problem}")


if __name__ == "__main__":
    main()
