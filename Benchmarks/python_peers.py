#!/usr/bin/env python3
# This file is part of Azure Identity for Swift.
# Copyright (c) the Azure Identity for Swift authors.
# SPDX-License-Identifier: Apache-2.0
"""What the Python library pays for what `disk.py` and the group `people` measure of this one. Needs no network: answers are canned.

Usage, with a python that has azure-identity:
    python_peers.py disk-fill COUNT    leaves so many tokens in a cache under $HOME
    python_peers.py disk               gets one of them, and prints when
    python_peers.py users COUNT        acts on behalf of so many users in one process, and prints what it costs
"""

import time

START = time.monotonic_ns()

import base64
import json
import os
import resource
import statistics
import sys

TENANT = "a0000000-0000-4000-8000-000000000001"
CLIENT = "c0000000-0000-4000-8000-000000000001"
SCOPE = "https://vault.azure.net/.default"
TOKEN = "t" * 1300


def encoded(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def user_answer(number):
    """What the token endpoint says on behalf of a user."""
    who = f"user-{number:06}"
    claims = {"aud": CLIENT, "iss": f"https://login.microsoftonline.com/{TENANT}/v2.0", "tid": TENANT, "oid": who, "sub": who,
              "preferred_username": f"{who}@contoso.example", "exp": int(time.time()) + 3600, "iat": int(time.time())}
    return {"token_type": "Bearer", "expires_in": 86399, "access_token": TOKEN, "refresh_token": "r" * 100, "scope": SCOPE,
            "id_token": f"{encoded({'alg': 'none'})}.{encoded(claims)}.", "client_info": encoded({"uid": who, "utid": TENANT})}


def canned(answer):
    """A transport that gives an answer to each request for a token."""
    import io
    import requests
    import urllib3
    from azure.core.pipeline.transport import RequestsTransport

    class Adapter(requests.adapters.BaseAdapter):
        def send(self, request, **_):
            body = json.dumps(answer(request)).encode()
            raw = urllib3.HTTPResponse(body=io.BytesIO(body), headers={"Content-Type": "application/json"}, status=200,
                                       preload_content=False)
            return requests.adapters.HTTPAdapter().build_response(request, raw)

        def close(self):
            pass

    session = requests.Session()
    session.mount("https://", Adapter())
    return RequestsTransport(session=session, session_owner=False)


def configuration():
    place = f"https://login.microsoftonline.com/{TENANT}"
    return {"token_endpoint": f"{place}/oauth2/v2.0/token", "authorization_endpoint": f"{place}/oauth2/v2.0/authorize",
            "issuer": f"{place}/v2.0"}


def secret_credential(answer):
    from azure.identity import ClientSecretCredential, TokenCachePersistenceOptions

    options = TokenCachePersistenceOptions(name="benchmark", allow_unencrypted_storage=True)
    return ClientSecretCredential(TENANT, CLIENT, "not-a-real-secret", cache_persistence_options=options,
                                  disable_instance_discovery=True, transport=canned(answer))


def fill(count):
    def answer(request):
        if "openid-configuration" in request.url:
            return configuration()
        return {"token_type": "Bearer", "expires_in": 86399, "access_token": TOKEN}

    credential = secret_credential(answer)
    credential.get_token(SCOPE)
    for path in (os.path.expanduser("~/.IdentityService/benchmark.nocae"),):
        with open(path) as file:
            cache = json.load(file)
        (key, entry), = cache["AccessToken"].items()
        for number in range(1, count):
            scope = f"https://s{number}.example/.default"
            cache["AccessToken"][key.replace(entry["target"].lower(), scope)] = dict(entry, target=scope)
        with open(path, "w") as file:
            json.dump(cache, file)


def disk():
    import azure.identity

    loaded = time.monotonic_ns()

    def answer(request):
        if "openid-configuration" in request.url:
            return configuration()
        raise SystemExit("a token was asked for over the network")

    token = secret_credential(answer).get_token(SCOPE)
    end = time.monotonic_ns()
    assert token.token == TOKEN
    print(json.dumps({"insideMs": (end - START) / 1e6, "afterImportMs": (end - loaded) / 1e6, "tokenAtNs": end}))


def users(count):
    import msal
    from azure.identity import OnBehalfOfCredential

    endpoint = configuration()["token_endpoint"]
    cache = msal.TokenCache()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for number in range(count):
        cache.add({"client_id": CLIENT, "scope": [SCOPE], "token_endpoint": endpoint, "grant_type":
                   "urn:ietf:params:oauth:grant-type:jwt-bearer", "response": user_answer(number)})
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before

    def answer(request):
        return configuration() if "openid-configuration" in request.url else user_answer(count // 2)

    credential = OnBehalfOfCredential(TENANT, CLIENT, client_secret="not-a-real-secret", user_assertion="an-assertion",
                                      disable_instance_discovery=True, transport=canned(answer), _cache=cache)
    credential.get_token(SCOPE)
    samples = []
    for _ in range(5):
        start = time.perf_counter_ns()
        credential.get_token(SCOPE)
        samples.append((time.perf_counter_ns() - start) / 1e6)
    print(json.dumps({"kibPerUser": memory / count, "lookupMs": samples, "medianMs": statistics.median(samples)}))


if __name__ == "__main__":
    if sys.argv[1:2] == ["disk-fill"]:
        fill(int(sys.argv[2]))
    elif sys.argv[1:] == ["disk"]:
        disk()
    elif sys.argv[1:2] == ["users"]:
        users(int(sys.argv[2]))
    else:
        raise SystemExit(__doc__)
