// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// Which refresh tokens of an account are tried, and in which order. Pure.
enum RefreshOrder {
    /// The refresh tokens to try, of those of one account, the newest first.
    ///
    /// - Parameters:
    ///   - entries: The account's refresh tokens, the newest first.
    ///   - clientID: The application.
    ///   - application: What is known of the application: whether it belongs to a family. `nil`: nothing, so a family's token is tried.
    static func candidates(
        _ entries: [CacheDocument.RefreshEntry],
        clientID: String,
        application: CacheDocument.ApplicationEntry?
    ) -> [CacheDocument.RefreshEntry] {
        let own = entries.filter { $0.clientID.lowercased() == clientID.lowercased() }
        let family = entries.filter { entry in
            guard let id = entry.familyID, entry.clientID.lowercased() != clientID.lowercased() else { return false }
            return application.map { $0.familyID == id } ?? true
        }
        return Array((own + family.prefix(1)).prefix(4))
    }
}
