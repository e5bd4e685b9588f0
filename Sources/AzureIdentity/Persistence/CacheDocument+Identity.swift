// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// Members that are equal in two entries of which one takes the other's place, or in an entry and what is looked for. Pure.
struct CacheIdentity {
    private struct Member {
        let position: Int
        let text: [UInt8]?
        let ignoresCase: Bool
        /// What an entry without the member says.
        let assumed: [UInt8]
    }

    let kind: CacheDocument.Kind
    private let members: [Member]
    /// The scopes that an entry has, no more and no fewer; `nil` if they don't matter.
    private let target: [[UInt8]]?
    private let targetPosition: Int?

    /// - Parameters:
    ///   - kind: The kind of the entries.
    ///   - exact: Members that are equal to the letter.
    ///   - loose: Hosts and ids, where case makes no difference.
    ///   - target: The scopes that an entry has.
    init(
        _ kind: CacheDocument.Kind,
        exact: [(CacheMember, String?)],
        loose: [(CacheMember, String?)],
        target: [String]? = nil
    ) {
        self.kind = kind
        self.target = target.map { Set($0).map { Array($0.utf8) } }
        self.targetPosition = kind.layout.position(of: .target)
        let all = exact.map { ($0.0, $0.1, false) } + loose.map { ($0.0, $0.1, true) }
        self.members = all.compactMap { member, text, ignoresCase in
            guard let position = kind.layout.position(of: member) else { return nil }
            let assumed = member == .tokenType ? "Bearer" : ""
            return Member(
                position: position, text: text.map { Array($0.utf8) }, ignoresCase: ignoresCase, assumed: Array(assumed.utf8))
        }
    }

    /// Whether an entry of the kind has these members.
    func isSame(_ item: CacheDocument.Item, in document: CacheDocument) -> Bool {
        guard !item.fields.isEmpty else { return false }
        for member in self.members where !Self.isSame(item.fields[member.position], member, in: document.bytes) { return false }
        return self.isTarget(item, in: document.bytes)
    }

    private static func isSame(_ field: CacheText, _ member: Member, in bytes: [UInt8]) -> Bool {
        switch field.form {
        case .absent, .null:
            guard let text = member.text else { return true }
            return CacheText.isSame(text[...], member.assumed[...], ignoringCase: member.ignoresCase)
        case .string, .escaped:
            // Nothing and no text are the same: some libraries write the one, some the other.
            return field.equals(member.text ?? [], in: bytes, ignoringCase: member.ignoresCase)
        case .number, .other: return false
        }
    }

    private func isTarget(_ item: CacheDocument.Item, in bytes: [UInt8]) -> Bool {
        guard let target = self.target, let position = self.targetPosition else { return true }
        let field = item.fields[position]
        guard let text = field.utf8(in: bytes) else { return target.isEmpty && (field.form == .absent || field.form == .null) }
        guard text.contains(0x20) || target.count != 1 else { return CacheText.isSame(text, target[0][...], ignoringCase: false) }
        return Set(text.split(separator: 0x20).map(Array.init)) == Set(target)
    }
}
