// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The files that prove to the Arc agent that a program may read them, each with a secret that is good once.
///
/// Keeps at most 100 of them; of more the oldest goes, with its file. All go with the object.
package final class ArcKeyFiles: Sendable {
    private struct Key: Sendable {
        var secret: String
        var path: String
    }

    private static let limit = 100

    private let keys = Locked<[Key]>([])

    package init() {}

    deinit { for key in self.keys.withLock({ $0 }) { Self.remove(key) } }

    /// Writes a fresh secret into a fresh file that only its owner can read.
    ///
    /// - Parameter directory: The folder; it is made if it is not there.
    /// - Returns: The path, or `nil` if the file can't be written.
    func issue(in directory: String) -> String? {
        var folder = directory
        while folder.count > 1, folder.hasSuffix("/") { folder.removeLast() }
        let key = Key(secret: Self.random(bytes: 32), path: "\(folder)/\(Self.random(bytes: 16)).key")
        let manager = FileManager.default
        try? manager.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        let attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o600]
        guard manager.createFile(atPath: key.path, contents: Data(key.secret.utf8), attributes: attributes) else { return nil }
        let dropped = self.keys.withLock { keys in
            keys.append(key)
            return keys.count > Self.limit ? keys.removeFirst() : nil
        }
        if let dropped { Self.remove(dropped) }
        return key.path
    }

    /// Takes a secret in, and removes its file.
    ///
    /// - Returns: Whether it was good.
    func redeem(_ secret: String) -> Bool {
        let found = self.keys.withLock { keys in
            keys.firstIndex { $0.secret == secret }.map { keys.remove(at: $0) }
        }
        if let found { Self.remove(found) }
        return found != nil
    }

    private static func remove(_ key: Key) { try? FileManager.default.removeItem(atPath: key.path) }

    /// Random bytes in hexadecimal.
    private static func random(bytes: Int) -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<bytes).map { _ in
            let byte = UInt8.random(in: .min ... .max, using: &generator)
            return (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }
}
