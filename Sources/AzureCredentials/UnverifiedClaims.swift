// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// What a token says of itself, **without any check**: nobody has looked at its signature, its issuer, its audience or its dates.
///
/// Good for showing a person whose token it is, for a log, for finding out why a service refuses it. Never for deciding what the bearer may
/// do: anybody can write such a token. A service that gets tokens has to validate them with a library that is made for it.
///
/// A client should not even rely on a token having these claims: it is made for the service, which alone knows its form, and some services'
/// tokens can't be read at all. Whatever is missing, or has another type than expected, is `nil` or empty.
///
/// Texts are cleaned of control characters and have at most 256 characters; ``subscript(_:)`` has them as they are.
public struct UnverifiedClaims: Sendable, Hashable {
    /// A claim's value, as JSON has it.
    public indirect enum Value: Sendable, Hashable {
        /// Nothing.
        case null
        /// True or false.
        case bool(Bool)
        /// A number; those beyond 2⁵³ lose digits.
        case number(Double)
        /// A text, as it is in the token: it may hold anything.
        case string(String)
        /// Several values.
        case array([Value])
        /// Values with names.
        case object([String: Value])
    }

    /// The most that is read of a token, in bytes.
    package static let limit = 65_536
    /// How many claims are read of a list at most.
    private static let listLimit = 1000

    /// How deep values may be nested.
    private static let depthLimit = 16

    private let claims: [String: Value]

    /// Reads the middle part of a JSON Web Token.
    ///
    /// - Parameter token: The token. `nil` comes of one that isn't three parts of base64url with dots between them, whose middle part isn't a
    ///   JSON object or is nested deeper than any token's, or that is longer than 64 KiB.
    package init?(token: String) {
        guard token.utf8.count <= Self.limit else { return nil }
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let payload = Base64Text.data(urlSafe: parts[1]),
            JSONDepth.isAtMost(Self.depthLimit, in: payload),
            let claims = try? JSONDecoder().decode([String: Value].self, from: payload)
        else { return nil }
        self.claims = claims
    }

    /// The names of all claims, sorted.
    public var names: [String] { self.claims.keys.sorted() }

    /// A claim as it is in the token.
    ///
    /// - Parameter name: The claim's name, such as `ver`; upper and lower case differ.
    public subscript(_ name: String) -> Value? { self.claims[name] }

    /// Whom the token is for (`aud`): a service's address or application id; seldom several.
    public var audience: [String] { self.list("aud") }

    /// Who made the token (`iss`).
    public var issuer: String? { self.text("iss") }

    /// The tenant's id (`tid`).
    public var tenantID: String? { self.text("tid") }

    /// The object id of the user, service principal or managed identity (`oid`), which role assignments are made to.
    public var objectID: String? { self.text("oid") }

    /// The id of the application that asked for the token (`appid`, in newer tokens `azp`).
    public var clientID: String? { self.text("appid") ?? self.text("azp") }

    /// The user's name (`upn`, `preferred_username` or `unique_name`). Not part of any description, since it tells of a person.
    public var userName: String? {
        for name in ["upn", "preferred_username", "unique_name"] {
            if let text = self.text(name) { return text }
        }
        return nil
    }

    /// The application roles (`roles`).
    public var roles: [String] { self.list("roles") }

    /// The delegated permissions (`scp`), which tokens for users have.
    public var scopes: [String] {
        guard case .string(let text)? = self.claims["scp"] else { return self.list("scp") }
        return text.split(separator: " ").prefix(Self.listLimit).map { Self.shown($0) }
    }

    /// When the token expires (`exp`), by the issuer's clock.
    public var expiresOn: Date? { self.date("exp") }

    /// Since when the token is good (`nbf`), by the issuer's clock.
    public var notBefore: Date? { self.date("nbf") }

    /// When the token was made (`iat`), by the issuer's clock.
    public var issuedAt: Date? { self.date("iat") }

    /// What the token stands for (`idtyp`): `app` or `user`, where the token says so.
    public var identityType: String? { self.text("idtyp") }

    /// What the client that asked can do (`xms_cc`): with `cp1`, it handles the claims challenges of continuous access evaluation.
    public var clientCapabilities: [String] { self.list("xms_cc") }

    /// Whether the token may be revoked before it expires, in exchange for a longer life: continuous access evaluation (CAE).
    public var isCAEToken: Bool { self.clientCapabilities.contains { $0.lowercased() == "cp1" } }

    private func text(_ name: String) -> String? {
        guard case .string(let text)? = self.claims[name] else { return nil }
        let shown = Self.shown(text)
        return shown.isEmpty ? nil : shown
    }

    /// A list, or a single value where there may be one.
    private func list(_ name: String) -> [String] {
        switch self.claims[name] {
        case .string(let text): [Self.shown(text)].filter { !$0.isEmpty }
        case .array(let values):
            values.prefix(Self.listLimit).compactMap { value in
                guard case .string(let text) = value else { return nil }
                return Self.shown(text)
            }
        default: []
        }
    }

    private func date(_ name: String) -> Date? {
        // What no calendar has is no date.
        guard case .number(let seconds)? = self.claims[name], (0..<253_402_300_800).contains(seconds) else { return nil }
        return Date(timeIntervalSince1970: seconds)
    }

    private static func shown(_ text: some StringProtocol) -> String { HostileText.sanitized(text, limit: 256) }
}

extension UnverifiedClaims.Value: Decodable {
    /// Reads a value.
    ///
    /// - Parameter decoder: The decoder to read from.
    /// - Throws: What the decoder throws.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            self = .string(text)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let values = try? container.decode([Self].self) {
            self = .array(values)
        } else if let flag = try? container.decode(Bool.self) {
            self = .bool(flag)
        } else if container.decodeNil() {
            self = .null
        } else {
            self = .object(try container.decode([String: Self].self))
        }
    }
}

extension UnverifiedClaims: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The audience, the ids and the expiry; never the user's name, nor any other claim.
    public var description: String {
        let parts: [(String, String?)] = [
            ("audience", self.audience.isEmpty ? nil : self.audience.joined(separator: " ")), ("tenantID", self.tenantID),
            ("objectID", self.objectID), ("clientID", self.clientID), ("identityType", self.identityType),
            ("expiresOn", self.expiresOn?.ISO8601Format()),
        ]
        return "UnverifiedClaims(" + parts.compactMap { name, text in text.map { "\(name): \($0)" } }.joined(separator: ", ")
            + ")"
    }

    /// The same as ``description``.
    public var debugDescription: String { self.description }

    /// Shows what ``description`` shows.
    public var customMirror: Mirror {
        Mirror(
            self,
            children: [
                "audience": self.audience, "tenantID": self.tenantID as Any, "objectID": self.objectID as Any,
                "clientID": self.clientID as Any, "identityType": self.identityType as Any, "expiresOn": self.expiresOn as Any,
                "userName": self.userName == nil ? "nil" : "<redacted>",
            ] as KeyValuePairs<String, Any>,
            displayStyle: .struct,
            ancestorRepresentation: .suppressed
        )
    }
}

extension AccessToken {
    /// What the token says of itself, without any check: see ``UnverifiedClaims``. `nil` for a token that isn't a JSON Web Token, as those of
    /// some services.
    ///
    /// Reads the token anew at each access. Decide nothing by it: a token proves something only to who has checked its signature.
    public var unverifiedClaims: UnverifiedClaims? { UnverifiedClaims(token: self.token) }
}
