// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

#if canImport(FoundationEssentials)
import struct FoundationEssentials.Date
#else
import struct Foundation.Date
#endif

/// What becomes of the tokens of applications, which have no session: each has a number in its id, and all up to one can be revoked.
extension PeopleLedger {
    /// An id for a token: 8 random bytes and the number, in base64url.
    func tokenID() -> String {
        let serial = self.withState { state in
            state.lastSerial += 1
            return state.lastSerial
        }
        var generator = SystemRandomNumberGenerator()
        let noise = (0..<8).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        return Base64URL.encode(noise + (0..<8).map { UInt8(truncatingIfNeeded: serial >> (56 - 8 * $0)) })
    }

    /// The number in a token's id.
    static func serial(ofToken id: String) -> Int? {
        guard let bytes = Base64URL.decodeExactly(id[...]), bytes.count == 16 else { return nil }
        return bytes.dropFirst(8).reduce(0) { $0 << 8 | Int($1) }
    }

    func revokeTokens(ofApplication objectID: String, tenantID: String, at date: Date) {
        let key = Self.key(objectID: objectID, tenantID: tenantID)
        self.withState { $0.revocations[key] = Revocation(lastSerial: $0.lastSerial, date: date) }
    }

    /// When the tokens of an application were revoked, if this one is among them.
    func revocation(ofToken id: String, objectID: String, tenantID: String) -> Date? {
        guard let serial = Self.serial(ofToken: id) else { return nil }
        let key = Self.key(objectID: objectID, tenantID: tenantID)
        return self.withState { state in state.revocations[key].flatMap { serial <= $0.lastSerial ? $0.date : nil } }
    }

    /// What stands for an application in the table; those of people have no blank.
    private static func key(objectID: String, tenantID: String) -> String { "\(objectID) \(tenantID)".lowercased() }
}
