// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Small secrets in the memory of the Linux kernel, which all processes of a user share and which end with the machine's run at
/// the latest: keys of the type `user` in the user's key ring, and in the persistent one where the kernel has that.
///
/// Never asks anybody, needs no library and no session. Containers mostly may not use it.
package enum KernelKeyring {
    /// Keyring ids and commands (linux/keyctl.h).
    private enum Number {
        static let threadRing = -1, userRing = -4
        static let setPermissions = 5, link = 8, unlink = 9, search = 10, read = 11, persistentRing = 22
    }

    /// All for who has the key linked to a ring of theirs (possessor), and view, read, write, search and link for every process
    /// of the user: services have no session that links the user's ring.
    private static let permissions = 0x3F1F_0000

    /// The bytes of a key; `nil` if there is none. The name may have 4,000 bytes.
    package static func secret(_ name: String) throws(StorageProblem) -> [UInt8]? {
        try Self.checked(name)
        // Links the persistent ring to the user's one, and sets its time of three days anew. Without it, the user's own will do.
        _ = try? Self.call(.control, Number.persistentRing, -1, Number.userRing)
        guard let key = try Self.find(name) else { return nil }
        var bytes = [UInt8](repeating: 0, count: 1024)
        let count = try bytes.withUnsafeMutableBytes {
            Self.result(.control, Number.read, key, Int(bitPattern: $0.baseAddress), $0.count)
        }.get()
        guard count <= bytes.count else { throw StorageProblem(.damaged, "the key in the kernel's key ring is too long") }
        return Array(bytes.prefix(count))
    }

    /// Stores a key in the place of one of the same name.
    package static func store(_ secret: [UInt8], as name: String) throws(StorageProblem) {
        try Self.checked(name)
        // On the thread's own ring first: what it holds may be given other permissions, and is linked to the rings that stay.
        let key = try Self.withText("user", name) { type, name in
            secret.withUnsafeBytes {
                Self.result(.add, type, name, Int(bitPattern: $0.baseAddress), $0.count, Number.threadRing)
            }
        }.get()
        defer { _ = try? Self.call(.control, Number.unlink, key, Number.threadRing) }
        _ = try Self.call(.control, Number.setPermissions, key, Self.permissions)
        _ = try Self.call(.control, Number.link, key, Number.userRing)
        if let ring = try? Self.call(.control, Number.persistentRing, -1, Number.userRing) {
            _ = try? Self.call(.control, Number.link, key, ring)
        }
    }

    /// Removes a key, if there is one.
    package static func remove(_ name: String) throws(StorageProblem) {
        guard let key = try Self.find(name) else { return }
        if let ring = try? Self.call(.control, Number.persistentRing, -1, Number.userRing) {
            _ = try? Self.call(.control, Number.unlink, key, ring)
        }
        _ = try? Self.call(.control, Number.unlink, key, Number.userRing)
    }

    private static func checked(_ name: String) throws(StorageProblem) {
        guard !name.isEmpty, name.utf8.count <= 4000, !name.utf8.contains(0) else {
            throw StorageProblem(.unavailable, "the kernel's key ring can't hold a key of this name")
        }
    }

    private static func find(_ name: String) throws(StorageProblem) -> Int? {
        let found = Self.withText("user", name) { Self.result(.control, Number.search, Number.userRing, $0, $1, 0) }
        if case .failure(let problem) = found, problem.kind == .keyLost { return nil }
        return try found.get()
    }

    private static func call(
        _ call: Call,
        _ first: Int,
        _ second: Int = 0,
        _ third: Int = 0
    ) throws(StorageProblem) -> Int {
        try Self.result(call, first, second, third).get()
    }

    private static func withText<Result>(_ first: String, _ second: String, _ body: (Int, Int) -> Result) -> Result {
        first.withCString { first in
            second.withCString { second in body(Int(bitPattern: first), Int(bitPattern: second)) }
        }
    }
}

#if os(Linux)
extension KernelKeyring {
    /// The C library's `syscall`, which takes any number of words. Swift calls no such functions, but knows this one by address
    /// with a fixed list: on Linux both are called alike. Absent from programs that are linked without any shared library.
    private typealias SystemCall = @convention(c) @Sendable (Int, Int, Int, Int, Int, Int) -> Int

    private static let systemCall: SystemCall? = {
        guard let program = dlopen(nil, RTLD_NOW), let symbol = dlsym(program, "syscall") else { return nil }
        return unsafeBitCast(symbol, to: SystemCall.self)
    }()

    private enum Call {
        case add, control

        /// The call's number on this processor (asm/unistd.h); `nil` on others than these.
        var number: Int? {
            #if arch(x86_64)
            switch self {
            case .add: 248
            case .control: 250
            }
            #elseif arch(arm64) || arch(riscv64)
            switch self {
            case .add: 217
            case .control: 219
            }
            #else
            nil
            #endif
        }
    }

    private static func result(
        _ call: Call,
        _ first: Int,
        _ second: Int = 0,
        _ third: Int = 0,
        _ fourth: Int = 0,
        _ fifth: Int = 0
    ) -> Result<Int, StorageProblem> {
        guard let systemCall = Self.systemCall, let number = call.number else {
            return .failure(StorageProblem(.unavailable, "the kernel's key ring can't be reached from this program"))
        }
        let result = systemCall(number, first, second, third, fourth, fifth)
        guard result < 0 else { return .success(result) }
        let problem =
            switch errno {
            case ENOKEY, EKEYEXPIRED, EKEYREVOKED: StorageProblem(.keyLost, "the key is not in the kernel's key ring")
            case ENOSYS, EPERM, EACCES:
                StorageProblem(.unavailable, "the kernel's key ring may not be used here, which is common in containers")
            default: StorageProblem(.unavailable, "the kernel's key ring can't be used (\(Host.errorName()))")
            }
        return .failure(problem)
    }
}
#else
extension KernelKeyring {
    private enum Call { case add, control }

    private static func result(
        _ call: Call,
        _ first: Int,
        _ second: Int = 0,
        _ third: Int = 0,
        _ fourth: Int = 0,
        _ fifth: Int = 0
    ) -> Result<Int, StorageProblem> {
        .failure(StorageProblem(.unavailable, "there is no kernel key ring on this system"))
    }
}
#endif
