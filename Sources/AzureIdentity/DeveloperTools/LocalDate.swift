// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Reads the dates that the Azure CLI writes: by this machine's local clock, unless they name a zone. Pure but for the zone.
enum LocalDate {
    /// `2026-11-23 10:00:00[.ffffff]`, or a date with a zone as `ServiceDate` reads it.
    static func parse(_ text: String) -> Date? {
        let bytes = Array(text.utf8)
        guard (19...32).contains(bytes.count) else { return nil }
        let rest = bytes[19...]
        let isLocal =
            rest.isEmpty || (rest.first == UInt8(ascii: ".") && rest.count > 1 && rest.dropFirst().allSatisfy(Self.isDigit))
        guard isLocal else {
            // Without a zone it would be taken for UTC.
            return rest.contains { "Z+-".utf8.contains($0) } ? ServiceDate.parse(text) : nil
        }
        guard bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            bytes[10] == UInt8(ascii: " ") || bytes[10] == UInt8(ascii: "T"),
            bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            let year = Self.number(bytes[0..<4]), let month = Self.number(bytes[5..<7]), let day = Self.number(bytes[8..<10]),
            let hour = Self.number(bytes[11..<13]), let minute = Self.number(bytes[14..<16]),
            let second = Self.number(bytes[17..<19])
        else { return nil }
        let fraction = rest.isEmpty ? 0 : Double("0" + String(decoding: rest, as: UTF8.self)) ?? 0
        return Host.localDate(year: year, month: month, day: day, hour: hour, minute: minute, second: Double(second) + fraction)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        digits.allSatisfy(Self.isDigit) ? Int(String(decoding: digits, as: UTF8.self)) : nil
    }
}
