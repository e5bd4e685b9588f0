#!/usr/bin/env python3
# This file is part of Azure Identity for Swift.
# Copyright (c) the Azure Identity for Swift authors.
# SPDX-License-Identifier: Apache-2.0
"""Times fresh processes that get a token which an earlier one left on disk, and prints Markdown tables.

Usage: disk.py PROGRAMS RUNS, where PROGRAMS is the folder with `driver`. Started by Benchmarks/run.
AZID_TEST_PYTHON: a python with azure-identity, measured beside the library, also for what 100,000 users cost in memory.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

# Milliseconds from the program's first line, by the number of tokens in the cache.
BUDGETS = {1: 10, 1000: 15}
PYTHON = os.environ.get("AZID_TEST_PYTHON")
PEERS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "python_peers.py")
USERS = 100_000


def run(command, environment=None, patience=120):
    start = time.monotonic_ns()
    outcome = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=patience, env=environment)
    if outcome.returncode != 0:
        raise SystemExit(f"{command}: exit status {outcome.returncode}\n{outcome.stderr}")
    return start, outcome.stdout


def shown(values):
    return f"{statistics.median(values):.2f} [{min(values):.2f}..{max(values):.2f}] n={len(values)}"


def main(programs, runs):
    driver = os.path.join(programs, "driver")
    print("| token from disk, ms, median [min..max] | tokens in the cache | from process start | from the program's first line | budget | |")
    print("| --- | --- | --- | --- | --- | --- |")
    for backend in ("plain", "encrypted"):
        for count, budget in BUDGETS.items():
            with tempfile.TemporaryDirectory(prefix="benchmarks-") as folder:
                os.chmod(folder, 0o700)
                run([driver, "disk-fill", folder, backend, str(count)])
                whole, inside = [], []
                for number in range(runs + 1):
                    start, text = run([driver, "disk", folder, backend])
                    answer = json.loads(text)
                    if answer["source"] != "disk":
                        raise SystemExit(f"the token came from {answer['source']}")
                    if number > 0:
                        whole.append((answer["tokenAtNs"] - start) / 1e6)
                        inside.append(answer["insideMs"])
            verdict = "met" if statistics.median(inside) <= budget else "**missed**"
            print(f"| {backend} file | {count} | {shown(whole)} | {shown(inside)} | {budget} ms | {verdict} |")


def python_disk(runs):
    print()
    print("| Python, sync, plain file, ms, median [min..max] | tokens in the cache | from process start | from the program's first line | after import |")
    print("| --- | --- | --- | --- | --- |")
    for count in BUDGETS:
        with tempfile.TemporaryDirectory(prefix="benchmarks-") as home:
            environment = {"HOME": home, "PATH": os.environ["PATH"]}
            run([PYTHON, PEERS, "disk-fill", str(count)], environment)
            whole, inside, after = [], [], []
            for number in range(runs + 1):
                start, text = run([PYTHON, PEERS, "disk"], environment)
                answer = json.loads(text)
                if number > 0:
                    whole.append((answer["tokenAtNs"] - start) / 1e6)
                    inside.append(answer["insideMs"])
                    after.append(answer["afterImportMs"])
        print(f"| azure-identity | {count} | {shown(whole)} | {shown(inside)} | {shown(after)} |")


def python_users():
    answer = json.loads(run([PYTHON, PEERS, "users", str(USERS)], patience=900)[1])
    print()
    print(f"Python, sync, on behalf of {USERS} users whose tokens, refresh tokens and accounts one cache keeps: "
          f"{answer['kibPerUser']:.1f} KiB a user, {shown(answer['lookupMs'])} ms a kept token.")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
    if PYTHON:
        python_disk(int(sys.argv[2]))
        python_users()
