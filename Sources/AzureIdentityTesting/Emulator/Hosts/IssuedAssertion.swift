// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
#endif

/// Assertions of the issuers that the emulator plays, signed with its own key.
extension EmulatorCore {
    /// How long assertions live, in seconds, unless somebody wants another time.
    package static let assertionLifetime = 3600

    /// Makes an assertion.
    package func assertion(
        issuer: String,
        subject: String,
        audience: String,
        at date: Date,
        lifetime: Int = Self.assertionLifetime,
        more: KeyValuePairs<String, EmulatorJSON?> = [:]
    ) throws(EmulatorRefusal) -> String {
        let now = Int(exactly: date.timeIntervalSince1970.rounded(.down)) ?? 0
        let usual = EmulatorJSON.object([
            "aud": .string(audience),
            "iss": .string(issuer),
            "sub": .string(subject),
            "iat": .integer(now),
            "nbf": .integer(now),
            "exp": .integer(now + lifetime),
            "jti": .string(EmulatorTokenIssuer.randomID()),
        ])
        guard case .object(let members) = usual, case .object(let others) = EmulatorJSON.object(more) else { return "" }
        return try self.signed(.object(members + others))
    }

    /// Answers a request to an issuer of assertions.
    func issuerResponse(_ host: EmulatedHost, _ exchange: EmulatorExchange) -> EmulatorResponse {
        host == .gitHubActions
            ? GitHubIssuer(core: self, exchange: exchange).response() : PipelinesIssuer(core: self, exchange: exchange).response()
    }

    /// The body of an error of an issuer.
    static func issuerErrorBody(_ host: EmulatedHost, message: String) -> EmulatorJSON {
        host == .gitHubActions
            ? .object(["message": .string(message)])
            : PipelinesIssuer.error(message, type: "VssServiceException")
    }
}

extension EntraEmulator {
    /// Makes a service account token of the emulated cluster, which the sample's application is trusted with.
    ///
    /// - Parameters:
    ///   - audience: The `aud` of the token. The one of identity binding, which Microsoft Entra ID takes by way of the
    ///     cluster's proxy alone, is `api://AKSIdentityBinding`.
    ///   - lifetime: How long it is good, by the emulator's clock; an hour by default, as with Kubernetes.
    /// - Returns: The token, signed with the emulator's key.
    /// - Throws: An error if the token can't be signed.
    public func serviceAccountToken(
        audience: String = "api://AzureADTokenExchange",
        lifetime: Duration = .seconds(3600)
    ) throws -> String {
        let configuration = self.configuration
        let core = EmulatorCore(configuration: configuration, signer: self.engine.signer)
        return try core.assertion(
            issuer: configuration.hosts.serviceAccountIssuer,
            subject: configuration.hosts.serviceAccountSubject,
            audience: audience,
            at: self.clock.date.addingTimeInterval(configuration.clockOffset / .seconds(1)),
            lifetime: Int(max(0, min(lifetime / .seconds(1), 1e10)))
        )
    }
}
