// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
/// How `azid doctor` and `azid explain` come upon a row of the troubleshooting guide.
package enum RowDiscovery: String, CaseIterable, Sendable {
    /// The doctor finds it without being asked for a token.
    case byItself
    /// The doctor finds it when it asks for a token: with a scope, and the credential's flags or variables.
    case byAsking
    /// It is read in an error that was met elsewhere.
    case fromError
    /// It is no fault: something works, or is verified.
    case notAFault

    /// The rows, in order.
    package static let rows = (1...54).map { $0 < 10 ? "G0\($0)" : "G\($0)" }

    /// How each row is found. All that aren't `notAFault` are found from an error, too.
    package static let all: [String: RowDiscovery] = {
        let lists: [(RowDiscovery, [String])] = [
            (.byItself, ["G06", "G08", "G28", "G31", "G34", "G35", "G36", "G37", "G38", "G39", "G40", "G41", "G46", "G54"]),
            (
                .byAsking,
                [
                    "G02", "G09", "G10", "G11", "G12", "G13", "G16", "G17", "G23", "G24", "G25", "G26", "G30", "G42", "G43",
                    "G44", "G45",
                    "G47", "G48", "G52", "G53",
                ]
            ), (.fromError, ["G01", "G03", "G04", "G07", "G14", "G15", "G32", "G33", "G49", "G50"]),
            (.notAFault, ["G05", "G18", "G19", "G20", "G21", "G22", "G27", "G29", "G51"]),
        ]
        let pairs = lists.flatMap { discovery, rows in rows.map { ($0, discovery) } }
        return Dictionary(pairs) { first, _ in first }
    }()
}
#endif
