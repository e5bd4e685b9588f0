// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A member of an entry, by its name in JSON.
enum CacheMember: String, CaseIterable, Sendable {
    case credentialType = "credential_type"
    case secret
    case homeAccountID = "home_account_id"
    case environment
    case clientID = "client_id"
    case target
    case realm
    case tokenType = "token_type"
    case cachedAt = "cached_at"
    case expiresOn = "expires_on"
    case extendedExpiresOn = "extended_expires_on"
    case refreshOn = "refresh_on"
    case extensionKey = "ext_cache_key"
    case proof = "azure_identity_swift_proof"
    case lastModified = "last_modification_time"
    case familyID = "family_id"
    case localAccountID = "local_account_id"
    case username
    case authorityType = "authority_type"
    case accountSource = "account_source"
    case clientInfo = "client_info"
    case name
}

/// What a section's entries look like.
final class CacheLayout: Sendable {
    /// The name of the section, which is also the type that its tokens say they have.
    let title: String
    let section: [UInt8]
    /// The members that are read and written, in the order in which Python's library writes them.
    let members: [CacheMember]
    /// The names of the members.
    let names: [[UInt8]]

    private init(_ title: String, _ members: [CacheMember]) {
        self.title = title
        self.section = Array(title.utf8)
        self.members = members
        self.names = members.map { Array($0.rawValue.utf8) }
    }

    static let access = CacheLayout(
        "AccessToken",
        [
            .credentialType, .secret, .homeAccountID, .environment, .clientID, .target, .realm, .tokenType, .cachedAt, .expiresOn,
            .extendedExpiresOn, .refreshOn, .extensionKey, .proof,
        ]
    )
    static let refresh = CacheLayout(
        "RefreshToken",
        [.credentialType, .secret, .homeAccountID, .environment, .clientID, .target, .lastModified, .familyID]
    )
    static let id = CacheLayout("IdToken", [.credentialType, .secret, .homeAccountID, .environment, .realm, .clientID])
    static let account = CacheLayout(
        "Account",
        [
            .homeAccountID, .environment, .realm, .localAccountID, .username, .authorityType, .accountSource, .clientInfo, .name,
        ]
    )
    static let application = CacheLayout("AppMetadata", [.clientID, .environment, .familyID])

    /// Where a member is among an entry's fields; `nil` if entries of this kind don't have it.
    func position(of member: CacheMember) -> Int? {
        for position in self.members.indices {
            if case member = self.members[position] { return position }
        }
        return nil
    }
}

extension CacheDocument.Kind {
    var layout: CacheLayout {
        switch self {
        case .access: .access
        case .refresh: .refresh
        case .id: .id
        case .account: .account
        case .application: .application
        }
    }

    var title: String { self.layout.title }
    var section: [UInt8] { self.layout.section }
    var members: [CacheMember] { self.layout.members }
    var names: [[UInt8]] { self.layout.names }
}

/// What a new entry says in a member.
enum CacheValue {
    case text(String)
    case null
    /// The member isn't there.
    case absent
    /// As it was in the entry that is replaced, if there was one.
    case kept

    /// Seconds since 1970, as a text of digits.
    static func date(_ date: Date) -> CacheValue {
        .text("\(Int64(min(max(date.timeIntervalSince1970, 0), 253_402_300_799).rounded(.down)))")
    }

    static func optional(_ text: String?) -> CacheValue { text.map { .text($0) } ?? .absent }
    static func optional(_ date: Date?) -> CacheValue { date.map { .date($0) } ?? .absent }
}

/// Writes entries. Pure.
enum CacheEntryWriter {
    /// Members of other libraries that tell of the one token, so they aren't for the next one.
    private static let tokenMembers: Set<String> = [
        "key_id", "keyid", "kid", "user_assertion_hash", "ext_expires_on", "requested_claims", "requestedClaims",
        "requestedClaimsHash",
    ]

    /// An entry as JSON: its members, then what the entry that it replaces says besides.
    static func json(
        _ kind: CacheDocument.Kind,
        _ values: [(CacheMember, CacheValue)],
        replacing item: CacheDocument.Item?,
        in bytes: [UInt8]
    ) -> [UInt8] {
        var parts: [[UInt8]] = []
        let former = Self.members(of: item, in: bytes)
        let own = Set(kind.members.map(\.rawValue))
        for (member, value) in values {
            let name = CacheText.quoted(member.rawValue) + [UInt8(ascii: ":")]
            switch value {
            case .text(let text): parts.append(name + CacheText.quoted(text))
            case .null: parts.append(name + Array("null".utf8))
            case .absent: break
            case .kept:
                guard let old = former.last(where: { $0.name == member.rawValue }) else { continue }
                parts.append(name + old.value)
            }
        }
        for (name, value) in former where !own.contains(name) && !Self.tokenMembers.contains(name) {
            parts.append(CacheText.quoted(name) + [UInt8(ascii: ":")] + value)
        }
        return [UInt8(ascii: "{")] + Array(parts.joined(separator: [UInt8(ascii: ",")])) + [UInt8(ascii: "}")]
    }

    private static func members(
        of item: CacheDocument.Item?,
        in bytes: [UInt8]
    ) -> [(name: String, value: ArraySlice<UInt8>)] {
        guard let item, !item.fields.isEmpty else { return [] }
        var reader = CacheReader(bytes, at: item.value.range.lowerBound)
        let members = (try? reader.members()) ?? []
        return members.compactMap { member in
            member.name.string(in: bytes).map { ($0, member.value.raw(in: bytes)) }
        }
    }
}

extension CacheText {
    /// A text as JSON. All in ASCII, as Python's library writes it: who reads a file may take it for another encoding.
    static func quoted(_ text: String) -> [UInt8] {
        let hexadecimal = Array("0123456789abcdef".utf8)
        var result: [UInt8] = [UInt8(ascii: "\"")]
        result.reserveCapacity(text.utf8.count + 2)
        for unit in text.utf16 {
            switch unit {
            case 0x22, 0x5C: result += [UInt8(ascii: "\\"), UInt8(unit)]
            case 0x20...0x7E: result.append(UInt8(unit))
            default:
                result += Array("\\u".utf8)
                for shift in [12, 8, 4, 0] { result.append(hexadecimal[Int(unit >> UInt16(shift)) & 0xF]) }
            }
        }
        result.append(UInt8(ascii: "\""))
        return result
    }
}
