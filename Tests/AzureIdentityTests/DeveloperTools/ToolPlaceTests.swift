// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP
import Testing

@testable import AzureIdentity

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

struct ToolPlaceTests {
    /// Files in two directories, and what is found for a PATH in which `A` and `B` stand for them.
    @Test(
        arguments: [
            ("A:B", "A/az"), ("B:A", "B/az"), ("B", "B/az"), ("", nil), (":", nil), (".", nil), ("bin:./bin", nil),
            (":A", "A/az"),
            ("relative:A", "A/az"), ("A/", "A/az"), ("/nonexistent:A", "A/az"), ("A/az", nil), ("C", nil), ("C:A", "A/az"),
            ("D", nil), ("D:A", "A/az"), ("E", "E/az"),
        ] as [(String, String?)]
    )
    func toolsAreFoundInAbsoluteDirectoriesAlone(path: String, expected: String?) throws {
        let folder = try TestFolder()
        for directory in ["A", "B", "C", "D", "E"] {
            try FileManager.default.createDirectory(atPath: folder.path(directory), withIntermediateDirectories: true)
        }
        for directory in ["A", "B"] {
            try folder.write("#!/bin/sh\n", "\(directory)/az")
            #expect(chmod(folder.path("\(directory)/az"), 0o700) == 0)
        }
        // A directory of that name, a link to nothing, a link to a program.
        try FileManager.default.createDirectory(atPath: folder.path("C/az"), withIntermediateDirectories: true)
        #expect(symlink("/nonexistent", folder.path("D/az")) == 0)
        #expect(symlink(folder.path("A/az"), folder.path("E/az")) == 0)
        let letters = path.split(separator: ":", omittingEmptySubsequences: false).map { entry in
            entry.first.map { "ABCDE".contains($0) } == true ? "\(folder.path)/\(entry)" : String(entry)
        }
        let found = Host.findTool(["az"], EnvironmentVariables(["PATH": letters.joined(separator: ":")]))
        #expect(found == expected.map { .found(folder.path($0)) } ?? .absent)
    }

    @Test func aFileThatMayNotBeRunIsSaid() throws {
        let folder = try TestFolder()
        try folder.write("#!/bin/sh\n", "az")
        #expect(chmod(folder.path("az"), 0o600) == 0)
        #expect(Host.findTool(["az"], ["PATH": folder.path]) == .notExecutable(folder.path("az")))
        try folder.write("#!/bin/sh\n", "second")
        #expect(chmod(folder.path("second"), 0o700) == 0)
        #expect(Host.findTool(["az", "second"], ["PATH": folder.path]) == .found(folder.path("second")))
        #expect(Host.findTool(["az"], [:]) == .absent)
    }

    @Test func aLocalTimeIsWhatTheClockShows() throws {
        for (year, month, day, hour) in [(2026, 1, 15, 12), (2026, 7, 15, 0), (2039, 12, 31, 23)] {
            let date = try #require(Host.localDate(year: year, month: month, day: day, hour: hour, minute: 30, second: 12.5))
            var time = time_t(date.timeIntervalSince1970)
            var fields = tm()
            localtime_r(&time, &fields)
            #expect(Int(fields.tm_year) + 1900 == year && Int(fields.tm_mon) + 1 == month && Int(fields.tm_mday) == day)
            #expect(Int(fields.tm_hour) == hour && fields.tm_min == 30 && fields.tm_sec == 12)
            #expect(date.timeIntervalSince1970 - Double(time) == 0.5)
        }
    }

    @Test(
        arguments: [
            (1969, 1, 1, 0, 0, 0), (2026, 13, 1, 0, 0, 0), (2026, 0, 1, 0, 0, 0), (2026, 2, 30, 0, 0, 0), (2026, 1, 1, 24, 0, 0),
            (2026, 1, 1, 0, 60, 0), (2026, 1, 1, 0, 0, 61), (2026, 1, 1, 0, 0, -1), (2026, 1, 1, 0, 0, .nan),
            (10_000, 1, 1, 0, 0, 0),
        ] as [(Int, Int, Int, Int, Int, Double)]
    )
    func whatNoClockShowsIsNoTime(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Double) {
        #expect(Host.localDate(year: year, month: month, day: day, hour: hour, minute: minute, second: second) == nil)
    }

    @Test(
        arguments: [
            (#"{"tid":"t-1","oid":"o-1","appid":"a-1","upn":"ada@contoso.com"}"#, ["t-1", "o-1", "a-1", "ada@contoso.com"]),
            (#"{"azp":"a-2","preferred_username":"b@c"}"#, [nil, nil, "a-2", "b@c"]),
            (#"{"tid":5,"oid":null,"appid":["x"],"upn":{}}"#, [nil, nil, nil, nil]),
            (#"{"tid":"a b","oid":"../x","appid":"","upn":""}"#, [nil, nil, nil, nil]),
            ("{\"upn\":\"a\\u001b[31mb\\n\"}", [nil, nil, nil, "ab"]), ("[]", [nil, nil, nil, nil]), ("", [nil, nil, nil, nil]),
        ] as [(String, [String?])]
    )
    func aTokensWordOnItsIdentityIsReadWithCare(payload: String, expected: [String?]) {
        let identity = TokenIdentity(token: "e30.\(Base64URL.encode(Array(payload.utf8))).c2ln")
        #expect([identity.tenantID, identity.objectID, identity.clientID, identity.userName] == expected)
    }

    @Test(arguments: ["", "opaque", "a.b", "a.b.c.d", "a.!!!.c", String(repeating: "x", count: 100_000)])
    func whatIsNoJWTSaysNothing(token: String) {
        #expect(TokenIdentity(token: token).objectID == nil)
    }

    @Test(.timeLimit(.minutes(5))) func aGateLetsTheLongestWaitingIn() async throws {
        let gate = TurnGate(places: 1)
        let order = Locked<[Int]>([])
        try await gate.enter()
        var tasks: [Task<Void, any Error>] = []
        for number in 0..<5 {
            tasks.append(
                Task {
                    try await gate.enter()
                    order.withLock { $0.append(number) }
                    gate.leave()
                })
            while gate.waiterCount <= number { await Task.yield() }
        }
        tasks[2].cancel()
        await #expect(throws: CancellationError.self) { try await tasks[2].value }
        gate.leave()
        for (number, task) in tasks.enumerated() where number != 2 { try await task.value }
        #expect(order.withLock { $0 } == [0, 1, 3, 4])
        try await gate.enter()
        #expect(gate.waiterCount == 0)
    }
}
