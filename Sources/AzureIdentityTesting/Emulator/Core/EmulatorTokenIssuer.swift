// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Makes tokens. Each one is different, since each carries an id of its own.
struct EmulatorTokenIssuer {
    let request: EmulatorGrantRequest

    /// The response with a token for the application itself.
    func applicationToken(resource: String, isCAECapable: Bool) throws(EmulatorRefusal) -> EmulatorJSON {
        let configuration = self.request.core.configuration
        let token = try self.request.core.signed(self.claims(resource: resource, isCAECapable: isCAECapable))
        let isADFS = self.request.authority.kind == .adfs
        return .object([
            "token_type": isADFS ? "bearer" : "Bearer",
            "expires_in": .integer(configuration.tokenLifetime),
            "ext_expires_in": isADFS ? nil : .integer(configuration.tokenLifetime),
            "refresh_in": isADFS ? nil : configuration.refreshIn.map { .integer($0) },
            "access_token": .string(token),
        ])
    }

    private func claims(resource: String, isCAECapable: Bool) -> EmulatorJSON {
        let (tenant, application) = (self.request.tenant, self.request.application)
        let isADFS = self.request.authority.kind == .adfs
        let now = self.request.exchange.epoch
        let (expiry, isOverflow) = now.addingReportingOverflow(self.request.core.configuration.tokenLifetime)
        return .object([
            "aud": .string(resource),
            "iss": .string(self.request.authority.issuer),
            "iat": .integer(now),
            "nbf": .integer(now),
            "exp": .integer(isOverflow ? .max : expiry),
            "appid": .string(application.clientID),
            "azp": .string(application.clientID),
            "oid": .string(application.objectID),
            "roles": application.roles.isEmpty ? nil : .array(application.roles.map { .string($0) }),
            "sub": .string(application.objectID),
            "tid": isADFS ? nil : .string(tenant.id),
            "uti": .string(self.request.core.people.tokenID()),
            "ver": isADFS ? "1.0" : "2.0",
            "xms_cc": isCAECapable ? ["CP1"] : nil,
        ])
    }

    /// 16 random bytes in base64url.
    static func randomID() -> String {
        var generator = SystemRandomNumberGenerator()
        return Base64URL.encode((0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    }
}

extension EmulatorCore {
    /// The claims as a JSON Web Token, signed with the emulator's key.
    func signed(_ claims: EmulatorJSON) throws(EmulatorRefusal) -> String {
        do {
            let header = EmulatorJSON.object([
                "typ": "JWT",
                "alg": .string(self.signer.algorithm),
                "kid": try self.signer.keyID().map { .string($0) },
            ])
            let input = Base64URL.encode(header.bytes) + "." + Base64URL.encode(claims.bytes)
            return input + "." + Base64URL.encode(try self.signer.sign(Array(input.utf8)))
        } catch {
            throw .signingFailed
        }
    }
}
