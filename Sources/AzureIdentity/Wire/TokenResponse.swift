// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A token service's answer with a token, in all the forms that are seen in the wild. Pure.
struct TokenResponse: Decodable {
    /// The longest lifetime that is believed; a service that says more gets this. Tokens of Microsoft Entra ID live up to 28 hours.
    static let maximumLifetime = Duration.seconds(366 * 86_400)

    /// The types other than `Bearer` that Microsoft Entra ID gives out, in lower case. Anything else is taken for `Bearer`.
    private static let knownTypes: Set<String> = ["pop", "mtls_pop", "ssh-cert"]

    let accessToken: String
    let tokenType: String?
    let expiresIn: LooseNumber?
    let expiresOn: LooseNumber?
    let refreshIn: LooseNumber?
    /// What comes with the token of a person.
    let signIn: SignInAnswer?

    private enum CodingKeys: String, CodingKey {
        case accessToken = "access_token"
        case tokenType = "token_type"
        case expiresIn = "expires_in"
        case expiresOn = "expires_on"
        case refreshIn = "refresh_in"
        case refreshToken = "refresh_token"
        case idToken = "id_token"
        case clientInfo = "client_info"
        case familyID = "foci"
        case scope
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.accessToken = try container.decode(String.self, forKey: .accessToken)
        self.tokenType = try? container.decodeIfPresent(String.self, forKey: .tokenType)
        self.expiresIn = try container.decodeIfPresent(LooseNumber.self, forKey: .expiresIn)
        self.expiresOn = try container.decodeIfPresent(LooseNumber.self, forKey: .expiresOn)
        self.refreshIn = try container.decodeIfPresent(LooseNumber.self, forKey: .refreshIn)
        func text(_ key: CodingKeys) -> String? {
            (try? container.decodeIfPresent(String.self, forKey: key)).flatMap { $0.isEmpty ? nil : $0 }
        }
        let answer = SignInAnswer(
            refreshToken: text(.refreshToken).map { Secret($0) },
            idToken: text(.idToken).map { Secret($0) },
            clientInfo: text(.clientInfo),
            familyID: text(.familyID),
            scope: text(.scope)
        )
        self.signIn = answer.refreshToken == nil && answer.idToken == nil && answer.clientInfo == nil ? nil : answer
    }

    /// What the engine keeps of the answer.
    ///
    /// - Parameters:
    ///   - serverDate: The time by the service's clock, for `expires_on`.
    ///   - isFromHost: Whether a host of managed identities answered: those keep tokens, and not all count `expires_in` from the answer on.
    /// - Returns: The token.
    /// - Throws: ``Problem`` if the token can't be used.
    func acquired(serverDate: Date, isFromHost: Bool = false) throws(Problem) -> AcquiredToken {
        guard !self.accessToken.isEmpty, self.accessToken.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw Problem(message: "it holds no token that can be sent in a header")
        }
        let lifetime = try self.lifetime(serverDate: serverDate, isFromHost: isFromHost)
        guard lifetime > .zero else { throw Problem(message: "its token has expired already") }
        let refreshIn = self.refreshIn?.seconds.map { Self.bounded($0) }
        var token = AcquiredToken(token: self.accessToken, lifetime: lifetime, refreshIn: refreshIn)
        token.signIn = self.signIn
        if let type = self.tokenType, Self.knownTypes.contains(type.lowercased()) { token.type = .init(rawValue: type) }
        return token
    }

    /// Where both are given, the shorter one counts for a host's answer, unless this machine's clock makes it none.
    private func lifetime(serverDate: Date, isFromHost: Bool) throws(Problem) -> Duration {
        let rest = self.expiresIn?.seconds.map { Self.bounded($0) }
        let untilMoment = self.expiresOn.flatMap(Self.date).map { Self.bounded($0.timeIntervalSince(serverDate)) }
        if isFromHost, let rest, let untilMoment, untilMoment > .zero {
            return rest > .zero ? min(rest, untilMoment) : untilMoment
        }
        if let lifetime = rest ?? untilMoment { return lifetime }
        guard self.expiresIn == nil, self.expiresOn == nil else {
            throw Problem(message: "it doesn't say in a known form when its token expires")
        }
        throw Problem(message: "it doesn't say when its token expires")
    }

    private static func bounded(_ seconds: Double) -> Duration {
        .seconds(min(max(seconds, 0), Self.maximumLifetime.inSeconds))
    }

    /// A moment as epoch seconds, or as one of the dates that hosts of managed identities write.
    private static func date(_ value: LooseNumber) -> Date? {
        if let seconds = value.seconds { return Date(timeIntervalSince1970: min(max(seconds, 0), 253_402_300_799)) }
        guard case .text(let text) = value else { return nil }
        return ServiceDate.parse(text)
    }

    /// Why an answer with a token can't be used.
    struct Problem: Error {
        let message: String
    }
}
