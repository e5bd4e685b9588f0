#!/usr/bin/env python3
# This file is part of Azure Identity for Swift.
# Copyright (c) the Azure Identity for Swift authors.
# SPDX-License-Identifier: Apache-2.0
"""Times whole processes with a managed identity, and without one, and prints Markdown tables.

Usage: hosts.py PROGRAMS RUNS, where PROGRAMS is the folder with `driver` and `emulator-host`. Started by Benchmarks/run.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from whole_process import Variant, measure, neutral_environment, print_budgets, print_table, python_variants

ABSENCE_RUNS = 5
NOT_A_PLACE = 97

# A network of its own in which packets to the metadata service's address leave and none comes back, and none of this machine's files
# that speak for or against Azure. The first line makes sure that it is another network than the one outside.
BLACK_HOLE = """
test "$(readlink /proc/self/ns/net)" != "$OUTSIDE"
unset OUTSIDE
ip link set lo up
for folder in /sys/class/dmi /run/cloud-init /opt/azcmagent; do if [ -d $folder ]; then mount -t tmpfs none $folder; fi; done
ip link add azid0 type veth peer name azid1
ip addr add 169.254.1.1/16 dev azid0
ip link set azid0 up
ip link set azid1 up
ip neigh replace 169.254.169.254 lladdr 02:00:00:00:00:01 dev azid0 nud permanent
"""


class NoPlace(Exception):
    """Why something can't be measured here."""


def black_hole():
    """The command before a program's that runs it in the black hole, and the variables it needs."""
    for program in ("unshare", "ip", "mount"):
        if not shutil.which(program):
            raise NoPlace(f"there is no {program}")
    user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    lines = "".join(f"{line} || exit {NOT_A_PLACE}\n" for line in BLACK_HOLE.strip().split("\n"))
    command = ["unshare", *user, "--net", "--mount", "/bin/sh", "-c", lines + 'exec "$0" "$@"']
    return command, {"OUTSIDE": os.readlink("/proc/self/ns/net")}


def absence(title, driver, prefix, variables):
    """What it takes to know that there is no managed identity, as a variant with samples."""
    variant = Variant(title, [*prefix, driver, "no-identity"], None, None)
    environment = dict(neutral_environment(), **variables)
    for _ in range(ABSENCE_RUNS):
        outcome = subprocess.run(
            variant.command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120
        )
        text = outcome.stderr.strip()
        if prefix and (outcome.returncode == NOT_A_PLACE or text.startswith("unshare:")):
            raise NoPlace(text.splitlines()[-1] if text else "no network of its own can be made")
        if outcome.returncode != 0:
            raise SystemExit(f"{title}: exit status {outcome.returncode}\n{text}")
        variant.samples.setdefault("cached", []).append(json.loads(outcome.stdout)["seconds"])
    return variant


def absences(driver):
    """Each place without a metadata service: title, and variant or the reason why it wasn't measured."""
    title = "no managed identity, told to a chain: connections are accepted and never answered"
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        yield title, absence(title, driver, [], {"AZURE_POD_IDENTITY_AUTHORITY_HOST": address})
    title = "… packets to the metadata service are dropped"
    try:
        prefix, variables = black_hole()
        yield title, absence(title, driver, prefix, variables)
    except NoPlace as reason:
        yield title, f"not measured here: {reason}"


def app_service(programs, runs):
    """The first token of a fresh process on App Service."""
    with tempfile.TemporaryDirectory(prefix="benchmarks-") as folder:
        command = [os.path.join(programs, "emulator-host"), os.path.join(folder, "emulator.pem")]
        host = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            if not host.stdout.readline().strip():
                raise SystemExit("the emulator did not start")
            lines = iter(lambda: host.stdout.readline().strip(), "")
            environment = dict(neutral_environment(), **dict(line.split("=", 1) for line in lines))
            driver = [os.path.join(programs, "driver"), "managed-identity"]
            found = [Variant("Swift, App Service", driver, [*driver, "--cached", "100000"], None)]
            found += python_variants(folder, "ManagedIdentityCredential", None)
            measure(found, environment, runs)
        finally:
            host.stdin.close()
            host.wait(timeout=30)
    return found


def main():
    programs, runs = sys.argv[1], int(sys.argv[2])
    found = app_service(programs, runs)
    print_table(found)
    places = list(absences(os.path.join(programs, "driver")))
    print("\n| seconds, median [min..max] | Swift |\n| --- | --- |")
    for title, place in places:
        print(f"| {title} | {place.cell('cached') if isinstance(place, Variant) else place} |")
    lines = [("process start → first token, App Service", found[0], "first", 8, "ms")]
    lines += [
        (title, place if isinstance(place, Variant) else None, "cached", 1.0, "s") for title, place in places
    ]
    print_budgets(lines)


if __name__ == "__main__":
    main()
