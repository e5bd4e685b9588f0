// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureIdentityTesting
import Foundation
import Testing

/// The metadata service at its real address, or what is there in its place, as a chain sees it; and the service as anybody sees it.
///
/// How long things took is printed; that they ended by themselves, and well before anybody would have lost patience, is checked.
@Suite(
    .serialized,
    .timeLimit(.minutes(5)),
    .enabled(if: RealPart.networkNamespace.isWanted),
    .enabled(if: RealPart.pythonIdentity.isWanted)
)
struct MetadataTests {
    // MARK: Nobody answers

    @Test(arguments: MetadataPlace.nobody + [.silent]) func aChainKnowsAtOnce(place: MetadataPlace) async throws {
        let run = try await place.chainToken()
        run.note("in a chain", place)
        try run.expectUnavailableInChain()
    }

    /// A chain that has less time than the probe gets its answer when that is up.
    @Test func aChainsTimeEndsTheProbe() async throws {
        let run = try await MetadataPlace.blackHole.chainToken(["--timeout", "0.3"])
        run.note("in a chain with 0.3 s", .blackHole)
        #expect(run.status == 2 && run.output.isEmpty && run.milliseconds < MetadataPlace.patience, "\(run)")
        #expect(try run.failure.code == "credentialUnavailable" && run.managedIdentity?.guide == "G25", "\(run)")
    }

    // MARK: Somebody else answers

    /// What would be asked again if nothing else were known of it.
    private static let illImpostors: [MetadataPlace] = [
        .impostor("a page that isn't there", 404, headers: ["Content-Type": "text/html"], body: "<h1>Not Found</h1>"),
        .impostor("a gateway that isn't well", 502, headers: ["Content-Type": "text/html"], body: "<h1>Bad Gateway</h1>"),
        .impostor("a service that asks for patience", 503, headers: ["Retry-After": "30"], body: "later"),
        .impostor("a machine of another cloud", 404, headers: ["Content-Type": "text/plain"], body: "not found"),
    ]

    @Test(arguments: MetadataPlace.impostors + illImpostors) func aChainIsNotTakenIn(place: MetadataPlace) async throws {
        let run = try await place.chainToken()
        run.note("in a chain", place)
        try run.expectUnavailableInChain()
        #expect(run.paths.count <= 1 && run.paths.allSatisfy { $0.hasPrefix("/metadata/identity/oauth2/token?") }, "\(run)")
    }

    /// Answers that are none, from the emulator at the service's address.
    private static let faults: [(name: String, fault: EmulatorFault)] = [
        ("late", .delay(.seconds(600))), ("reset", .reset), ("truncated", .truncation(afterBytes: 5)), ("no HTTP", .garbage),
        ("huge", .hugeBody(bytes: 64 << 20)), ("dripping", .slowBody(bytesPerSecond: 1)), ("endless", .endlessBody),
    ]

    @Test(arguments: faults) func aChainDoesNotWaitForAnAnswer(name: String, fault: EmulatorFault) async throws {
        try await Self.withEmulator(name, fault) { place in
            let run = try await place.chainToken()
            run.note("in a chain", place)
            try run.expectUnavailableInChain()
        }
    }

    private static func withEmulator(
        _ name: String, _ fault: EmulatorFault, _ body: (MetadataPlace) async throws -> Void
    ) async throws {
        var configuration = EmulatorConfiguration.sample
        configuration.faults = FaultScript(fault)
        let file = FileManager.default.temporaryDirectory.appending(path: "emulator-\(UUID().uuidString).json")
        try JSONEncoder().encode(configuration).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        try await body(.emulator(name, configuration: file.path()))
    }

    // MARK: The service answers

    @Test(
        arguments: [
            ([], Sample.systemAssignedClientID), (["--client-id", Sample.userAssignedClientID], Sample.userAssignedClientID),
            (["--object-id", Sample.userAssignedObjectID], Sample.userAssignedClientID),
            (["--resource-id", Sample.userAssignedResourceID], Sample.userAssignedClientID),
        ] as [([String], String)])
    func aTokenComesFromTheAddress(arguments: [String], identity: String) async throws {
        let run = try await MetadataPlace.emulator("served").token(["--repeat", "2"] + arguments)
        run.note("alone", .emulator("served"))
        #expect(run.status == 0, "\(run)")
        let reports = try TokenReport.all(in: run.output)
        #expect(reports.map(\.source) == ["network", "memory"])
        for report in reports { #expect(try TokenClaims(report.accessToken).appid == identity) }
    }

    /// The first look at the service has under a second, which a machine that is busy with other tests may let pass.
    @Test func aChainGetsATokenToo() async throws {
        var runs: [MetadataPlace.Run] = []
        repeat {
            runs.append(try await MetadataPlace.emulator("served").chainToken(["--repeat", "2"]))
        } while runs.last?.status != 0 && runs.count < 5
        let run = try #require(runs.last)
        run.note("in a chain, at attempt \(runs.count)", .emulator("served"))
        #expect(run.status == 0, "\(runs)")
        let reports = try TokenReport.all(in: run.output)
        #expect(reports.map(\.source) == ["network", "memory"])
        #expect(Set(reports.map(\.credential)) == ["ManagedIdentityCredential"])
    }

    @Test func G23_anIdentityThatIsNotAssignedIsTwo() async throws {
        let run = try await MetadataPlace.emulator("served").token(["--client-id", Sample.clientID])
        #expect(run.status == 2 && run.output.isEmpty, "\(run)")
        let failure = try run.failure
        #expect(failure.guide == "G23" && failure.httpStatus == 400 && !failure.isRetryable, "\(failure)")
        #expect(failure.message.contains("The requested identity hasn't been assigned to this resource."), "\(failure)")
    }

    @Test func manyCallersAreOneRequest() async throws {
        let run = try await MetadataPlace.emulator("served").token(["--concurrency", "1000", "--output", "value"])
        run.note("a thousand callers", .emulator("served"))
        // Two requests would have brought two tokens.
        #expect(run.status == 0 && Set(run.output.split(separator: "\n")).count == 1, "\(run.errors)")
        #expect(run.output.split(separator: "\n").count == 1000)
    }
}
#endif
