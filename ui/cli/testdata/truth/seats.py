#!/usr/bin/env python3
"""Judges answers about seats by roles and memberships, and by nothing else.

Usage: seats.py DUMP ANSWERS

DUMP is a truth dump: a header, then every account with its state, kind and
memberships, one JSON object a line. ANSWERS is one JSON object: what a client
says of each account, of filters and of the whole. Every difference is printed
on a line of its own; the exit code is 1 when there are any.
"""

import collections
import json
import sys

BOTS = {
    "project_bot", "service_account", "support_bot", "alert_bot",
    "visual_review_bot", "migration_bot", "security_bot", "automation_bot",
    "security_policy_bot", "admin_bot", "suggested_reviewers_bot",
    "llm_bot", "duo_code_review_bot",
}
# What GitLab makes for itself and calls neither bot nor person.
INTERNAL = {"ghost", "placeholder", "import_user"}


def judge(account, ultimate, minimal_free):
    """Returns (billable, the rule that decides once memberships are read)."""
    roles = [m["access_level"] for m in account["memberships"] if not m["request"]]
    lifted = any(m["custom_role_occupies_seat"] for m in account["memberships"] if not m["request"])
    top = max(roles, default=0)
    if account["state"] != "active":
        return False, "inactive"
    if account["user_type"] in BOTS:
        return False, "bot"
    person = account["user_type"] not in INTERNAL
    if ultimate:
        if top > 10:
            return person, "ultimate-above-guest"
        if top == 10:
            return person and lifted, "custom-role-not-listed"
        if top == 5:
            return False, "ultimate-minimal"
        return False, "ultimate-no-membership"
    if minimal_free and top == 5:
        return False, "minimal-free"
    return person, "every-active"


def told(account, ultimate, minimal_free):
    """The rule that decides once the server told everybody's highest role."""
    billable, rule = judge(account, ultimate, minimal_free)
    roles = [m["access_level"] for m in account["memberships"] if not m["request"]]
    if rule == "custom-role-not-listed":
        return "ultimate-custom-guest" if billable else "ultimate-guest"
    if rule in ("ultimate-above-guest", "every-active") and not billable:
        return "internal"
    return rule


def listed(account, ultimate, minimal_free):
    """The rule that a list alone can name: it carries no roles."""
    if account["state"] != "active":
        return "inactive"
    if account["user_type"] in BOTS:
        return "bot"
    return "role-not-listed" if ultimate or minimal_free else "every-active"


def main():
    with open(sys.argv[1], encoding="utf-8") as dump:
        header = json.loads(next(dump))
        people = [json.loads(line) for line in dump]
    with open(sys.argv[2], encoding="utf-8") as file:
        said = json.load(file)
    ultimate = header["plan"] == "ultimate"
    version = tuple(int(n) for n in header["version"].split("-")[0].split(".")[:2])
    minimal_free = version >= (18, 9)
    problems = []

    def same(what, got, want):
        if got != want:
            problems.append(f"{what}: {got!r}, want {want!r}")

    truth = {}
    for p in people:
        truth[p["id"]] = (p, *judge(p, ultimate, minimal_free))
    same("ids", sorted(int(i) for i in said["accounts"]), sorted(truth))
    reasons = told_too = 0
    for key, answer in said["accounts"].items():
        p, billable, rule = truth[int(key)]
        same(f"billable of {key}", answer["billable"], billable)
        same(f"state of {key}", answer["state"], p["state"])
        same(f"rule of {key} from the list", answer["why"], listed(p, ultimate, minimal_free))
        roles = [m["access_level"] for m in p["memberships"] if not m["request"]]
        if "told" in answer:
            told_too += 1
            same(f"rule of {key} with its role", answer["told"], told(p, ultimate, minimal_free))
            same(f"role of {key}", answer["role"], max(roles, default=0))
        if "rule" in answer:
            reasons += 1
            same(f"rule of {key}", answer["rule"], rule)
            if answer["deciding"] is not None:
                same(f"deciding role of {key}", answer["deciding"], max(roles))

    def ids(test):
        return sorted(i for i, (p, billable, _) in truth.items() if test(p, billable))

    for query, want in {
        "billable:yes": lambda p, b: b,
        "billable:no": lambda p, b: not b,
        "kind:bot": lambda p, b: p["user_type"] in BOTS,
        "-kind:bot billable:no state:active": lambda p, b: p["user_type"] not in BOTS and not b and p["state"] == "active",
        "state:blocked,banned": lambda p, b: p["state"] in ("blocked", "banned"),
        "state:pending": lambda p, b: p["state"] == "blocked_pending_approval",
        "-state:active": lambda p, b: p["state"] != "active",
        "why:inactive": lambda p, b: p["state"] != "active",
        "why:bot": lambda p, b: p["state"] == "active" and p["user_type"] in BOTS,
    }.items():
        same(f"filter {query}", said["filters"].get(query), ids(want))

    b = said["breakdown"]
    states = collections.Counter(p["state"] for p in people)
    same("accounts", b["accounts"], len(people))
    same("billable", b["billable_users"], len(ids(lambda p, b: b)))
    for s in b["states"]:
        same(f"state {s['state']}", s["accounts"], states[s["state"]])
    same("bots", b["kinds"]["bots"], len(ids(lambda p, b: p["user_type"] in BOTS)))
    steps = {s["step"]: s["accounts"] for s in b["waterfall"]}
    same("step bot", steps["bot"], len(ids(lambda p, b: p["state"] == "active" and p["user_type"] in BOTS)))
    same("step role", steps["not_billable_by_role"], len(ids(lambda p, b: p["state"] == "active" and p["user_type"] not in BOTS and not b)))

    for line in problems:
        print(line)
    print(f"{len(people)} accounts, {reasons} reasons by memberships, {told_too} by roles, {len(problems)} differences")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
