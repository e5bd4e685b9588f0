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

# What a Python client does in a fresh process. The kind is `sync` or `aio`; the number of cached calls may be 0; then the credential.
PYTHON_PEER = r"""
import time
start = time.monotonic_ns()
import json, os, sys
kind, calls, name = sys.argv[1], int(sys.argv[2]), sys.argv[3]
scope = "https://vault.azure.net/.default"
arguments = {} if name == "ManagedIdentityCredential" else dict(
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
    import azure.identity
    credential = getattr(azure.identity, name)(**arguments)
    asked = time.monotonic_ns()
    credential.get_token(scope)
    note_first(asked)
    begin = time.monotonic_ns()
    for _ in range(calls):
        credential.get_token(scope)
    cached = time.monotonic_ns() - begin
else:
    import asyncio
    import azure.identity.aio
    async def main():
        async with getattr(azure.identity.aio, name)(**arguments) as credential:
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
        if self.certificates:
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
    return found + python_variants(folder, "ClientSecretCredential", certificate)


def python_variants(folder, credential, certificates):
    """The Python clients, if there is a Python that has them."""
    python = os.environ.get("AZID_TEST_PYTHON")
    if not python:
        return []
    script = os.path.join(folder, "peer.py")
    with open(script, "w", encoding="utf-8") as file:
        file.write(PYTHON_PEER)

    def variant(kind):
        commands = [[python, script, kind, calls, credential] for calls in ("0", "2000")]
        return Variant(f"Python, {kind}", *commands, certificates)

    return [variant(kind) for kind in ("sync", "aio")]


CONFIGURATION = ("AZURE_", "SSL_CERT_", "IDENTITY_", "IMDS_", "MSI_", "KUBERNETES_", "WEBSITE_", "FUNCTIONS_", "CONTAINER_APP_")


def neutral_environment():
    """The variables that may reach the programs: none that configures them, and no proxy between them and the emulator."""

    def is_neutral(name):
        return not name.startswith(CONFIGURATION) and not name.lower().endswith("_proxy")

    return {name: value for name, value in os.environ.items() if is_neutral(name)}


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
        print(f"\n{peer.title} ÷ {found[0].title}: {'; '.join(ratios)}")


def print_budgets(lines):
    """Lines are: title, variant or None, name of the samples, what is allowed, unit."""
    print("\n| budget | allowed | median | |\n| --- | --- | --- | --- |")
    for title, variant, name, allowed, unit in lines:
        value = variant.median(name) if variant else None
        shown = "not measured here" if value is None else f"{value:.2f} {unit}"
        verdict = "" if value is None else "met" if value <= allowed else "**missed**"
        print(f"| {title} | {allowed} {unit} | {shown} | {verdict} |")


def measure(found, environment, runs):
    """Measures all variants in turn."""
    for variant in found:
        variant.run(environment)  # Files and the emulator are warm from here on.
    for _ in range(runs):
        for variant in found:
            variant.measure(environment)
    for _ in range(CACHED_RUNS):
        for variant in found:
            variant.measure(environment, is_cached=True)


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
            environment = neutral_environment()
            environment.update(AZURE_AUTHORITY_HOST=url, AZURE_TENANT_ID=TENANT, AZURE_CLIENT_ID=CLIENT, AZURE_CLIENT_SECRET=SECRET)
            found = variants(programs, folder, certificate)
            measure(found, environment, runs)
        finally:
            host.stdin.close()
            host.wait(timeout=30)
    print_table(found)
    system = next((variant for variant in found if "system" in variant.title), None)
    print_budgets([
        ("process start → first token, system's roots", system, "first", 20, "ms"),
        ("peak RSS, system's roots", system, "rss", 30, "MiB"),
        ("token from memory", found[0], "cached", 0.25, "µs"),
    ])


if __name__ == "__main__":
    main()
