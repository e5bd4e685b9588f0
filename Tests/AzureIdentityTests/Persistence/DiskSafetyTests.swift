// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import Dispatch
import Foundation
import InMemoryLogging
import Logging
import Testing

@testable import AzureIdentity

/// Where tokens may be, who else may get at them, and what is said of it.
@Suite struct DiskSafetyTests {
    private func lines(_ body: () async throws -> Void) async rethrows -> [String] {
        let handler = InMemoryLogHandler()
        try await withLogger(Logger(label: "test") { _ in handler }) { _ in try await body() }
        return handler.entries.map { "\($0.level) \($0.message)" }
    }

    @Test func aFileThatOthersMayReadIsRefusedAndSaid() async throws {
        try await DiskPlace.with { place in
            try place.write("{}", mode: 0o644)
            let lines = try await self.lines {
                let vault = place.vault()
                try await vault.add("ada", secret: "one")
                try await vault.add("bob", secret: "two")
                #expect(try await vault.secrets == ["one", "two"])
            }
            #expect(try place.text() == "{}")
            #expect(lines.contains { $0.hasPrefix("warning") && $0.contains("0644") && $0.contains("chmod 600") })
            #expect(lines.count { $0.contains("in memory alone") } == 1, "said once")
            await #expect(throws: CacheProblem.self) { try await place.vault(isRequired: true).secrets }
        }
    }

    @Test func aDirectoryThatOthersMayWriteToIsRefused() async throws {
        try await DiskPlace.with { place in
            try FileManager.default.setAttributes([.posixPermissions: 0o1777], ofItemAtPath: place.path)
            #expect(await place.vault().backend() == nil)
            // But one in it is made, and nobody else's.
            var options = place.options(isRequired: true)
            options.directory = "\(place.path)/inner"
            try await DiskVault(name: "test", options: options).add("ada", secret: "one")
            #expect(try place.mode("\(place.path)/inner") == 0o700)
        }
    }

    @Test func whatOthersCouldExchangeOnTheWayIsRefused() async throws {
        try await DiskPlace.with { place in
            func folder(_ path: String, _ mode: Int) throws -> String {
                try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
                try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
                return path
            }
            func problem(_ directory: String) -> StorageProblem? {
                do throws(StorageProblem) {
                    try StorageFolder(base: directory, names: ["inner"]).prepare()
                    return nil
                } catch {
                    return error
                }
            }
            #expect(problem(try folder("\(place.path)/open", 0o777))?.kind == .refused)
            #expect(problem(try folder("\(place.path)/sticky", 0o1777)) == nil)
            #expect(problem(try folder("\(place.path)/group", 0o770)) == nil)
            // A link of this user's own leads where it leads, which is looked at too.
            let way = try folder("\(place.path)/way", 0o700)
            try FileManager.default.createSymbolicLink(atPath: "\(way)/good", withDestinationPath: "../sticky")
            try FileManager.default.createSymbolicLink(atPath: "\(way)/bad", withDestinationPath: "\(place.path)/open")
            #expect(problem("\(way)/good") == nil)
            #expect(problem("\(way)/bad")?.kind == .refused)
            try FileManager.default.createSymbolicLink(atPath: "\(way)/loop", withDestinationPath: "loop")
            #expect(problem("\(way)/loop")?.kind == .unavailable)
        }
    }

    @Test func aLinkIsRefused() async throws {
        try await DiskPlace.with { place in
            try place.write("{}", to: "\(place.path)/elsewhere")
            try FileManager.default.createSymbolicLink(atPath: place.file, withDestinationPath: "\(place.path)/elsewhere")
            #expect(await place.vault().backend() == nil)
        }
    }

    @Test func aPipeIsRefusedWithoutWaitingForIt() async throws {
        try await DiskPlace.with { place in
            #expect(mkfifo(place.file, 0o600) == 0)
            #expect(await place.vault().backend() == nil)
        }
    }

    @Test func aHomeThatIsMissingIsNotMade() async throws {
        try await DiskPlace.with { place in
            let home = "\(place.path)/nobody"
            let options = PersistentTokenCacheOptions(backends: [.unencryptedFile], environment: ["HOME": home])
            let vault = DiskVault(name: "test", options: options)
            try await vault.add("ada", secret: "one")
            #expect(try await vault.secrets == ["one"])
            #expect(try place.names == [])
            #expect(await vault.backend() == nil)
        }
    }

    @Test(arguments: ["", "../x", "a/b", ".hidden", "ü", String(repeating: "n", count: 101), "a\u{0}b"])
    func aNameThatIsNoneKeepsNothing(name: String) async throws {
        try await DiskPlace.with { place in
            let vault = DiskVault(name: name, options: place.options())
            try await vault.add("ada", secret: "one")
            #expect(try await vault.secrets == ["one"])
            #expect(try place.names == [])
            await #expect(throws: CacheProblem.self) {
                try await DiskVault(name: name, options: place.options(isRequired: true)).secrets
            }
        }
    }

    @Test func plainTextIsTheLastFallbackAndIsSaid() async throws {
        try await DiskPlace.with { place in
            var options = place.options([.encryptedFile, .unencryptedFile])
            let lines = await self.lines {
                #expect(await DiskVault(name: "test", options: options).backend() == .unencryptedFile)
            }
            #expect(lines.contains { $0.hasPrefix("notice") && $0.contains("plain text") })
            options.backends = nil
            options.encryptionKey = try TokenCacheKey(0..<32)
            #expect(options.order.last == .encryptedFile)
            options.allowsUnencryptedStorage = true
            #expect(options.order.suffix(2) == [.encryptedFile, .unencryptedFile])
            #expect(PersistentTokenCacheOptions().order.contains(.unencryptedFile) == false)
        }
    }

    @Test func aBusOfAnotherProcessIsNotUsed() async throws {
        try await DiskPlace.with { place in
            var options = place.options([.secretService])
            options.environment = ["DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent/\(UUID().uuidString)"]
            #expect(await DiskVault(name: "test", options: options).backend() == nil)
            options.environment = [:]
            #expect(await DiskVault(name: "test", options: options).backend() == nil)
        }
    }

    // MARK: Places

    @Test func filesGoWhereTheOtherLibrariesHaveTheirsAndEncryptedOnesToTheStateDirectory() throws {
        func places(_ environment: EnvironmentVariables, directory: String? = nil) throws -> PersistentPlaces {
            try PersistentPlaces(
                cache: "msal.cache", isCAEEnabled: true, directory: directory, environment: environment,
                systemHome: "/home/system")
        }
        #expect(try places(["HOME": "/home/ada"]).sharedFile == "/home/ada/.IdentityService/msal.cache.cae")
        #expect(try places(["HOME": "/home/ada"]).own.path == "/home/ada/.local/state/azure-identity")
        #expect(try places([:]).shared.path == "/home/system/.IdentityService")
        #expect(try places(["HOME": "/home/ada", "XDG_STATE_HOME": "/state"]).own.path == "/state/azure-identity")
        #expect(try places(["HOME": "/home/ada", "XDG_STATE_HOME": "state"]).own.path == "/home/ada/.local/state/azure-identity")
        #expect(try places([:], directory: "/var/lib/app").own.file("x") == "/var/lib/app/x")
        #expect(throws: StorageProblem.self) { try places(["HOME": "relative"]) }
        #expect(throws: StorageProblem.self) { try places([:], directory: "relative") }
        #expect(throws: StorageProblem.self) { try places([:], directory: "/") }
    }

    @Test func aKeyHasThirtyTwoBytesAndDoesNotShow() throws {
        #expect(throws: AuthenticationError.self) { try TokenCacheKey([1, 2, 3]) }
        #expect(throws: AuthenticationError.self) { try TokenCacheKey(Array(repeating: 7, count: 32)) }
        let key = try TokenCacheKey(100..<132)
        var dumped = ""
        dump(PersistentTokenCacheOptions(encryptionKey: key, environment: [:]), to: &dumped)
        #expect(!dumped.contains("101") && "\(key)" == "<redacted>")
    }

    // MARK: Locks and time

    @Test func theLockOfADeadProcessIsTakenOver() async throws {
        try await DiskPlace.with { place in
            // Beyond the largest process id that Linux gives.
            try place.write("4194305 program", to: "\(place.file).lockfile")
            try await place.vault(isRequired: true).add("ada", secret: "one")
            #expect(try place.names == ["test.nocae", "test.nocae.lock"])
        }
    }

    @Test func theLockOfALivingProcessIsRespected() async throws {
        try await DiskPlace.with { place in
            let lock = try place.storage().lock
            let shared = try #require(lock.sharedPath)
            try place.write("\(getpid()) program", to: shared)
            #expect(throws: StorageProblem.self) { try lock.hold(within: .milliseconds(700)) {} }
            #expect(try place.names.contains("test.nocae.lockfile"))
            // Longer than a minute nobody writes; somebody else has that id by now.
            let past = Date(timeIntervalSinceNow: -120)
            try FileManager.default.setAttributes([.modificationDate: past], ofItemAtPath: shared)
            try lock.hold(within: .seconds(5)) {}
            #expect(try place.names == ["test.nocae.lock"])
        }
    }

    /// The process id was given to somebody else, or its owner is in a container that this one doesn't see.
    @Test func theLockOfOneWhoHadTheSystemsLockTooIsTakenOver() async throws {
        try await DiskPlace.with { place in
            let lock = try place.storage().lock
            let shared = try #require(lock.sharedPath)
            let text = try lock.hold(within: .seconds(5)) { try? place.text(shared) }
            #expect(text?.hasPrefix("\(getpid()) ") == true && text?.hasSuffix(" flock") == true, "\(text ?? "no file")")
            try place.write(try #require(text), to: shared)
            try lock.hold(within: .seconds(5)) {}
            #expect(try place.names == ["test.nocae.lock"])
        }
    }

    /// Who is ended at the wrong moment would otherwise leave a file behind that names nobody.
    @Test func aLockSaysFromTheFirstMomentWhoseItIs() async throws {
        try await DiskPlace.with { place in
            let lock = try place.storage().lock
            let shared = try #require(lock.sharedPath)
            let isDone = Locked(false)
            Thread.detachNewThread {
                for _ in 0..<500 { try? lock.hold(within: .seconds(5)) {} }
                isDone.withLock { $0 = true }
            }
            var looks = (all: 0, empty: 0)
            while !isDone.withLock({ $0 }) {
                guard let text = try? place.text(shared) else { continue }
                looks.all += 1
                if text.isEmpty { looks.empty += 1 }
            }
            #expect(looks.empty == 0, "\(looks)")
            #expect(try place.names == ["test.nocae.lock"])
        }
    }

    @Test func onlyOneHoldsALock() async throws {
        try await DiskPlace.with { place in
            let lock = try place.storage().lock
            try lock.hold(within: .seconds(5)) { () throws(StorageProblem) in
                do throws(StorageProblem) {
                    try lock.hold(within: .milliseconds(20)) {}
                    Issue.record("held twice")
                } catch {
                    #expect(error.kind == .busy)
                }
            }
        }
    }

    @Test func workThatHangsHoldsNobodyUp() async throws {
        let queue = BlockingQueue(label: "test", limit: .milliseconds(50))
        let gate = DispatchSemaphore(value: 0)
        #expect(await queue.run { gate.wait() } == nil)
        #expect(await queue.run { 1 } == nil, "nothing is begun behind it")
        gate.signal()
        // Once it has ended, the queue is free again.
        while await queue.run({ 1 }) == nil { await Task.yield() }
    }

    @Test func whoIsCancelledDoesNotWait() async throws {
        let queue = BlockingQueue(label: "test", limit: .seconds(60))
        let (started, gate) = (TurnGate(places: 1), DispatchSemaphore(value: 0))
        try await started.enter()
        let waiter = Task {
            await queue.run {
                started.leave()
                gate.wait()
                return 1
            }
        }
        try await started.enter()
        waiter.cancel()
        #expect(await waiter.value == nil)
        gate.signal()
        #expect(await queue.run { 2 } == 2, "the queue goes on")
        let cancelled = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await queue.run { 3 }
        }
        #expect(await cancelled.value == nil)
    }
}
