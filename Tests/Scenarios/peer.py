#!/usr/bin/env python3
# This file is part of Azure Identity for Swift.
# Copyright (c) the Azure Identity for Swift authors.
# SPDX-License-Identifier: Apache-2.0

"""Runs scenarios through the Azure Identity library for Python.

usage: peer.py PLAN

PLAN is a JSON file: an array of objects with `name`, `credential`, `environment`, `arguments`, `request` and `person`, as the scenarios have
them, with all placeholders filled in. Standard output is an array of objects: `name`, and `token` or `error` with `type` and `message`. Each
scenario runs in a process of its own, since the library reads the environment of the process; a few run at once.
"""

import base64
import json
import multiprocessing
import os
import sys
import urllib.parse

import azure.identity as identity
from azure.core.pipeline.transport import RequestsTransport

SCOPE = "https://vault.azure.net/.default"
# A scenario that takes longer has hung.
PATIENCE = 120


class Transport(RequestsTransport):
    """The library loses the port of the authority host when it asks for the user's realm."""

    def send(self, request, **options):
        url = urllib.parse.urlsplit(request.url)
        if url.hostname == "localhost" and url.port is None:
            authority = urllib.parse.urlsplit(os.environ["AZURE_AUTHORITY_HOST"]).netloc
            request.url = urllib.parse.urlunsplit(url._replace(netloc=authority))
        return super().send(request, **options)


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read().strip()


def application(arguments):
    return dict(
        tenant_id=arguments.get("tenantID") or os.environ["AZURE_TENANT_ID"],
        client_id=arguments.get("clientID") or os.environ["AZURE_CLIENT_ID"],
    )


def managed(arguments):
    for name, parameter in (("clientID", "client_id"), ("objectID", "object_id"), ("resourceID", "resource_id")):
        if name in arguments:
            value = arguments[name]
            return dict(client_id=value) if parameter == "client_id" else dict(identity_config={parameter: value})
    return {}


def credential(case):
    """Makes the credential that a scenario names, the way azid's flags and variables would describe it."""
    name, arguments = case["credential"], case.get("arguments", {})
    entra = dict(disable_instance_discovery=True)
    if arguments.get("additionallyAllowedTenants"):
        entra["additionally_allowed_tenants"] = arguments["additionallyAllowedTenants"]
    if name == "default":
        extra = {"developer_credential_timeout": 20}
        if arguments.get("clientID"):
            extra["managed_identity_client_id"] = arguments["clientID"]
        return identity.DefaultAzureCredential(**entra, **extra)
    if name == "environment":
        return identity.EnvironmentCredential(**entra)
    if name == "client-secret":
        return identity.ClientSecretCredential(
            **application(arguments), client_secret=os.environ["AZURE_CLIENT_SECRET"], **entra)
    if name == "client-certificate":
        path = arguments.get("certificatePath") or os.environ["AZURE_CLIENT_CERTIFICATE_PATH"]
        return identity.CertificateCredential(
            **application(arguments), certificate_path=path,
            password=os.environ.get("AZURE_CLIENT_CERTIFICATE_PASSWORD"), **entra)
    if name == "client-assertion":
        path = arguments["assertionFile"]
        return identity.ClientAssertionCredential(**application(arguments), func=lambda: read(path), **entra)
    if name == "workload-identity":
        given = {parameter: arguments[option] for option, parameter in (
            ("tenantID", "tenant_id"), ("clientID", "client_id"), ("tokenFilePath", "token_file_path")) if option in arguments}
        return identity.WorkloadIdentityCredential(**given, **entra)
    if name == "managed-identity":
        return identity.ManagedIdentityCredential(**managed(arguments))
    if name == "azure-pipelines":
        connection = arguments.get("serviceConnectionID") or os.environ["AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"]
        return identity.AzurePipelinesCredential(
            **application(arguments), service_connection_id=connection,
            system_access_token=os.environ["SYSTEM_ACCESSTOKEN"], **entra)
    if name in ("azure-cli", "azure-developer-cli", "azure-powershell"):
        kind = {"azure-cli": identity.AzureCliCredential, "azure-developer-cli": identity.AzureDeveloperCliCredential,
                "azure-powershell": identity.AzurePowerShellCredential}[name]
        given = {parameter: arguments[option] for option, parameter in (
            ("tenantID", "tenant_id"), ("subscription", "subscription")) if option in arguments}
        if "additionally_allowed_tenants" in entra:
            given["additionally_allowed_tenants"] = entra["additionally_allowed_tenants"]
        return kind(process_timeout=20, **given)
    if name == "username-password":
        return identity.UsernamePasswordCredential(
            client_id=os.environ["AZURE_CLIENT_ID"], tenant_id=os.environ["AZURE_TENANT_ID"],
            username=os.environ["AZURE_USERNAME"], password=os.environ["AZURE_PASSWORD"],
            transport=Transport(), **entra)
    if name == "on-behalf-of":
        return identity.OnBehalfOfCredential(
            **application(arguments), client_secret=os.environ["AZURE_CLIENT_SECRET"],
            user_assertion=read(arguments["userAssertionFile"]), **entra)
    raise NotImplementedError(name)


def claims(token):
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        return json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except ValueError:
        return {}


def answer(case):
    os.environ.clear()
    os.environ.update(case["environment"])
    request = case.get("request", {})
    try:
        options = {}
        if "tenantID" in request:
            options["tenant_id"] = request["tenantID"]
        if "claims" in request:
            options["claims"] = request["claims"]
        token = credential(case).get_token(request.get("scope", SCOPE), **options).token
        found = claims(token)
        return dict(name=case["name"], token=token, application=found.get("appid"), tenant=found.get("tid"))
    except Exception as error:  # The answer is which one it is.
        return dict(name=case["name"], error=dict(type=type(error).__name__, message=str(error)))


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        cases = json.load(file)
    with multiprocessing.get_context("fork").Pool(2, maxtasksperchild=1) as pool:
        running = [pool.apply_async(answer, (case,)) for case in cases]
        answers = []
        for case, run in zip(cases, running):
            try:
                answers.append(run.get(PATIENCE))
            except multiprocessing.TimeoutError:
                answers.append(dict(name=case["name"], error=dict(type="TimeoutError", message=f"no end within {PATIENCE} s")))
    print(json.dumps(answers))


if __name__ == "__main__":
    main()
