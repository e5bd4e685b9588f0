// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
/// What the Azure Identity library for Python makes of a scenario.
package struct PeerAnswer: Decodable, Sendable {
    package struct Failure: Decodable, Sendable { package let type: String, message: String }

    package let name: String, token: String?, application: String?, tenant: String?, error: Failure?
}

extension Scenario {
    /// The types of Python's errors that mean the same as a code of ours.
    private static let classes: [String: Set<String>] = [
        "credentialUnavailable": ["CredentialUnavailableError"],
        "authenticationFailed": ["ClientAuthenticationError", "HttpResponseError"],
        "authenticationRequired": ["AuthenticationRequiredError"], "invalidConfiguration": ["ValueError"],
    ]

    /// In what Python's answer is another than ours; empty if it is the same.
    package func differences(of answer: PeerAnswer) -> [String] {
        if let expected = self.expected.token {
            if let error = answer.error { return ["\(error.type) in place of a token: \(error.message.prefix(300))"] }
            var differences: [String] = []
            if let application = expected.application, answer.application != application {
                differences.append("another application")
            }
            if let tenant = expected.tenant, answer.tenant != tenant { differences.append("another tenant") }
            return differences
        }
        guard let expected = self.expected.error else { return ["nothing is expected"] }
        guard let error = answer.error else { return ["a token in place of an error"] }
        var differences: [String] = []
        if Self.classes[expected.code]?.contains(error.type) != true {
            differences.append("\(error.type) in place of \(expected.code)")
        }
        let parts = expected.contains + (expected.aadsts ?? []).map { "AADSTS\($0)" }
        for part in parts where !error.message.contains(part) { differences.append("\"\(part)\" is missing") }
        return differences.isEmpty ? [] : differences + ["Python says: \(error.message.prefix(300))"]
    }

    /// What is wrong with what the scenario says of Python, by Python's own answer; empty if it is right.
    package func complaints(about answer: PeerAnswer) -> [String] {
        let differences = self.differences(of: answer)
        switch self.python.is {
        case .absent: return ["Python isn't to be asked"]
        case .same: return differences.isEmpty ? [] : ["not the same, and no reason is given"] + differences
        case .different:
            if differences.isEmpty {
                return ["Python does the same by now; the reason (\(self.python.because ?? "")) is out of date"]
            }
            guard let expected = self.python.error else {
                return answer.token == nil ? ["Python gives no token"] + differences : []
            }
            guard let error = answer.error else { return ["Python gives a token"] }
            let missing = expected.contains.filter { !error.message.contains($0) }
            return (error.type == expected.type ? [] : ["Python's error is \(error.type), not \(expected.type)"])
                + missing.map { "Python's message lacks \"\($0)\": \(error.message.prefix(300))" }
        }
    }

    /// What is wrong with what the scenario says of Python, before anybody is asked.
    package var peerComplaints: [String] {
        let reason = self.python.because ?? ""
        switch self.python.is {
        case .same:
            return reason.isEmpty && self.python.error == nil && self.python.token == nil
                ? [] : ["what is the same needs no reason"]
        case .absent: return reason.count < 20 ? ["no reason is given why Python isn't asked"] : []
        case .different:
            let isSaid = (self.python.error == nil) != (self.python.token == nil)
            return (reason.count < 20 ? ["a difference without a reason"] : [])
                + (isSaid ? [] : ["what Python does is said once"])
        }
    }
}
#endif
