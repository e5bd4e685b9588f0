// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

extension GuideSection {
    private static let machine = "ManagedIdentityCredential on a virtual machine"

    /// Hosts of managed identities.
    static let hosts: [GuideSection] = [
        GuideSection(
            id: "G18",
            chapter: .managedIdentity,
            title: "App Service, Functions, Container Apps",
            place: "ManagedIdentityCredential",
            situation: "The host sets IDENTITY_ENDPOINT and IDENTITY_HEADER, and serves tokens.",
            discovery: .notAFault
        ),
        GuideSection(
            id: "G19",
            chapter: .managedIdentity,
            title: "Azure Arc",
            place: "ManagedIdentityCredential",
            situation: "The machine's agent serves tokens to who can read its key file.",
            signs: ["Azure Arc"],
            discovery: .notAFault,
            details: """
                An error has this row if the agent's key file can't be read, or its answer can't be used. The process has to be in the \
                group `himds` (Linux); start it anew after it was added. An agent that doesn't confirm a user-assigned identity doesn't \
                know those: update it, or use the machine's own.
                """
        ),
        GuideSection(
            id: "G20",
            chapter: .managedIdentity,
            title: "AKS",
            place: "ManagedIdentityCredential",
            situation: "A pod has a workload identity, or the older pod identity.",
            discovery: .notAFault,
            details:
                "With the variables of workload identity, ``ManagedIdentityCredential`` does what ``WorkloadIdentityCredential`` does."
        ),
        GuideSection(
            id: "G21",
            chapter: .managedIdentity,
            title: "Service Fabric",
            place: "ManagedIdentityCredential",
            situation: "The cluster sets IDENTITY_ENDPOINT, IDENTITY_HEADER and IDENTITY_SERVER_THUMBPRINT, and serves tokens.",
            signs: ["IDENTITY_SERVER_THUMBPRINT"],
            discovery: .notAFault,
            details: """
                An error has this row if the server's certificate isn't the one whose thumbprint is in `IDENTITY_SERVER_THUMBPRINT`, so \
                that no secret was sent; also where `IDENTITY_ENDPOINT` leads to such a server and the variable is missing.
                """
        ),
        GuideSection(
            id: "G22",
            chapter: .managedIdentity,
            title: "virtual machines and scale sets",
            place: "ManagedIdentityCredential",
            situation: "The instance metadata service at 169.254.169.254 serves tokens.",
            discovery: .notAFault
        ),
        GuideSection(
            id: "G23",
            chapter: .managedIdentity,
            title: "the requested identity hasn't been assigned to this resource",
            place: Self.machine,
            situation: "The metadata service answers 400: this machine has no such identity.",
            signs: ["The requested identity hasn't been assigned to this resource."],
            discovery: .byAsking
        ),
        GuideSection(
            id: "G24",
            chapter: .managedIdentity,
            title: "the request failed due to a gateway error",
            place: Self.machine,
            situation: "A 502 or 504 came back: something stands between the program and the metadata service.",
            signs: ["The request failed due to a gateway error."],
            discovery: .byAsking,
            details:
                "This library sends requests to metadata services past all proxies. One that intercepts connections is in the machine or the network."
        ),
        GuideSection(
            id: "G25",
            chapter: .managedIdentity,
            title: "no response received from the managed identity endpoint",
            place: Self.machine,
            situation: "Nothing answers, or not in time.",
            signs: ["No response received from the managed identity endpoint."],
            discovery: .byAsking,
            details: """
                Outside of Azure that is as it should be. In a container of a virtual machine the metadata service is a network hop \
                farther away, which network policies may forbid.
                """
        ),
        GuideSection(
            id: "G26",
            chapter: .managedIdentity,
            title: "multiple attempts failed to obtain a token",
            place: Self.machine,
            situation: "The endpoint answers with errors until all retries are used up: it isn't well, or is asked too often.",
            signs: ["Multiple attempts failed to obtain a token from the managed identity endpoint."],
            discovery: .byAsking
        ),
        GuideSection(
            id: "G27",
            chapter: .managedIdentity,
            title: "asking the metadata service by hand",
            place: Self.machine,
            situation: "Somebody wants to see whether the metadata service gives tokens.",
            discovery: .notAFault,
            details:
                "An error has this row where the service refuses for a reason of its own. `azid doctor --deep` runs the command and hides the token."
        ),
        GuideSection(
            id: "G28",
            chapter: .managedIdentity,
            title: "an app without its variables",
            place: "ManagedIdentityCredential on App Service",
            situation:
                "This looks like App Service, Functions or Container Apps, but IDENTITY_ENDPOINT or IDENTITY_HEADER is missing.",
            signs: ["ManagedIdentityCredential authentication unavailable."],
            discovery: .byItself,
            details: "The message names the missing variable, and the one that speaks for such an app."
        ),
        GuideSection(
            id: "G29",
            chapter: .managedIdentity,
            title: "asking App Service by hand",
            place: "ManagedIdentityCredential on App Service",
            situation: "Somebody wants to see whether the app's endpoint gives tokens.",
            discovery: .notAFault,
            details: """
                To be run where the app runs, by a shell that has both variables. The guide of the other libraries prints the metadata \
                service's command here, which an app can't reach.
                """
        ),
        GuideSection(
            id: "G30",
            chapter: .managedIdentity,
            title: "no managed identity endpoint found",
            place: "ManagedIdentityCredential in AKS",
            situation: "The pod's identity isn't bound, or not yet; or IDENTITY_ENDPOINT is set without its companion.",
            signs: ["No managed identity endpoint found"],
            discovery: .byAsking
        ),
    ]
}
