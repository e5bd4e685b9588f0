// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import Foundation
import Testing

/// What is at the metadata service's real address in its place, as a credential alone sees it: it has the time that its table gives.
@Suite(
    .serialized,
    .timeLimit(.minutes(5)),
    .enabled(if: RealPart.networkNamespace.isWanted),
    .enabled(if: RealPart.pythonIdentity.isWanted)
)
struct MetadataAloneTests {
    /// The table's four attempts, of two seconds at most each, and the waits between them.
    @Test(arguments: [MetadataPlace.noRoute, .unreachable, .refused, .blackHole])
    func aloneItTriesAgainAndGivesUp(place: MetadataPlace) async throws {
        let run = try await place.token()
        run.note("alone", place)
        try run.expectUnavailable(attempts: 4)
        #expect(try run.failure.isRetryable)
    }

    @Test(arguments: [MetadataPlace.blackHole, .silent]) func aCallersOwnTimeEndsIt(place: MetadataPlace) async throws {
        let run = try await place.token(["--timeout", "1.5"])
        run.note("alone with 1.5 s", place)
        #expect(run.status == 1 && run.output.isEmpty && run.milliseconds < MetadataPlace.patience, "\(run)")
        #expect(try run.failure.code == "timedOut" && run.exchanges.count <= 1, "\(run)")
    }

    @Test(arguments: MetadataPlace.impostors) func aloneItIsNotTakenInEither(place: MetadataPlace) async throws {
        let run = try await place.token()
        run.note("alone", place)
        try run.expectUnavailable(attempts: 1)
        #expect(run.paths.count == 1 && run.paths.first?.hasPrefix("/metadata/identity/oauth2/token?") == true, "\(run)")
    }
}

extension MetadataPlace {
    /// What nothing may take, in milliseconds, on a machine that is busy with other tests too. A chain has a second in all.
    static let patience = 60_000

    static let nobody: [MetadataPlace] = [
        .noRoute, .unreachable, .prohibited, .refused, .noNeighbour, .blackHole,
    ]

    static let impostors: [MetadataPlace] = [
        .impostor("a web page", 200, headers: ["Content-Type": "text/html"], body: "<html><body>Welcome</body></html>"),
        .impostor("a refusal in another language", 403, headers: ["Content-Type": "text/plain"], body: "kein Zugriff"),
        .impostor(
            "a refusal as of Docker Desktop", 403, headers: ["Content-Type": "application/json"],
            body:
                #"{"error":"connecting to 169.254.169.254:80: connect: A socket operation was attempted to an unreachable network."}"#
        ),
        .impostor("a redirect", 302, headers: ["Location": "http://169.254.169.254/elsewhere"], body: ""),
        .impostor("a redirect to itself", 307, headers: ["Location": "/metadata/identity/oauth2/token"], body: "{}"),
        .impostor("a bad request in HTML", 400, headers: ["Content-Type": "text/html"], body: "<h1>Bad Request</h1>"),
        .impostor("other JSON", 400, headers: ["Content-Type": "application/json"], body: #"{"hello":"world"}"#),
        .impostor("nothing", 200, body: ""),
        .impostor("an array", 200, headers: ["Content-Type": "application/json"], body: "[]"),
    ]
}

extension MetadataPlace.Run {
    /// Prints how long it took.
    func note(_ what: String, _ place: MetadataPlace) {
        let exchanges = self.exchanges.map { "\($0)" }.joined(separator: ", ")
        print(
            "METADATA \(what), \(place.testDescription): status \(self.status) after \(self.milliseconds) ms (sent: \(exchanges) ms)"
        )
    }

    /// Checks that there was no metadata service, and that this was found out with so many requests.
    func expectUnavailable(attempts: Int) throws {
        #expect(self.status == 2 && self.output.isEmpty, "\(self)")
        let failure = try self.failure
        #expect(failure.code == "credentialUnavailable" && failure.guide == "G25" && failure.remedy?.guide == "G25", "\(failure)")
        #expect(failure.message.contains("No response received from the managed identity endpoint"), "\(failure)")
        #expect(self.exchanges.count == attempts && self.milliseconds < MetadataPlace.patience, "\(self)")
    }

    /// What the managed identity came to in a chain.
    var managedIdentity: FailureReport.Attempt? {
        get throws { try self.failure.attempts.first { $0.credential == "ManagedIdentityCredential" } }
    }

    /// Checks that a chain found out with one request that there was no metadata service.
    func expectUnavailableInChain() throws {
        #expect(self.status == 2 && self.output.isEmpty, "\(self)")
        let failure = try self.failure
        #expect(failure.code == "credentialUnavailable" && failure.credential == "DefaultAzureCredential", "\(failure)")
        #expect(failure.guide == "G06" && failure.remedy?.guide == "G06", "\(failure)")
        let attempt = try self.managedIdentity
        #expect(attempt?.outcome == "unavailable" && attempt?.guide == "G25", "\(failure)")
        #expect(attempt?.message.contains("No response received from the managed identity endpoint") == true, "\(failure)")
        #expect(self.exchanges.count == 1 && self.milliseconds < MetadataPlace.patience, "\(self)")
    }
}
#endif
