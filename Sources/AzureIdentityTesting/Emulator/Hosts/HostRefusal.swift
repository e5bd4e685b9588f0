// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

/// What tells one managed identity from the others in a request.
enum IdentitySelector: Sendable {
    case clientID, objectID, resourceID

    /// Whether an identity is the one with this id, without regard to case.
    func matches(_ identity: EmulatorConfiguration.ManagedIdentity, _ id: String) -> Bool {
        let own =
            switch self {
            case .clientID: identity.clientID
            case .objectID: identity.objectID
            case .resourceID: identity.resourceID
            }
        return own.lowercased() == id.lowercased()
    }
}

/// The identity that a request asks for. `nil` where it names none.
struct SelectedIdentity: Sendable {
    var selector: IdentitySelector
    var id: String
}

/// What is wrong with a request for a managed identity's token.
enum IdentityProblem: Error, Sendable {
    case wrongMethod(allowed: String)
    case wrongContentType
    case missingHeader(String)
    case wrongSecret(header: String)
    case forwarded
    case malformed
    case duplicate(String)
    case unknown(String)
    case empty(String)
    case wrongVersion
    case missingResource
    case wrongResource(String)
    case twoIdentities
    case ambiguousIdentity
    case unknownIdentity(isUserAssigned: Bool)
    case failure(String)

    var status: Int {
        switch self {
        case .wrongMethod: 405
        case .wrongContentType: 415
        case .wrongSecret: 401
        case .failure: 500
        default: 400
        }
    }

    /// What is wrong, in the metadata service's words where they are known.
    var message: String {
        switch self {
        case .wrongMethod(let allowed): "Method not allowed; only \(allowed) is"
        case .wrongContentType: "The Content-Type has to be application/x-www-form-urlencoded"
        case .missingHeader("Metadata"): "Required metadata header not specified"
        case .missingHeader(let name): "Required header '\(name)' not specified"
        case .wrongSecret(let header): "The value of the header '\(header)' is wrong"
        case .forwarded: "Forwarded requests are not answered"
        case .malformed: "The parameters are not percent-encoded UTF-8"
        case .duplicate(let name): "Query variable '\(name.prefix(50))' is duplicated"
        case .unknown(let name): "Query variable '\(name.prefix(50))' is not known here"
        case .empty(let name): "Query variable '\(name.prefix(50))' is empty"
        case .wrongVersion: "Query variable 'api-version' is missing or not supported"
        case .missingResource: "Required query variable 'resource' is missing"
        case .wrongResource(let resource):
            "AADSTS500011: The resource principal named \(resource.prefix(200)) was not found in the tenant"
        case .twoIdentities: "More than one identity is specified"
        case .ambiguousIdentity:
            """
            Multiple user assigned identities exist, please specify the clientId / resourceId of the identity in the token request
            """
        case .unknownIdentity: "Identity not found"
        case .failure(let reason): reason
        }
    }
}

/// A refusal of a host, before it is put into the host's form.
struct HostRefusal: Error, Sendable {
    var status: Int
    /// The word that programs tell errors by, where the host's form has one.
    var code: String
    var message: String
    var headers: TransportHeaders = [:]

    /// What a fault of this status says, if it doesn't bring its own text.
    static func unavailable(status: Int) -> HostRefusal {
        HostRefusal(status: status, code: "temporarily_unavailable", message: "The emulator plays an error.")
    }
}
