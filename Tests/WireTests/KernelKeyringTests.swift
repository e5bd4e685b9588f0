// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureIdentity
import Foundation
import Testing

extension RealPart {
    /// The kernel's key ring; containers mostly may not use it.
    static let kernelKeyring = RealPart(name: "kernel key ring", isPresent: canUseKeyring)

    private static let canUseKeyring: Bool = {
        do {
            _ = try KernelKeyring.secret("azure-identity-swift:is it there")
            return true
        } catch {
            return false
        }
    }()
}

extension ToolProcesses {
    /// Files that a key in the kernel's key ring encrypts, for real.
    @Suite(.timeLimit(.minutes(5)), .enabled(if: RealPart.kernelKeyring.isWanted)) struct KernelKeyringTests {
        private static let order = ["backend=kernel key ring"]

        @Test func aKeyIsKeptReplacedAndRemoved() throws {
            let name = "azure-identity-swift:test \(UUID().uuidString)"
            defer { try? KernelKeyring.remove(name) }
            #expect(try KernelKeyring.secret(name) == nil)
            try KernelKeyring.store([1, 2, 3], as: name)
            #expect(try KernelKeyring.secret(name) == [1, 2, 3])
            try KernelKeyring.store([4, 5], as: name)
            #expect(try KernelKeyring.secret(name) == [4, 5])
            try KernelKeyring.remove(name)
            #expect(try KernelKeyring.secret(name) == nil)
        }

        @Test func anotherProcessReadsWhatOneWrote() async throws {
            try await CacheHome.with { home in
                defer { try? KernelKeyring.remove(Self.keyName(home)) }
                let document = CacheHome.document("ada", secret: "one")
                let written = try await home.probe("merge", "test", "required", "json=\(document)")
                #expect(written.backend == "kernel key ring" && !written.run.errors.contains("warning"), "\(written)")
                let read = try await home.probe("read", "test", "required")
                #expect(read.secrets == ["one"], "\(read)")
                let bytes = try Data(contentsOf: URL(filePath: Self.file(home)))
                #expect(bytes.range(of: Data("ada".utf8)) == nil)
            }
        }

        /// Services have a session of their own, which the user's key ring isn't linked to.
        @Test(.enabled(if: RealPart.pythonIdentity.isWanted)) func aProcessOfAnotherSessionReadsAndWritesToo() async throws {
            try await CacheHome.with { home in
                defer { try? KernelKeyring.remove(Self.keyName(home)) }
                // keyctl(KEYCTL_JOIN_SESSION_KEYRING, NULL), then the probe.
                let script = """
                    import ctypes, os, sys
                    number = {"x86_64": 250}.get(os.uname().machine, 219)
                    assert ctypes.CDLL(None).syscall(number, 1, None) > 0
                    os.execv(sys.argv[1], sys.argv[1:])
                    """
                let python = Program(path: RealPart.pythonPath, environment: home.environment)
                let arguments = ["-c", script, CacheHome.probe]
                let document = CacheHome.document("ada", secret: "one")
                let written = try await python.run(arguments + ["merge", "test", "required", "json=\(document)"] + Self.order)
                #expect(written.status == 0, "\(written)")
                #expect(try await home.probe("read", "test", "required").secrets == ["one"])
                let read = try CacheHome.answer(try await python.run(arguments + ["read", "test", "required"] + Self.order))
                #expect(read.secrets == ["one"], "\(read)")
            }
        }

        /// As after the machine has started anew.
        @Test func withoutItsKeyACacheIsEmpty() async throws {
            try await CacheHome.with { home in
                defer { try? KernelKeyring.remove(Self.keyName(home)) }
                _ = try await home.probe("merge", "test", "json=\(CacheHome.document("ada", secret: "one"))")
                try KernelKeyring.remove(Self.keyName(home))
                let read = try await home.probe("read", "test", "required")
                #expect(read.run.status == 0 && read.secrets == [] && !read.run.errors.contains("warning"), "\(read)")
                _ = try await home.probe("merge", "test", "required", "json=\(CacheHome.document("bob", secret: "two"))")
                #expect(try await home.probe("read", "test", "required").secrets == ["two"])
            }
        }

        private static func file(_ home: CacheHome) -> String { "\(home.path)/.local/state/azure-identity/test.nocae.kernel" }
        private static func keyName(_ home: CacheHome) -> String { "azure-identity-swift:\(Self.file(home))" }
    }
}
#endif
