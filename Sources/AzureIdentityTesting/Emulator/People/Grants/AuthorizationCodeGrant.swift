// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A client redeems the code that the authorize page has sent it.
struct AuthorizationCodeGrant: EmulatorGrant {
    /// How long a code is good, in seconds.
    private static let lifetime = 600.0

    let type = "authorization_code"
    let requiredParameters = ["code", "redirect_uri"]
    let optionalParameters = EmulatorGrantRequest.userParameters + ["scope", "code_verifier"]

    func tenant(of parameters: [String: String], _ core: EmulatorCore) throws(EmulatorRefusal) -> EmulatorConfiguration.Tenant? {
        let code = try Self.code(parameters, core)
        return try core.configuration.tenant(named: code.tenantID)
    }

    private static func code(
        _ parameters: [String: String],
        _ core: EmulatorCore
    ) throws(EmulatorRefusal) -> PeopleLedger.AuthorizationCode {
        let name = parameters["code"] ?? ""
        guard let code = core.people.withState({ $0.codes[name] }) else { throw .unknownGrant }
        return code
    }

    func answer(_ request: EmulatorGrantRequest) throws(EmulatorRefusal) -> EmulatorJSON {
        let code = try Self.code(request.parameters, request.core)
        guard code.clientID.lowercased() == request.application.clientID.lowercased() else { throw .otherClient }
        guard code.tenantID == request.tenant.id else { throw .otherTenant }
        try request.authenticateIfConfidential()
        let redirect = request.parameters["redirect_uri"] ?? ""
        guard redirect == code.redirectURL else { throw .otherRedirect(redirect, meant: code.redirectURL) }
        try Self.check(request.parameters["code_verifier"], challenge: code.challenge)
        guard !code.isRedeemed else { throw .redeemedCode }
        guard request.exchange.date.timeIntervalSince(code.issuedAt) <= Self.lifetime else { throw .expiredCode }
        let issuer = UserTokenIssuer(
            request: request,
            person: try request.person(of: code.session),
            session: code.session,
            scopes: try UserScopes(request.parameters["scope"] ?? code.scope),
            nonce: code.nonce
        )
        let answer = try issuer.answer(.interactive)
        let name = request.parameters["code"] ?? ""
        let isFirst = request.core.people.withState { state in
            let isFirst = state.codes[name].map { !$0.isRedeemed } ?? false
            state.codes[name]?.isRedeemed = true
            return isFirst
        }
        guard isFirst else { throw .redeemedCode }
        return answer
    }

    private static func check(_ verifier: String?, challenge: String?) throws(EmulatorRefusal) {
        guard let challenge else {
            if verifier != nil { throw .wrongVerifier }
            return
        }
        guard let verifier else { throw .missingVerifier }
        guard (43...128).contains(verifier.utf8.count), verifier.utf8.allSatisfy(Self.isUnreserved) else {
            throw .malformed("the code verifier has not 43 to 128 characters of RFC 7636")
        }
        guard Base64URL.encode(PlainSHA256.digest(verifier.utf8)) == challenge else { throw .wrongVerifier }
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        ASCII.isAlphanumeric(byte) || "-._~".utf8.contains(byte)
    }
}
