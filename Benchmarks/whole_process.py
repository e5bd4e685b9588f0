#!/usr/bin/env python3
# This file is part of Azure Identity for Swift.
# Copyright (c) the Azure Identity for Swift authors.
# SPDX-License-Identifier: Apache-2.0
"""Times whole processes that get one token from the emulator over TLS, and prints Markdown tables.

Usage: whole_process.py PROGRAMS RUNS, where PROGRAMS is the folder with `driver` and `emulator-host`. Started by Benchmarks/run.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True

TENANT = "a0000000-0000-4000-8000-000000000001"
CLIENT = "c0000000-0000-4000-8000-000000000001"
SECRET = "emulator-sample-secret"
SYSTEM_ROOTS = "/etc/ssl/certs/ca-certificates.crt"
CACHED_RUNS = 5

# What a Python client does in a fresh process. The kind is `sync` or `aio`; the number of cached calls may be 0.
PYTHON_PEER = r"""
import time
start = time.monotonic_ns()
import json, os, sys
kind, calls = sys.argv[1], int(sys.argv[2])
scope = "https://vault.azure.net/.default"
arguments = dict(
    tenant_id=os.environ["AZURE_TENANT_ID"], client_id=os.environ["AZURE_CLIENT_ID"],
    client_secret=os.environ["AZURE_CLIENT_SECRET"], authority=os.environ["AZURE_AUTHORITY_HOST"],
    disable_instance_discovery=True, connection_verify=os.environ["SSL_CERT_FILE"],
)
result = {}

def peak():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))

def note_first(asked):
    end = time.monotonic_ns()
    result.update(insideMs=(end - start) / 1e6, tokenAtNs=end, firstMs=(end - asked) / 1e6, peakRssKiB=peak())

if kind == "sync":
    from azure.identity import ClientSecretCredential
    credential = ClientSecretCredential(**arguments)
    asked = time.monotonic_ns()
    credential.get_token(scope)
    note_first(asked)
    begin = time.monotonic_ns()
    for _ in range(calls):
        credential.get_token(scope)
    cached = time.monotonic_ns() - begin
else:
    import asyncio
    from azure.identity.aio import ClientSecretCredential
    async def main():
        async with ClientSecretCredential(**arguments) as credential:
            asked = time.monotonic_ns()
            await credential.get_token(scope)
            note_first(asked)
            begin = time.monotonic_ns()
            for _ in range(calls):
                await credential.get_token(scope)
            return time.monotonic_ns() - begin
    cached = asyncio.run(main())
result["cachedNs"] = cached / calls if calls else None
print(json.dumps(result))
"""


class Variant:
    """One way to get a token in a fresh process, and what came of it."""

    def __init__(self, title, command, cached, certificates):
        self.title, self.command, self.cached, self.certificates = title, command, cached, certificates
        self.samples = {}

    def run(self, environment, *, is_cached=False):
        command = self.cached if is_cached else self.command
        environment = dict(environment, SSL_CERT_FILE=self.certificates)
        # The parent's clock is the child's: both are the machine's monotonic clock.
        begin = time.monotonic_ns()
        outcome = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
        wall = (time.monotonic_ns() - begin) / 1e6
        if outcome.returncode != 0:
            raise SystemExit(f"{self.title}: exit status {outcome.returncode}\n{outcome.stderr}")
        result = json.loads(outcome.stdout)
        if is_cached:
            return {"cached": result["cachedNs"] / 1000}
        values = {"first": (result["tokenAtNs"] - begin) / 1e6, "inside": result["insideMs"], "wall": wall}
        if result.get("firstMs") is not None:
            values["call"] = result["firstMs"]
        if result["peakRssKiB"] is not None:
            values["rss"] = result["peakRssKiB"] / 1024
        return values

    def measure(self, environment, *, is_cached=False):
        for name, value in self.run(environment, is_cached=is_cached).items():
            self.samples.setdefault(name, []).append(value)

    def median(self, name):
        return statistics.median(self.samples[name]) if name in self.samples else None

    def cell(self, name):
        values = self.samples.get(name)
        if not values:
            return "–"
        digits = 2 if name == "cached" else 1
        middle, low, high = (f"{value:.{digits}f}" for value in (statistics.median(values), min(values), max(values)))
        return f"{middle} [{low}..{high}] n={len(values)}"


def variants(programs, folder, certificate):
    driver = os.path.join(programs, "driver")

    def swift(title, certificates):
        cached = [driver, "client-secret", "--cached", "100000"]
        return Variant(title, [driver, "client-secret"], cached, certificates)

    found = [swift("Swift, one CA file", certificate)]
    if os.path.exists(SYSTEM_ROOTS):
        roots = os.path.join(folder, "system-and-emulator.pem")
        shutil.copyfile(SYSTEM_ROOTS, roots)
        with open(certificate, encoding="ascii") as source, open(roots, "a", encoding="ascii") as target:
            target.write("\n" + source.read())
        found.append(swift("Swift, system's roots", roots))
    else:
        print(f"{SYSTEM_ROOTS} is missing: nothing is measured with the system's roots", file=sys.stderr)
    python = os.environ.get("AZID_TEST_PYTHON")
    if python:
        script = os.path.join(folder, "peer.py")
        with open(script, "w", encoding="utf-8") as file:
            file.write(PYTHON_PEER)
        for kind in ("sync", "aio"):
            found.append(Variant(f"Python, {kind}", [python, script, kind, "0"], [python, script, kind, "2000"], certificate))
    return found


def is_neutral(name):
    """Whether a variable may reach the programs: none that configures them, and no proxy between them and the emulator."""
    return not name.startswith(("AZURE_", "SSL_CERT_")) and not name.lower().endswith("_proxy")


def print_table(found):
    rows = [
        ("first", "process start → first token, ms"),
        ("inside", "… from the program's first line, ms"),
        ("call", "… the first get_token alone, ms"),
        ("wall", "whole process with its end, ms"),
        ("rss", "peak RSS until the first token, MiB"),
        ("cached", "token from memory, µs per call"),
    ]
    print("| median [min..max] | " + " | ".join(variant.title for variant in found) + " |")
    print("| --- " * (len(found) + 1) + "|")
    for name, title in rows:
        if any(name in variant.samples for variant in found):
            print(f"| {title} | " + " | ".join(variant.cell(name) for variant in found) + " |")
    for peer in (variant for variant in found if variant.title.startswith("Python")):
        ratios = []
        for name, title in rows:
            own, other = found[0].median(name), peer.median(name)
            if own and other and name in ("first", "rss", "cached"):
                ratios.append(f"{title.removeprefix('… ').split(',')[0]} {other / own:.1f}")
        print(f"\n{peer.title} ÷ Swift, one CA file: {'; '.join(ratios)}")


def print_budgets(found):
    system = next((variant for variant in found if "system" in variant.title), None)
    one = found[0]
    lines = [
        ("process start → first token, system's roots", system, "first", 20, "ms"),
        ("peak RSS, system's roots", system, "rss", 30, "MiB"),
        ("token from memory", one, "cached", 0.25, "µs"),
    ]
    print("\n| budget | allowed | median | |\n| --- | --- | --- | --- |")
    for title, variant, name, allowed, unit in lines:
        value = variant.median(name) if variant else None
        shown = "not measured here" if value is None else f"{value:.2f} {unit}"
        verdict = "" if value is None else "met" if value <= allowed else "**missed**"
        print(f"| {title} | {allowed} {unit} | {shown} | {verdict} |")


def main():
    programs, runs = sys.argv[1], int(sys.argv[2])
    with tempfile.TemporaryDirectory(prefix="benchmarks-") as folder:
        certificate = os.path.join(folder, "emulator.pem")
        host = subprocess.Popen(
            [os.path.join(programs, "emulator-host"), certificate], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        try:
            url = host.stdout.readline().strip()
            if not url:
                raise SystemExit("the emulator did not start")
            environment = {name: value for name, value in os.environ.items() if is_neutral(name)}
            environment.update(AZURE_AUTHORITY_HOST=url, AZURE_TENANT_ID=TENANT, AZURE_CLIENT_ID=CLIENT, AZURE_CLIENT_SECRET=SECRET)
            found = variants(programs, folder, certificate)
            for variant in found:
                variant.run(environment)  # Files and the emulator are warm from here on.
            for _ in range(runs):
                for variant in found:
                    variant.measure(environment)
            for _ in range(CACHED_RUNS):
                for variant in found:
                    variant.measure(environment, is_cached=True)
        finally:
            host.stdin.close()
            host.wait(timeout=30)
    print_table(found)
    print_budgets(found)


if __name__ == "__main__":
    main()
