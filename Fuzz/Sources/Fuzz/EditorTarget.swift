// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

@testable import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Files of Visual Studio Code: its settings, and the authentication record of its extension; the same bytes as either.
enum EditorTarget {
    static func run(_ bytes: [UInt8]) {
        self.checkPlain(bytes)
        self.checkSettings(bytes)
        self.checkRecord(bytes)
    }

    /// Plain JSON stays what it is, and nothing grows. Foundation's parser takes commas before closing brackets for plain JSON, too.
    private static func checkPlain(_ bytes: [UInt8]) {
        let plain = CommentedJSON.plain(bytes[...])
        if plain.count > bytes.count { Violation.report("settings grow by being read") }
        // In other encodings than UTF-8, JSON has zeros.
        guard !bytes.contains(0), let value = try? JSONDecoder().decode(JSONValue.self, from: Data(bytes)) else { return }
        let again = try? JSONDecoder().decode(JSONValue.self, from: Data(plain))
        if again != value { Violation.report("JSON without comments is read as something else") }
    }

    private static func checkSettings(_ bytes: [UInt8]) {
        do {
            let settings = try EditorSettings(bytes)
            if bytes.count > EditorSettings.limit { Violation.report("settings of \(bytes.count) bytes") }
            if let tenantID = settings.tenantID, !TenantID.isValid(tenantID) { Violation.report("a tenant that is none") }
            let hosts: [AuthorityHost] = [.publicCloud, .china, .usGovernment]
            if !hosts.contains(settings.cloud.authorityHost) { Violation.report("settings lead to another host") }
        } catch {
            self.check(error)
        }
    }

    private static func checkRecord(_ bytes: [UInt8]) {
        do {
            let record = try EditorRecord.record(bytes)
            if bytes.count > EditorRecord.limit { Violation.report("a record of \(bytes.count) bytes") }
            let isGood =
                TenantID.isValid(record.tenantID) && TenantID.isValid(record.authority) && !record.username.isEmpty
                && record.clientID.lowercased() == EditorRecord.clientID
                && record.homeAccountID.utf8.count(where: { $0 == UInt8(ascii: ".") }) == 1
            if !isGood { Violation.report("a record that is none") }
            if (try? EditorRecord.record(Array(record.json.utf8))) != record {
                Violation.report("a record isn't read the same again")
            }
        } catch {
            self.check(error)
        }
    }

    private static func check(_ problem: EditorProblem) {
        Promises.checkLine(problem.reason, "the problem")
        if problem.reason.isEmpty || problem.reason.utf8.count > 1000 { Violation.report("a problem of no measure") }
    }
}
