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

    private let secrets: [(secret: Secret, forms: SecretForms)]

    /// Secrets that are too short to be told from chance are left out.
    package init(_ secrets: some Sequence<Secret>) {
        self.secrets = Set(secrets).map { ($0, SecretForms($0.text, isCut: $0.isCut)) }
    }

    /// The kinds that are looked for.
    package var kinds: Set<String> { Set(self.secrets.filter { !$0.forms.forms.isEmpty }.map(\.secret.kind)) }

    /// What shows.
    package func findings(in outputs: [Output]) -> Set<Finding> {
        var findings: Set<Finding> = []
        for output in outputs {
            for (secret, forms) in self.secrets {
                guard let form = forms.form(in: output.text) else { continue }
                findings.insert(.init(kind: secret.kind, form: form.name, place: output.place))
            }
        }
        return findings
    }
}
#endif
