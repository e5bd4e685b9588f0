// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

package import AzureIdentity

extension DBusMessages {
    /// Whose token is meant where nobody is named: the login hint's, else the only account's. A broker on the bus has no default account, and
    /// to take the first of several would be to guess an identity.
    ///
    /// - Parameters:
    ///   - accounts: The broker's accounts.
    ///   - request: The request; of one person's entries for several tenants, that for the request's tenant is taken.
    package static func defaultAccount(
        of accounts: [BrokerAccount],
        for request: BrokerRequest
    ) throws(BrokerFailure) -> BrokerAccount {
        var candidates = accounts
        if let hint = request.loginHint?.lowercased() { candidates = candidates.filter { $0.username.lowercased() == hint } }
        guard let first = candidates.first else {
            let what = request.loginHint == nil ? "has no account" : "doesn't have the account that the login hint names"
            throw BrokerFailure(.accountNotFound, context: "The identity broker \(what).")
        }
        guard candidates.allSatisfy({ $0.homeAccountID.lowercased() == first.homeAccountID.lowercased() }) else {
            throw BrokerFailure(
                .interactionRequired, context: "The identity broker has several accounts; say by a login hint which one is meant."
            )
        }
        let tenant = request.authority.split(separator: "/").last?.lowercased()
        return candidates.first { $0.realm.lowercased() == tenant } ?? first
    }
}

extension BrokerFailure {
    /// What a problem on the bus means for who asked the broker. Errors have names in D-Bus; brokers have none of their own.
    package init(_ problem: SessionBusProblem) {
        let sentence = problem.message.prefix(1).uppercased() + problem.message.dropFirst() + "."
        switch problem.kind {
        case .noLibrary: self.init(.absent(reason: "\(sentence) It comes with the package libglib2.0-0 or glib2."))
        case .noBus: self.init(.absent(reason: "There is no session bus to find an identity broker on: \(problem.message)."))
        case .disconnected: self.init(.temporary, context: "The session bus ended while the broker was asked.")
        case .unexpectedAnswer: self.init(.protocolError, context: sentence)
        case .timedOut: self.init(.timedOut, context: sentence)
        case .cancelled: self.init(.cancelled, context: sentence)
        case .remote(let name):
            let prefix = "org.freedesktop.DBus.Error."
            let text = "\(name): \(problem.message)"
            switch name.hasPrefix(prefix) ? name.dropFirst(prefix.count) : "" {
            case "ServiceUnknown", "NameHasNoOwner":
                self.init(.absent(reason: "There is no identity broker on the session bus."))
            case let error where error.hasPrefix("Spawn."):
                self.init(.absent(reason: "The identity broker can't be started: \(text)."))
            case "NoReply", "Disconnected": self.init(.temporary, context: "The broker ended while it was asked (\(text)).")
            case "NoMemory", "LimitsExceeded": self.init(.temporary, context: text)
            case "Timeout", "TimedOut": self.init(.timedOut, context: text)
            case "UnknownMethod", "UnknownObject", "UnknownInterface", "InvalidSignature", "InconsistentMessage":
                self.init(.protocolError, context: "What has the broker's name on the session bus is no broker (\(text)).")
            case "InvalidArgs", "NotSupported": self.init(.configuration, context: text)
            default: self.init(.refused, context: text)
            }
        }
    }
}
