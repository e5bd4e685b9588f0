// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What the service says when a device asks for a code (RFC 8628, section 3.2), with bounded values. Pure.
struct DeviceCodeAnswer: Sendable {
    /// What the person is told: clean texts, and an http or https URL.
    let prompt: DeviceCodePrompt
    /// What this device asks with; never shown.
    let deviceCode: Secret
    /// How long to wait between questions.
    let interval: Duration
    /// How long the code is good.
    let lifetime: Duration

    /// What `interval` may be; the first is what RFC 8628 says where it is missing.
    static let defaultInterval = Duration.seconds(5)
    static let intervals = Duration.seconds(1)...Duration.seconds(300)
    /// What `expires_in` may be. Microsoft Entra ID says 15 minutes.
    static let defaultLifetime = Duration.seconds(900)
    static let lifetimes = Duration.seconds(1)...Duration.seconds(3600)

    /// Why an answer can't be used.
    struct Problem: Error, Equatable {
        let message: String
    }

    /// - Parameters:
    ///   - members: The answer.
    ///   - date: When it came.
    init(_ members: [String: JSONValue], date: Date) throws(Problem) {
        guard let code = Self.text(members["device_code"]), code.utf8.count <= 8192,
            code.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { throw Problem(message: "it holds no device_code that can be sent") }
        guard let userCode = Self.text(members["user_code"]).map({ HostileText.sanitized($0, limit: 64) }), !userCode.isEmpty
        else { throw Problem(message: "it holds no user_code") }
        guard let url = Self.text(members["verification_uri"]) ?? Self.text(members["verification_url"]), Self.isWebPage(url)
        else {
            throw Problem(message: "it holds no verification_uri that a browser can open")
        }
        self.deviceCode = Secret(code)
        self.interval = Self.duration(members["interval"], default: Self.defaultInterval, within: Self.intervals)
        self.lifetime = Self.duration(members["expires_in"], default: Self.defaultLifetime, within: Self.lifetimes)
        let message = Self.text(members["message"]).map { HostileText.sanitized($0, removing: [code], limit: 1000) }
        self.prompt = DeviceCodePrompt(
            userCode: userCode,
            verificationURL: url,
            expiresOn: date.addingTimeInterval(self.lifetime.inSeconds),
            // A sentence without the code is of no use to anybody.
            message: message.flatMap { $0.contains(userCode) ? $0 : nil }
        )
    }

    private static func text(_ value: JSONValue?) -> String? {
        guard case .string(let text)? = value, !text.isEmpty else { return nil }
        return text
    }

    /// Seconds as a number or as a text, held within bounds.
    private static func duration(_ value: JSONValue?, default: Duration, within bounds: ClosedRange<Duration>) -> Duration {
        let seconds: Double? =
            switch value {
            case .integer(let number): Double(number)
            case .number(let number): number
            case .string(let text): LooseNumber.number(text)
            default: nil
            }
        guard let seconds, seconds.isFinite else { return `default` }
        let held = min(max(seconds, bounds.lowerBound.inSeconds), bounds.upperBound.inSeconds)
        return .seconds(held)
    }

    /// Whether a text is the absolute URL of a page, in printable ASCII.
    private static func isWebPage(_ text: String) -> Bool {
        guard text.utf8.count <= 2048, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !"\"<>\\^`{|}".utf8.contains($0) }),
            let url = URL(string: text), let scheme = url.scheme?.lowercased(), let host = url.host()
        else { return false }
        return (scheme == "https" || scheme == "http") && !host.isEmpty && url.user() == nil
    }
}
