// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Reads the dates that token services write as text. All are UTC unless they say otherwise. Pure.
enum ServiceDate {
    /// `2026-11-23T10:00:00[.fff](Z|+00:00)`, `2026-11-23 10:00:00 [+00:00]`, `11/23/2026 10:00:00 [AM|PM] [+00:00]`.
    static func parse(_ text: String) -> Date? {
        guard text.utf8.count <= 64 else { return nil }
        var words = text.replacing("T", with: " ").split(separator: " ").map(String.init)
        guard words.count >= 2 else { return nil }
        guard let day = Self.day(words.removeFirst()) else { return nil }
        guard var (seconds, zone) = Self.time(words.removeFirst()) else { return nil }
        for word in words {
            switch word.uppercased() {
            case "AM": if seconds >= 12 * 3600 { seconds -= 12 * 3600 }
            case "PM": if seconds < 12 * 3600 { seconds += 12 * 3600 }
            default:
                guard let offset = Self.zone(Substring(word)) else { return nil }
                zone = offset
            }
        }
        return Date(timeIntervalSince1970: Double(day) * 86_400 + seconds - Double(zone))
    }

    private static func day(_ word: String) -> Int? {
        let isSlashed = word.contains("/")
        let parts = word.split(separator: isSlashed ? "/" : "-").compactMap { Int($0) }
        guard parts.count == 3 else { return nil }
        let (year, month, day) = isSlashed ? (parts[2], parts[0], parts[1]) : (parts[0], parts[1], parts[2])
        guard (1970...9999).contains(year), (1...12).contains(month), (1...31).contains(day) else { return nil }
        return CivilDate.daysSinceEpoch(year: year, month: month, day: day)
    }

    /// Seconds of the day, and the offset of a zone that is glued to them.
    private static func time(_ word: String) -> (seconds: Double, zone: Int)? {
        let end = word.firstIndex { !($0.isNumber || $0 == ":" || $0 == ".") } ?? word.endIndex
        let parts = word[..<end].split(separator: ":", omittingEmptySubsequences: false).map { Double($0) }
        guard parts.count == 3, let hour = parts[0], let minute = parts[1], let second = parts[2],
            (0..<24).contains(hour), (0..<60).contains(minute), (0..<61).contains(second)
        else { return nil }
        let rest = word[end...]
        guard rest.isEmpty || Self.zone(rest) != nil else { return nil }
        return (hour * 3600 + minute * 60 + second, Self.zone(rest) ?? 0)
    }

    private static func zone(_ text: Substring) -> Int? {
        if text == "Z" || text == "UTC" || text == "GMT" { return 0 }
        guard let sign = text.first, sign == "+" || sign == "-" else { return nil }
        let digits = text.dropFirst().filter { $0 != ":" }
        guard digits.count == 4, let number = Int(digits), number >= 0, number % 100 < 60, number / 100 < 24 else { return nil }
        return (number / 100 * 3600 + number % 100 * 60) * (sign == "-" ? -1 : 1)
    }
}
