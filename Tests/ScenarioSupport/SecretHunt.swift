// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
/// The secrets of a run, and the search for them in everything that comes out of it. Pure.
package struct SecretHunt: Sendable {
    /// A secret and what it is.
    package struct Secret: Sendable, Hashable {
        package let kind: String
        package let text: String
        /// Whether each half by itself tells.
        package let isCut: Bool

        package init(kind: String, text: String, isCut: Bool) {
            self.kind = kind
            self.text = text
            self.isCut = isCut
        }
    }

    /// A text that came out, and where.
    package struct Output: Sendable {
        package let place: String, text: String

        package init(_ place: String, _ text: String) {
            self.place = place
            self.text = text
        }
    }

    /// A secret that shows.
    package struct Finding: Sendable, Hashable, CustomStringConvertible {
        package let kind: String, form: String, place: String

        /// Says what shows where; never the secret.
        package var description: String { "the \(self.kind) shows \(self.form) in \(self.place)" }
    }

    /// A form of a secret, in bytes.
    private struct Needle: Sendable {
        let kind: String, form: String
        let bytes: [UInt8]
    }

    /// The forms of all secrets, by their first two bytes: one pass over a text finds all of them, and there is much text.
    private let needles: [[Needle]]
    /// The kinds that are looked for.
    package let kinds: Set<String>

    /// Secrets that are too short to be told from chance are left out.
    package init(_ secrets: some Sequence<Secret>) {
        var needles = [[Needle]](repeating: [], count: 1 << 16)
        var kinds: Set<String> = []
        for secret in Set(secrets) {
            for form in SecretForms(secret.text, isCut: secret.isCut).forms {
                let bytes = Array(form.text.utf8)
                needles[Self.slot(bytes[0], bytes[1])].append(Needle(kind: secret.kind, form: form.name, bytes: bytes))
                kinds.insert(secret.kind)
            }
        }
        self.needles = needles
        self.kinds = kinds
    }

    private static func slot(_ first: UInt8, _ second: UInt8) -> Int { Int(first) << 8 | Int(second) }

    /// What shows: of each kind one form at each place.
    package func findings(in outputs: [Output]) -> Set<Finding> {
        var findings: [[String]: Finding] = [:]
        for output in outputs {
            let bytes = Array(output.text.utf8)
            for needle in Self.shown(self.needles, in: bytes) where findings[[needle.kind, output.place]] == nil {
                findings[[needle.kind, output.place]] = Finding(kind: needle.kind, form: needle.form, place: output.place)
            }
        }
        return Set(findings.values)
    }

    private static func shown(_ needles: [[Needle]], in bytes: [UInt8]) -> [Needle] {
        guard bytes.count >= SecretForms.shortest else { return [] }
        var shown: [Needle] = []
        for start in 0...(bytes.count - SecretForms.shortest) {
            let candidates = needles[self.slot(bytes[start], bytes[start + 1])]
            if candidates.isEmpty { continue }
            shown += candidates.filter { bytes[start...].starts(with: $0.bytes) }
        }
        return shown
    }
}
#endif
