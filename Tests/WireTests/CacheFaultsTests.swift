// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import Foundation
import Testing

extension ToolProcesses {
    /// What may befall the files of a persistent cache.
    @Suite(.timeLimit(.minutes(15))) struct CacheFaultsTests {
        /// How many writes are acknowledged before a test is content; `dev/deep` wants more.
        private static let wantedWrites = Int(ProcessInfo.processInfo.environment["AZID_TEST_CACHE_WRITES"] ?? "") ?? 80
        private static let writerCount = 8

        /// Eight processes write, and each is killed time and again, at any moment.
        @Test(arguments: ["unencrypted file", "encrypted file"])
        func killedWritersLeaveNoDamageAndLoseNothing(backend: String) async throws {
            try await CacheHome.with { home in
                let directory = "\(home.path)/cache"
                let options = ["directory=\(directory)", "backend=\(backend)", "key=k", "required"]
                var last = [Int](repeating: 0, count: Self.writerCount)
                var count = 0
                while count < Self.wantedWrites {
                    let runs = try await Self.round(options, home)
                    for (writer, run) in runs {
                        let numbers = run.output.split(separator: "\n").compactMap { Int($0) }
                        try #require(!run.output.contains("error") && !run.errors.contains("warning"), "\(run)")
                        // Nothing that was acknowledged was forgotten.
                        #expect((numbers.first ?? .max) > last[writer], "writer \(writer): \(numbers) after \(last[writer])")
                        last[writer] = max(last[writer], numbers.last ?? 0)
                        count += numbers.count
                    }
                }
                let merge = try await Program(path: CacheHome.probe, environment: home.environment)
                    .run(["merge", "c"] + options + ["json=\(CacheHome.document("last", secret: "last:1"))"])
                #expect(merge.status == 0, "\(merge)")
                let read = try CacheHome.answer(
                    try await Program(path: CacheHome.probe, environment: home.environment).run(["read", "c"] + options))
                let found = Dictionary(
                    uniqueKeysWithValues: read.secrets.map { secret in
                        let parts = secret.split(separator: ":")
                        return (String(parts[0]), Int(parts[1]) ?? -1)
                    }
                )
                for writer in last.indices { #expect(found["w\(writer)", default: 0] >= last[writer], "writer \(writer)") }
                let names = try FileManager.default.contentsOfDirectory(atPath: directory)
                #expect(
                    !names.contains { $0.hasSuffix(".damaged") || $0.hasSuffix(".lockfile") || $0.hasSuffix(".draft") },
                    "\(names)")
            }
        }

        /// All writers at once, each of which is killed after a while.
        private static func round(_ options: [String], _ home: CacheHome) async throws -> [(Int, Program.Run)] {
            try await withThrowingTaskGroup { group in
                for writer in 0..<Self.writerCount {
                    let seconds = String(Double.random(in: 0.05...0.8))
                    group.addTask {
                        let timeout = Program(path: "/usr/bin/timeout", environment: home.environment)
                        let arguments = ["--signal=KILL", seconds, CacheHome.probe, "churn", "c", "id=w\(writer)"] + options
                        return (writer, try await timeout.run(arguments))
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
        }

        @Test(.enabled(if: RealPart.networkNamespace.isWanted)) func aFullDiskLosesNothingThatWasThere() async throws {
            try await CacheHome.with { home in
                let small = CacheHome.document("ada", secret: "small")
                let large = CacheHome.document("bob", secret: "'\"$LONG\"'")
                let probe = #""$PROBE" merge c directory="$HOME/disk" backend="unencrypted file""#
                let script = """
                    mkdir -m 700 "$HOME/disk" && mount -t tmpfs -o size=64k,mode=700 tmpfs "$HOME/disk" || exit 9
                    LONG="$(head -c 90000 /dev/zero | tr '\\0' l)"
                    \(probe) json='\(small)' && \(probe) json='\(large)' && \(probe) json='\(large)' required
                    "$PROBE" read c directory="$HOME/disk" backend="unencrypted file"
                    ls "$HOME/disk"
                    """
                let run = try await Self.alone(script, home)
                #expect(run.output.hasPrefix("unencrypted file\nunencrypted file\nerror: "), "\(run)")
                #expect(run.errors.contains("the disk is full"), "\(run.errors)")
                #expect(run.output.contains(#""secret":"small""#))
                #expect(run.output.hasSuffix("c.nocae\nc.nocae.lock\n"), "\(run.output)")
            }
        }

        @Test(.enabled(if: RealPart.networkNamespace.isWanted)) func aReadOnlyHomeIsReadAndNotWritten() async throws {
            try await CacheHome.with { home in
                let probe = #""$PROBE" merge c backend="unencrypted file""#
                let script = """
                    mkdir -m 700 "$HOME/disk" && mount -t tmpfs -o size=64k,mode=700 tmpfs "$HOME/disk" || exit 9
                    export HOME="$HOME/disk"
                    \(probe) json='\(CacheHome.document("ada", secret: "one"))'
                    mount -o remount,ro "$HOME" || exit 9
                    \(probe) json='\(CacheHome.document("bob", secret: "two"))'
                    "$PROBE" read c backend="unencrypted file"
                    "$PROBE" read other required
                    """
                let run = try await Self.alone(script, home)
                #expect(run.output.hasPrefix("unencrypted file\nunencrypted file\nunencrypted file\n"), "\(run)")
                #expect(run.output.contains(#""secret":"one""#) && !run.output.contains(#""secret":"two""#))
                #expect(run.errors.contains("the file system is read-only"), "\(run.errors)")
                #expect(run.output.contains("error: "), "\(run)")
            }
        }

        /// Runs shell lines where what they mount is seen by nobody else.
        private static func alone(_ script: String, _ home: CacheHome) async throws -> Program.Run {
            let program = Program(path: "/usr/bin/unshare", environment: home.environment)
            return try await program.run(["--mount", "--propagation", "private", "/bin/sh", "-c", script])
        }
    }
}
#endif
