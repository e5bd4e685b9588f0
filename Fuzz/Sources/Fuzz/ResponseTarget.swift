// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureIdentity

/// Answers of the token service: `STATUS`, header lines, an empty line, a body; or, if it begins with no number, a body alone.
enum ResponseTarget {
    static func run(_ bytes: [UInt8]) async {
        let response = Self.response(bytes)
        let credential = Scene.credential { _ in response }
        await Promises.check(credential)
        // Once more: from memory, or held back as the answer asked.
        await Promises.check(credential)
    }

    /// The response that an input stands for.
    static func response(_ bytes: [UInt8]) -> TransportResponse {
        let message = HeadAndBody(bytes)
        guard let status = Int(message.firstLine), (100...999).contains(status) else {
            return TransportResponse(status: 200, headers: ["Content-Type": "application/json"], body: bytes)
        }
        return TransportResponse(status: status, headers: message.headers, body: message.body)
    }
}

/// Values of headers, one in a line: `Retry-After`, `Date`, `retry-after-ms`, `x-ms-retry-after-ms`, `expires_on` of the token.
enum HeadersTarget {
    private static let names = ["Retry-After", "Date", "retry-after-ms", "x-ms-retry-after-ms"]

    static func run(_ bytes: [UInt8]) async {
        let values = lines(of: bytes)
        var headers: TransportHeaders = ["Content-Type": "application/json"]
        for (name, value) in zip(Self.names, values) where !value.isEmpty { headers.append(name: name, value: value) }
        let date = values.count > 4 ? values[4].filter { $0 != "\"" && $0 != "\\" } : "4102444800"
        let refusal = Array(#"{"error":"temporarily_unavailable","error_description":"AADSTS90033: A transient error."}"#.utf8)
        let grant = Array(#"{"token_type":"Bearer","access_token":"fuzzed","expires_on":"\#(date)"}"#.utf8)
        for (status, body) in [(429, refusal), (503, refusal), (200, grant)] {
            let response = TransportResponse(status: status, headers: headers, body: body)
            let credential = Scene.credential { _ in response }
            await Promises.check(credential)
            await Promises.check(credential)
        }
    }
}
