// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What the parameter `claims` asks for. Pure.
struct RequestedClaims: Sendable {
    /// The parameter as it came.
    var text: String?
    /// Whether the client can handle claims challenges: `CP1`, in any case.
    var isCAECapable = false
    /// The authentication contexts that the token has to have.
    var contexts: [String] = []
    /// Whether policies are named that have to be met.
    var namesPolicies = false

    init(_ text: String?) throws(EmulatorRefusal) {
        guard let text else { return }
        guard let claims = try? JSONDecoder().decode(EmulatorJSON.self, from: Data(text.utf8)), case .object = claims else {
            throw .badClaims
        }
        self.text = text
        let token = claims["access_token"]
        self.isCAECapable = Self.values(token?["xms_cc"]).contains { $0.uppercased() == "CP1" }
        self.contexts = Self.values(token?["acrs"])
        self.namesPolicies = !Self.values(token?["capolids"]).isEmpty || !Self.values(token?["polids"]).isEmpty
    }

    /// `value` and `values` of a claim.
    private static func values(_ claim: EmulatorJSON?) -> [String] {
        ((claim?["values"]?.elements ?? []) + [claim?["value"]].compactMap { $0 }).compactMap(\.string)
    }
}
