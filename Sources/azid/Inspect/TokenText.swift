// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Finds the token in what somebody pipes into `azid inspect`. Pure.
enum TokenText {
    /// The most that is read, in bytes.
    static let limit = 131_072

    private struct Report: Decodable {
        struct Status: Decodable { let token: String? }
        let accessToken: String?
        let access_token: String?
        let token: String?
        let status: Status?
    }

    /// The token: the text itself, the last word of a header, or a member of a JSON document as `azid token`, `az`, `azd` and token endpoints
    /// print it.
    static func token(in text: String) -> String? {
        if text.first == "{" {
            guard let report = try? JSONDecoder().decode(Report.self, from: Data(text.utf8)) else { return nil }
            return report.accessToken ?? report.access_token ?? report.token ?? report.status?.token
        }
        let words = text.split(whereSeparator: \.isWhitespace)
        guard let word = words.last else { return nil }
        // A token, `Bearer TOKEN` or `Authorization: Bearer TOKEN`.
        let isHeader = words.count == 3 && words[0].lowercased() == "authorization:"
        guard words.count <= 2 || isHeader else { return nil }
        let isQuoted = word.count > 1 && word.first == "\"" && word.last == "\""
        return String(isQuoted ? word.dropFirst().dropLast() : word)
    }
}
#endif
