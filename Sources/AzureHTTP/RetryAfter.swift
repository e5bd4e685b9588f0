// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

#if canImport(FoundationEssentials)
package import struct FoundationEssentials.Date
#else
package import struct Foundation.Date
#endif

/// Reads how long a service wants to be left alone. Pure.
package enum RetryAfter {
    /// The longest wait that is believed, one day; more is cut to it.
    package static let ceiling = Duration.seconds(86_400)

    /// The wait that the headers ask for, or `nil` if they ask for none that can be understood.
    ///
    /// `Retry-After` in seconds or as an HTTP date (RFC 9110, section 10.2.3) goes before `retry-after-ms` and `x-ms-retry-after-ms`.
    /// A date counts from the response's own `Date`, so that a wrong clock on this machine doesn't matter.
    package static func delay(in headers: TransportHeaders, now: Date) -> Duration? {
        if let value = headers["retry-after"] {
            if let seconds = Self.number(value) { return Self.bounded(seconds) }
            if let date = HTTPDate.parse(value) {
                let origin = headers["date"].flatMap(HTTPDate.parse) ?? now
                return Self.bounded(date.timeIntervalSince(origin))
            }
        }
        for name in ["retry-after-ms", "x-ms-retry-after-ms"] {
            if let value = headers[name], let milliseconds = Self.number(value) {
                return Self.bounded(milliseconds / 1000)
            }
        }
        return nil
    }

    private static func number(_ text: String) -> Double? {
        let trimmed = text.drop { $0 == " " }.prefix { $0 != " " }
        guard trimmed.utf8.count <= 32, trimmed.allSatisfy({ $0.isASCII && ($0.isNumber || "+-.eE".contains($0)) }),
            let number = Double(trimmed), number.isFinite
        else { return nil }
        return number
    }

    private static func bounded(_ seconds: Double) -> Duration {
        .seconds(min(max(seconds, 0), Self.ceiling.inSeconds))
    }
}
