// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP
import AzureIdentity

/// Values of `WWW-Authenticate`, one in a line, then an empty line and the body of an answer with status 401.
enum ChallengeTarget {
    static func run(_ bytes: [UInt8]) async {
        var values: [String] = []
        var rest = bytes[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            let line = rest[..<end]
            rest = rest[(end + 1)...]
            if line.isEmpty { break }
            values.append(String(decoding: line, as: UTF8.self))
        }
        if values.isEmpty { (values, rest) = ([String(decoding: bytes, as: UTF8.self)], []) }
        Self.check(values)

        var headers: TransportHeaders = ["Content-Type": "text/plain"]
        for value in values { headers.append(name: "WWW-Authenticate", value: value) }
        let response = TransportResponse(status: 401, headers: headers, body: rest.isEmpty ? Array("no".utf8) : Array(rest))
        await Promises.check(Scene.credential { _ in response })
    }

    private static func check(_ values: [String]) {
        let challenges = AuthenticationChallenge.challenges(in: values)
        if challenges.count > AuthenticationChallenge.maximumCount { Violation.report("\(challenges.count) challenges") }
        for challenge in challenges {
            if challenge.scheme.isEmpty || challenge.scheme.utf8.contains(where: { $0 <= 0x20 || $0 >= 0x7F }) {
                Violation.report("the scheme \(challenge.scheme.debugDescription)")
            }
            if challenge.token != nil && !challenge.parameters.isEmpty { Violation.report("a token and parameters") }
            if challenge.parameters.keys.contains(where: { $0.isEmpty || $0 != $0.lowercased() }) {
                Violation.report("the parameters \(challenge.parameters.keys)")
            }
        }
        // Written as the standard says, they are read as the same.
        let text = challenges.map(Self.render).joined(separator: ", ")
        guard text.utf8.count <= AuthenticationChallenge.maximumLength else { return }
        let again = AuthenticationChallenge.challenges(in: [text])
        if again != challenges {
            Violation.report("\(values) is read as \(challenges), and \(text.debugDescription) as \(again)")
        }
    }

    private static func render(_ challenge: AuthenticationChallenge) -> String {
        if let token = challenge.token { return "\(challenge.scheme) \(token)" }
        let parameters = challenge.parameters.sorted { $0.key < $1.key }.map { name, value in
            "\(name)=\"\(value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
        }
        return "\(challenge.scheme) \(parameters.joined(separator: ", "))"
    }
}
