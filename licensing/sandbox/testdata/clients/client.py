"""Walks through an instance with python-gitlab and prints what it saw.

Usage: client.py URL TOKEN USER_ID
"""

import json
import sys

import gitlab


def main(url, token, user_id):
    gl = gitlab.Gitlab(url, private_token=token, per_page=100)
    seen = {"client": "python-gitlab " + gitlab.__version__}
    gl.auth()
    seen["me"] = gl.user.username
    seen["version"] = gl.version()[0]

    seen["offset"] = [u.id for u in gl.users.list(get_all=True)]
    pages = gl.users.list(iterator=True)
    seen["total"], seen["pages"] = pages.total, pages.total_pages
    seen["keyset"] = [
        u.id
        for u in gl.users.list(
            iterator=True, pagination="keyset", order_by="id", sort="asc"
        )
    ]

    user = gl.users.get(user_id)
    seen["one"] = {"id": user.id, "username": user.username, "state": user.state}
    seen["block"] = user.block()
    seen["blocked"] = gl.users.get(user_id).state
    seen["unblock"] = user.unblock()
    seen["unblocked"] = gl.users.get(user_id).state

    license = gl.get_license()
    seen["license"] = {k: license[k] for k in ("plan", "user_limit", "active_users")}
    seen["statistics_users"] = gl.statistics.get().users

    settings = gl.settings.get()
    seen["setting_before"] = settings.version_check_enabled
    settings.version_check_enabled = not settings.version_check_enabled
    settings.save()
    seen["setting_after"] = gl.settings.get().version_check_enabled

    try:
        gitlab.Gitlab(url, private_token="glpat-wrong").auth()
        seen["refused"] = 200
    except gitlab.exceptions.GitlabAuthenticationError as refusal:
        seen["refused"] = refusal.response_code
    try:
        gl.users.get(2**31 - 1)
        seen["missing"] = 200
    except gitlab.exceptions.GitlabGetError as refusal:
        seen["missing"] = refusal.response_code
    print(json.dumps(seen))


main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
