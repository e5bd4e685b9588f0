// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(Security)
import Security

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Generic passwords in the default Keychain. Items that would have somebody asked count as not there. Not built or run here:
/// written by the documentation.
enum Keychain {
    /// The bytes of an item; `nil` if there is none.
    static func contents(service: String, account: String) throws(StorageProblem) -> [UInt8]? {
        var query = Self.query(service, account)
        query[kSecReturnData as String] = true
        query[kSecMatchLimit as String] = kSecMatchLimitOne
        var result: CFTypeRef?
        let status = SecItemCopyMatching(query as CFDictionary, &result)
        switch status {
        case errSecSuccess: return (result as? Data).map { Array($0) } ?? []
        case errSecItemNotFound: return nil
        default: throw Self.problem(status)
        }
    }

    /// Keeps bytes in an item, in the place of what is there.
    static func store(_ bytes: [UInt8], service: String, account: String) throws(StorageProblem) {
        let query = Self.query(service, account)
        var status = SecItemUpdate(query as CFDictionary, [kSecValueData as String: Data(bytes)] as CFDictionary)
        if status == errSecItemNotFound {
            var item = query
            item[kSecUseAuthenticationUI as String] = nil
            item[kSecValueData as String] = Data(bytes)
            status = SecItemAdd(item as CFDictionary, nil)
        }
        guard status == errSecSuccess else { throw Self.problem(status) }
    }

    /// Removes an item; whether there was one.
    static func remove(service: String, account: String) throws(StorageProblem) -> Bool {
        let status = SecItemDelete(Self.query(service, account) as CFDictionary)
        guard status == errSecSuccess || status == errSecItemNotFound else { throw Self.problem(status) }
        return status == errSecSuccess
    }

    private static func query(_ service: String, _ account: String) -> [String: Any] {
        [
            kSecClass as String: kSecClassGenericPassword, kSecAttrService as String: service,
            kSecAttrAccount as String: account, kSecUseAuthenticationUI as String: kSecUseAuthenticationUISkip,
        ]
    }

    private static func problem(_ status: OSStatus) -> StorageProblem {
        StorageProblem(.unavailable, "the Keychain can't be used (status \(status))")
    }
}
#else
/// There is no Keychain on this system.
enum Keychain {
    private static let problem = StorageProblem(.unavailable, "there is no Keychain on this system")

    static func contents(service: String, account: String) throws(StorageProblem) -> [UInt8]? { throw Self.problem }
    static func store(_ bytes: [UInt8], service: String, account: String) throws(StorageProblem) { throw Self.problem }
    static func remove(service: String, account: String) throws(StorageProblem) -> Bool { throw Self.problem }
}
#endif
