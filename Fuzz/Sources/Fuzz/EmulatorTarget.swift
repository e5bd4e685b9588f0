// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureIdentity
import AzureIdentityTesting

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Requests to the emulator: `METHOD PATH`, header lines, an empty line, a body.
enum EmulatorTarget {
    static func run(_ bytes: [UInt8]) async {
        let message = HeadAndBody(bytes)
        let words = message.firstLine.split(separator: " ", maxSplits: 1)
        let path = (words.count > 1 ? words[1] : "").drop { $0 == "/" }
        guard let url = URL(string: "https://fuzz.example/\(path)") else { return }
        let request = TransportRequest(
            method: .init(rawValue: words.first.map { String($0) } ?? ""),
            url: url,
            headers: message.headers,
            body: message.body,
            timeout: .seconds(5)
        )
        // One for each input: what it records would grow, and no input depends on another.
        let emulator = EntraEmulator()
        do {
            Self.check(try await emulator.transport.send(request))
        } catch {
            Violation.report("the emulator threw \(error)")
        }
        if emulator.requestCount != 1 || emulator.requests.count != 1 { Violation.report("the request wasn't recorded") }
    }

    private static func check(_ response: TransportResponse) {
        if !(200...599).contains(response.status) { Violation.report("the status \(response.status)") }
        for field in response.headers.fields where !(field.name + field.value).utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) {
            Violation.report("a header \(field.name.debugDescription): \(field.value.debugDescription)")
        }
    }
}
