// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import Logging

/// Who tells of a failure, so that it is one line of the log.
enum FailureReport {
    /// Whether the caller logs the failure of what it asks for, with what it is going to do about it.
    @TaskLocal static var isCallers = false
}

/// The lines of an acquisition: one each.
extension TokenAcquirer {
    /// Success is told to who wants to know everything, another identity than before to everybody.
    func log(_ token: AccessToken, key: TokenKey, lifetime: Duration, former: AccessToken.Provenance?) {
        let level: Logger.Level = former == nil ? .debug : .info
        let logger = self.logging.currentLogger
        guard logger.logLevel <= level else { return }
        let provenance = token.provenance
        var metadata: Logger.Metadata = [
            LogKey.credential: "\(self.credential)",
            LogKey.scopes: "\(key.scopes.joined(separator: " "))",
            LogKey.expiresIn: "\(lifetime.wholeSeconds)",
            LogKey.source: "\(token.source)",
        ]
        let ids = [
            (LogKey.tenantID, provenance?.tenantID), (LogKey.clientID, provenance?.clientID),
            (LogKey.objectID, provenance?.objectID), (LogKey.formerTenantID, former?.tenantID),
            (LogKey.formerObjectID, former?.objectID),
            (LogKey.userName, self.logging.isAccountIdentifierLoggingEnabled ? provenance?.userName : nil),
        ]
        for (name, id) in ids {
            if let id { metadata[name] = "\(id)" }
        }
        logger.log(
            level: level,
            former == nil ? "Acquired a token" : "Acquired a token for another identity than before",
            metadata: metadata
        )
    }

    /// What a caller gets is told to who wants to know everything; what nobody waits for, to everybody.
    func log(_ failure: AuthenticationError, isRenewal: Bool) {
        guard isRenewal || !FailureReport.isCallers else { return }
        self.logging.currentLogger.log(
            level: isRenewal ? .info : .debug,
            isRenewal ? "Renewing a token failed; the old one is used until it expires" : "Acquiring a token failed",
            metadata: self.metadata(of: failure)
        )
    }

    func logGivenUp(_ failure: AuthenticationError) {
        self.logging.currentLogger.info("A token request was given up", metadata: self.metadata(of: failure))
    }

    private func metadata(of failure: AuthenticationError) -> Logger.Metadata {
        [
            LogKey.credential: "\(self.credential)",
            LogKey.errorType: "\(failure.code)",
            LogKey.errorMessage: "\(self.logging.shown(failure.summary))",
        ]
    }
}
