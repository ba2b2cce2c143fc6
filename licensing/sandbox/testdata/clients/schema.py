"""Judges a GraphQL endpoint with graphql-core, another engine than the one behind it.

Usage: schema.py URL TOKEN

It asks for the whole schema by introspection, builds it, and compares what
both engines say of a list of documents: a document is either fine for both or
for neither. It prints what it saw.
"""

import json
import sys
import urllib.request

import graphql

try:  # graphql-core 3
    INTROSPECTION = graphql.get_introspection_query()
except AttributeError:  # graphql-core 2
    INTROSPECTION = graphql.introspection_query

DOCUMENTS = [
    "{ currentLicense { id type plan startsAt expiresAt lastSync usersInLicenseCount } }",
    "{ licenseHistoryEntries(first: 2) { nodes { id } edges { cursor node { plan } } pageInfo { hasNextPage endCursor } } }",
    "query($n: Int, $c: String) { subscriptionFutureEntries(first: $n, after: $c) { nodes { plan usersInLicenseCount } } }",
    "query A { ...F } fragment F on Query { currentUser { username state } metadata { version } }",
    "{ a: echo(text: \"x\") b: echo(text: \"y\") @skip(if: true) queryComplexity { score limit } __typename }",
    "mutation($code: String!) { gitlabSubscriptionActivate(input: {activationCode: $code}) { errors license { lastSync } } }",
    "{ currentLicense }",
    "{ currentLicense { plan { x } } }",
    "{ currentLicense { nothing } }",
    "{ echo }",
    "{ echo(text: 5) }",
    "{ echo(text: \"x\", more: 1) }",
    "{ licenseHistoryEntries(first: \"2\") { nodes { id } } }",
    "query($n: String) { licenseHistoryEntries(first: $n) { nodes { id } } }",
    "query($n: Int) { currentUser { name } }",
    "{ currentUser { ...F } }",
    "{ currentUser { name } } fragment F on UserCore { id }",
    "mutation { gitlabSubscriptionActivate(input: {}) { errors } }",
    "mutation { gitlabSubscriptionActivate(input: {activationCode: \"a\", b: 1}) { errors } }",
    "{ currentLicense { a: plan a: name } }",
    "{ currentUser { name } ",
    "{ }",
    "",
]


def ask(url, token, query, variables=None):
    request = urllib.request.Request(
        url + "/api/graphql",
        json.dumps({"query": query, "variables": variables or {}}).encode(),
        {"Authorization": "Bearer " + token, "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def fine_here(schema, query):
    try:
        return not graphql.validate(schema, graphql.parse(query))
    except Exception as refusal:  # the class differs between versions
        if type(refusal).__name__ != "GraphQLSyntaxError":
            raise
        return False


def fine_there(answer):
    return "data" in answer and answer["data"] is not None


def main(url, token):
    schema = graphql.build_client_schema(ask(url, token, INTROSPECTION)["data"])
    variables = {"n": 1, "c": None, "code": "wrong"}
    seen = {"types": len(schema.get_type_map() if hasattr(schema, "get_type_map") else schema.type_map), "documents": []}
    for query in DOCUMENTS:
        used = {k: v for k, v in variables.items() if "$" + k + ":" in query}
        answer = ask(url, token, query, used)
        seen["documents"].append({
            "query": query, "here": fine_here(schema, query), "there": fine_there(answer),
            "message": (answer.get("errors") or [{}])[0].get("message", ""),
        })
    print(json.dumps(seen))


main(sys.argv[1], sys.argv[2])
