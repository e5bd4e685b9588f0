#!/usr/bin/env python3
# This file is part of Azure Identity for Swift.
# Copyright (c) the Azure Identity for Swift authors.
# SPDX-License-Identifier: Apache-2.0
"""Times what a developer's machine gives whole processes, with a stand-in for `az` that takes 0.3 s, and prints Markdown tables.

Usage: tools.py PROGRAMS RUNS, where PROGRAMS is the folder with `driver`. Started by Benchmarks/run.

Nothing here can reach a metadata service: chains run in a network of their own, in which packets to its address are dropped.
"""

import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from hosts import NOT_A_PLACE, NoPlace, black_hole
from whole_process import neutral_environment

CALLERS = 50
# In seconds: who takes longer isn't waited for. The Python clients read for 300 s.
PATIENCE = 20

STAND_IN = """#!/bin/sh
echo run >>"${0%/*}/runs"
/bin/sleep 0.3
expiry=$(($(/bin/date +%s) + 86400))
printf '{"accessToken":"a-token","expires_on":%s,"expiresOn":"%s","tokenType":"Bearer"}\\n' \\
    "$expiry" "$(/bin/date -d "@$expiry" '+%Y-%m-%d %H:%M:%S.000000')"
"""

# Runs a program that finds the metadata service at a socket which accepts connections and never answers.
SILENCE = """
import os, socket, subprocess, sys
listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
os.environ["AZURE_POD_IDENTITY_AUTHORITY_HOST"] = f"http://127.0.0.1:{listener.getsockname()[1]}"
sys.exit(subprocess.call(sys.argv[1:]))
"""

# What a Python client does in a fresh process: kind (`sync` or `aio`), what is asked, callers at once, calls afterwards.
PYTHON_PEER = r"""
import time
start = time.monotonic_ns()
import json, sys
kind, name, callers, calls = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
scope = "https://vault.azure.net/.default"
type_name = "AzureCliCredential" if name == "azure-cli" else "DefaultAzureCredential"
result = {"hasToken": True, "nextNs": None}

def note(asked):
    end = time.monotonic_ns()
    result.update(insideSeconds=(end - start) / 1e9, callSeconds=(end - asked) / 1e9)

if kind == "sync":
    import azure.identity, concurrent.futures
    asked = time.monotonic_ns()
    credential = getattr(azure.identity, type_name)()
    try:
        if callers == 1:
            credential.get_token(scope)
        else:
            with concurrent.futures.ThreadPoolExecutor(callers) as pool:
                list(pool.map(lambda _: credential.get_token(scope), range(callers)))
    except azure.core.exceptions.ClientAuthenticationError:
        result["hasToken"] = False
    note(asked)
    if calls and result["hasToken"]:
        begin = time.monotonic_ns()
        for _ in range(calls):
            credential.get_token(scope)
        result["nextNs"] = (time.monotonic_ns() - begin) / calls
else:
    import asyncio
    import azure.identity.aio
    async def main():
        asked = time.monotonic_ns()
        async with getattr(azure.identity.aio, type_name)() as credential:
            try:
                await asyncio.gather(*(credential.get_token(scope) for _ in range(callers)))
            except azure.core.exceptions.ClientAuthenticationError:
                result["hasToken"] = False
            note(asked)
            if calls and result["hasToken"]:
                begin = time.monotonic_ns()
                for _ in range(calls):
                    await credential.get_token(scope)
                result["nextNs"] = (time.monotonic_ns() - begin) / calls
    asyncio.run(main())
print(json.dumps(result))
"""


class Client:
    """A program that asks: the library's, or one of the Python clients."""

    def __init__(self, title, command, calls):
        self.title, self.command, self.calls = title, command, calls


class Place:
    """Where programs run: a folder that is all of their PATH, and a command before theirs with the variables that it needs."""

    def __init__(self, folder, prefix=(), outer=None):
        self.folder, self.prefix, self.outer = folder, list(prefix), outer or {}

    def run(self, command):
        """What the program prints, as JSON, with how many runs of the tool it took."""
        log = os.path.join(self.folder, "runs")
        if os.path.exists(log):
            os.remove(log)
        # The variables are set behind the prefix, which has to find its own programs.
        whole = [*self.prefix, "/usr/bin/env", f"PATH={self.folder}", f"HOME={self.folder}", *command]
        environment = dict(neutral_environment(), **self.outer)
        outcome = subprocess.Popen(
            whole, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            start_new_session=True,
        )
        try:
            output, errors = outcome.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(outcome.pid, signal.SIGKILL)
            outcome.communicate()
            raise
        text = errors.strip()
        if self.prefix and (outcome.returncode == NOT_A_PLACE or text.startswith("unshare:")):
            raise NoPlace(text.splitlines()[-1] if text else "no network of its own can be made")
        if outcome.returncode != 0:
            raise SystemExit(f"{' '.join(command)}: exit status {outcome.returncode}\n{text}")
        result = json.loads(output)
        result["runs"] = 0
        if os.path.exists(log):
            with open(log, encoding="ascii") as lines:
                result["runs"] = len(lines.readlines())
        return result


class Figure:
    """A row: what is asked, where, and which of the results counts. A key of `None`: a token, or none, is all that is expected."""

    def __init__(self, title, place, name, key, *, callers=1, has_calls=False, has_token=True, budget=None, unit="s", scale=1, runs=5):
        self.title, self.place, self.name, self.key, self.callers = title, place, name, key, callers
        self.has_calls, self.has_token, self.budget, self.unit, self.scale = has_calls, has_token, budget, unit, scale
        self.runs = runs

    def samples(self, client):
        values = []
        # Only the library is told that the machine isn't in Azure: the Python clients look at no files.
        name = self.name if client.title == "Swift" or self.name == "azure-cli" else "default"
        for number in range(self.runs + 1):
            calls = str(client.calls if self.has_calls else 0)
            result = self.place.run([*client.command, name, str(self.callers), calls])
            if result["hasToken"] != self.has_token:
                raise SystemExit(f"{client.title}: {self.title}: token: {result['hasToken']}")
            if number > 0:  # The first one doesn't count.
                values.append(result[self.key] * self.scale)
        return values


def figures(tools, nothing, runs):
    """All rows."""
    try:
        prefix, outer = black_hole()
    except NoPlace as reason:
        prefix, outer = None, str(reason)

    def dropped(folder):
        return outer if prefix is None else Place(folder, prefix, outer)

    def silent(folder):
        return outer if prefix is None else Place(folder, [*prefix, sys.executable, "-c", SILENCE], outer)

    az = Place(tools)
    storm = f"az, {CALLERS} callers at once, cold"
    return [
        Figure("az: program's first line → token", az, "azure-cli", "insideSeconds", runs=runs),
        Figure("… the call alone, credential made", az, "azure-cli", "callSeconds", runs=runs),
        Figure("… each further call", az, "azure-cli", "nextNs", has_calls=True, budget=0.25, unit="µs", scale=1e-3),
        Figure(f"{storm}: processes", az, "azure-cli", "runs", callers=CALLERS, budget=1, unit=""),
        Figure("… until the last has its token", az, "azure-cli", "callSeconds", callers=CALLERS),
        Figure(
            "default chain, az, the metadata service never answers: token", silent(tools), "default", "callSeconds", budget=1.4
        ),
        Figure(
            "default chain, az, packets to the metadata service are dropped: token", dropped(tools), "default", "callSeconds", budget=1.4
        ),
        Figure(
            "… and the machine's files say that it isn't in Azure", dropped(tools), "default-elsewhere", "callSeconds", budget=0.35
        ),
        Figure(
            "default chain, nothing installed, the metadata service never answers: error", silent(nothing), "default",
            "callSeconds", has_token=False, budget=1.0,
        ),
        Figure(
            "default chain, nothing installed, packets are dropped: error", dropped(nothing), "default", "callSeconds",
            has_token=False, budget=1.0,
        ),
    ]


def text(number):
    return f"{number:.0f}" if number >= 100 or number == int(number) else f"{number:.3f}"


def print_table(clients, rows):
    """Measures row by row, all clients in turn."""
    print("| median [min..max] | " + " | ".join(client.title for client in clients) + " | budget | |")
    print("| --- " * (len(clients) + 3) + "|")
    for row in rows:
        cells, own = [], None
        for client in clients:
            try:
                if isinstance(row.place, str):
                    raise NoPlace(row.place)
                values = row.samples(client)
            except NoPlace as reason:
                cells.append(f"not measured here: {reason}")
                continue
            except subprocess.TimeoutExpired:
                cells.append(f"more than {PATIENCE} s")
                continue
            middle = statistics.median(values)
            own = middle if own is None and client is clients[0] else own
            unit = f" {row.unit}" if row.unit else ""
            cells.append(f"{text(middle)} [{text(min(values))}..{text(max(values))}]{unit} n={len(values)}")
        budget = "–" if row.budget is None else f"{row.budget} {row.unit}".strip()
        # The library comes first; without a figure of its own there is no verdict.
        verdict = "" if own is None or row.budget is None else "met" if own <= row.budget else "**missed**"
        print(f"| {row.title} | {' | '.join(cells)} | {budget} | {verdict} |", flush=True)


def main():
    programs, runs = sys.argv[1], int(sys.argv[2])
    with tempfile.TemporaryDirectory(prefix="benchmarks-") as folder:
        tools, nothing = os.path.join(folder, "tools"), os.path.join(folder, "nothing")
        os.mkdir(tools)
        # Where no file of the account is to be seen, the library keeps no token: another sign-in wouldn't be noticed.
        os.mkdir(os.path.join(tools, ".azure"))
        with open(os.path.join(tools, ".azure", "azureProfile.json"), "w") as profile:
            profile.write("{}")
        os.mkdir(nothing)
        with open(os.path.join(tools, "az"), "w", encoding="ascii") as file:
            file.write(STAND_IN)
        os.chmod(os.path.join(tools, "az"), 0o700)
        clients = [Client("Swift", [os.path.join(programs, "driver")], 100_000)]
        python = os.environ.get("AZID_TEST_PYTHON")
        if python:
            script = os.path.join(folder, "peer.py")
            with open(script, "w", encoding="utf-8") as file:
                file.write(PYTHON_PEER)
            clients += [Client(f"Python, {kind}", [python, script, kind], 3) for kind in ("sync", "aio")]
        print_table(clients, figures(tools, nothing, runs))


if __name__ == "__main__":
    main()
