// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP
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

    static func check(_ response: TransportResponse) {
        if !(200...599).contains(response.status) { Violation.report("the status \(response.status)") }
        for field in response.headers.fields where !(field.name + field.value).utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) {
            Violation.report("a header \(field.name.debugDescription): \(field.value.debugDescription)")
        }
    }
}

/// Requests to the emulated hosts: `METHOD LISTENER PATH`, header lines, an empty line, a body. Nothing of HTTP or TLS stands between.
enum EmulatorHostsTarget {
    static func run(_ bytes: [UInt8]) {
        let message = HeadAndBody(bytes)
        let words = message.firstLine.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        let target = (words.count > 2 ? words[2] : "").split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let request = EmulatorRequest(
            method: words.first ?? "",
            path: target.first.map(String.init) ?? "",
            query: target.count > 1 ? String(target[1]) : "",
            headers: message.headers,
            body: message.body,
            host: message.headers["Host"] ?? "localhost",
            listener: words.count > 1 ? EmulatorListener(rawValue: words[1]) ?? .plain : .plain
        )
        var configuration = EmulatorConfiguration.sample
        configuration.hosts.arcKeyDirectory = Fixtures.scratch + "issued"
        let emulator = EntraEmulator(configuration: configuration)
        let response = emulator.engine.reply(to: request).response
        EmulatorTarget.check(TransportResponse(status: response.status, headers: response.headers, body: response.body))
        if emulator.requestCount != 1 { Violation.report("the request wasn't recorded") }
        let isJSON = response.headers["Content-Type"]?.hasPrefix("application/json") ?? false
        if isJSON, (try? JSONDecoder().decode(Object.self, from: Data(response.body))) == nil {
            Violation.report("a body that is no JSON object: \(String(decoding: response.body, as: UTF8.self))")
        }
    }

    /// Any JSON object.
    private struct Object: Decodable {
        private enum Name: CodingKey {}
        init(from decoder: any Decoder) throws { _ = try decoder.container(keyedBy: Name.self) }
    }
}
