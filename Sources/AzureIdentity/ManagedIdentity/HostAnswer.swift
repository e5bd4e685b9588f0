// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a host of managed identities answered. Pure; believes nothing.
struct HostAnswer: Sendable {
    /// What an answer holds.
    enum Content: Sendable {
        case token(HostToken)
        case refusal(HostRefusal)
        /// A JSON object that is neither.
        case object
        /// No JSON object: a page, a text, nothing.
        case other
    }

    let status: Int
    let content: Content

    init(_ response: TransportResponse) {
        self.status = response.status
        let body = ServiceText.json(response.body)
        let first = body.first { $0 > 0x20 }
        self.isWordless = first == nil || (first != UInt8(ascii: "<") && first != UInt8(ascii: "{") && first != UInt8(ascii: "["))
        let decoder = JSONDecoder()
        if let token = try? decoder.decode(HostToken.self, from: body) {
            self.content = .token(token)
        } else if let refusal = try? decoder.decode(HostRefusal.self, from: body) {
            self.content = refusal.isEmpty ? .object : .refusal(refusal)
        } else {
            self.content = .other
        }
    }

    /// Whether a metadata service wrote it: a token with a good status, or with another one an object whose member `error` is a text.
    var isOfMetadataService: Bool {
        switch self.content {
        case .token: (200..<300).contains(self.status)
        case .refusal(let refusal): self.status >= 400 && refusal.isInMetadataForm
        case .object, .other: false
        }
    }

    /// Whether it says nothing for people: an empty body, or a few words of plain text.
    let isWordless: Bool

    /// The refusal, if it is one.
    var refusal: HostRefusal? {
        if case .refusal(let refusal) = self.content { refusal } else { nil }
    }
}

/// A token with what hosts say beside it.
struct HostToken: Decodable, Sendable {
    let token: TokenResponse
    let clientID: String?
    let objectID: String?
    let resourceID: String?

    private enum CodingKeys: String, CodingKey {
        case clientID = "client_id"
        case objectID = "object_id"
        case msiResourceID = "msi_res_id"
        case miResourceID = "mi_res_id"
    }

    init(from decoder: any Decoder) throws {
        self.token = try TokenResponse(from: decoder)
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func text(_ key: CodingKeys) -> String? { try? container.decodeIfPresent(String.self, forKey: key) }
        self.clientID = text(.clientID)
        self.objectID = text(.objectID)
        self.resourceID = text(.msiResourceID) ?? text(.miResourceID)
    }

    /// Whether the token is said to be that of an identity.
    func confirms(_ identity: ManagedIdentityID) -> Bool {
        switch identity.kind {
        case .systemAssigned: true
        case .clientID(let id): self.clientID?.lowercased() == id.lowercased()
        case .objectID(let id): self.objectID?.lowercased() == id.lowercased()
        case .resourceID(let id): self.resourceID?.lowercased() == id.lowercased()
        }
    }
}

/// An error in one of the forms in which hosts write it: `{error, error_description}` (IMDS, Arc), `{statusCode, message, correlationId}`
/// (App Service), `{error: {code, message, correlationId}}` (Service Fabric, Azure ML, Cloud Shell).
struct HostRefusal: Decodable, Sendable {
    let code: String?
    let text: String?
    let correlationID: String?
    /// Whether the member `error` is a text, as the metadata service writes it.
    let isInMetadataForm: Bool

    private enum CodingKeys: String, CodingKey {
        case error, code, message
        case errorDescription = "error_description"
        case capitalMessage = "Message"
        case correlationID = "correlationId"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let inner = try? container.nestedContainer(keyedBy: CodingKeys.self, forKey: .error)
        func text(_ key: CodingKeys) -> String? {
            inner.flatMap { try? $0.decodeIfPresent(String.self, forKey: key) }
                ?? (try? container.decodeIfPresent(String.self, forKey: key))
        }
        let error = try? container.decodeIfPresent(String.self, forKey: .error)
        self.isInMetadataForm = !(error ?? "").isEmpty
        self.code = error ?? text(.code)
        self.text = text(.errorDescription) ?? text(.message) ?? text(.capitalMessage)
        self.correlationID = text(.correlationID)
    }

    /// Whether nothing of an error is there.
    var isEmpty: Bool { (self.code ?? "").isEmpty && (self.text ?? "").isEmpty }

    private static func clean(_ text: String, _ secrets: [String], limit: Int) -> String {
        HostileText.withoutTokens(HostileText.sanitized(text, removing: secrets, limit: limit))
    }

    /// What is shown of it: cleaned, shortened, and without the secrets that were sent.
    func shown(removing secrets: [String]) -> String {
        [self.code, self.text].compactMap { part in
            part.map { Self.clean($0, secrets, limit: 500) }.flatMap { $0.isEmpty ? nil : $0 }
        }.joined(separator: ": ")
    }

    /// The same as data, with the codes of Microsoft Entra ID if there are any.
    func serviceError(removing secrets: [String]) -> AuthenticationError.ServiceError {
        let text = Self.clean(self.text ?? "", secrets, limit: HostileText.defaultLimit)
        var error = AuthenticationError.ServiceError(
            error: Self.clean(self.code ?? "", secrets, limit: 100),
            message: text,
            codes: ServiceText.codes(in: text)
        )
        error.correlationID = self.correlationID.map { HostileText.sanitized($0, removing: secrets, limit: 64) }
        return error
    }

    /// Whether the host says, in one of the ways known, that it hasn't the identity that was asked for.
    var isAboutIdentity: Bool {
        let text = (self.text ?? "").lowercased()
        return self.code?.lowercased() == "managedidentitynotfound" || text.contains("identity not found")
            || text.contains("identity found for specified")
    }

    /// Whether it passes on a refusal of Microsoft Entra ID.
    var hasServiceCode: Bool { !ServiceText.codes(in: self.text ?? "").isEmpty }
}
