// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP

/// What an answer of the metadata service that brings no token means. Pure: the same in chains and alone, whoever asks.
struct MetadataFailure: Sendable {
    /// The kinds of failures, by the rows of the guide.
    enum Kind: Sendable, Hashable {
        /// The identity isn't assigned (G23).
        case notAssigned
        /// A proxy or gateway stands between (G24).
        case gateway
        /// Whatever answers is no metadata service.
        case noMetadataService
        /// The service isn't well, or is asked too often (G26).
        case attemptsFailed
        /// The pod's identity isn't bound yet (G30).
        case notBound
        /// The service understood, and refused for another reason.
        case refused
    }

    let kind: Kind
    private let refusal: HostRefusal?
    private let identity: ManagedIdentityID
    /// How often the service was asked again.
    private let retryCount: Int
    /// The address that was asked.
    private let host: String

    init(
        _ answer: HostAnswer, identity: ManagedIdentityID, isPod: Bool, retryCount: Int, host: String = Guide.metadataHost
    ) {
        self.refusal = answer.refusal
        self.identity = identity
        self.retryCount = retryCount
        self.host = host
        let isAboutResource = answer.refusal.map { $0.code == "invalid_resource" || ($0.text ?? "").contains("AADSTS") } ?? false
        self.kind =
            switch answer.status {
            // A 403 is Docker Desktop's word for an address that it can't reach, in any language.
            case ..<400, 403: .noMetadataService
            case 400: !answer.isOfMetadataService ? .noMetadataService : isAboutResource ? .refused : .notAssigned
            case 502, 504: .gateway
            case 404 where isPod: .notBound
            // Without a word, or in its own: the services of others explain themselves.
            case 404, 408, 410, 429, 500...:
                answer.isOfMetadataService || answer.isWordless ? .attemptsFailed : .noMetadataService
            default: answer.isOfMetadataService ? .refused : .noMetadataService
            }
    }

    private static let prefix = "ManagedIdentityCredential authentication unavailable."

    /// The error for people and programs.
    func error(of exchange: HTTPPipeline.Exchange, client: SourceClient) -> AuthenticationError {
        let isFailure = self.kind == .refused
        var error = client.error(isFailure ? .authenticationFailed : .credentialUnavailable, "", exchange)
        let detail = self.refusal.map { $0.shown(removing: client.secrets) } ?? ""
        let answer = " The endpoint answered with status \(exchange.response.status)" + (detail.isEmpty ? "." : ": \(detail)")
        error.message = self.text + answer
        if isFailure { error.message = "\(client.credential): \(error.message)" }
        if let refusal = self.refusal, self.kind != .noMetadataService {
            error.serviceError = refusal.serviceError(removing: client.secrets)
        }
        error.remedy = self.row.map { Guide.metadataRemedy($0, host: self.host) }
        if self.kind == .noMetadataService { error.isRetryable = false }
        return error
    }

    private var text: String {
        switch self.kind {
        case .notAssigned:
            "\(Self.prefix) The requested identity hasn't been assigned to this resource. Requested was \(self.identity)."
        case .gateway: "\(Self.prefix) The request failed due to a gateway error."
        case .noMetadataService:
            "\(Self.prefix) No response received from the managed identity endpoint: what answers at its address is something else."
        case .attemptsFailed where self.retryCount > 0:
            "\(Self.prefix) Multiple attempts failed to obtain a token from the managed identity endpoint."
        case .attemptsFailed: "\(Self.prefix) The managed identity endpoint failed to give a token."
        case .notBound: "\(Self.prefix) No managed identity endpoint found: the pod's identity isn't bound, or not yet."
        case .refused: "The managed identity endpoint refused."
        }
    }

    private var row: GuideRow? {
        switch self.kind {
        case .notAssigned: .g23
        case .gateway: .g24
        case .noMetadataService: .g25
        case .attemptsFailed: .g26
        case .notBound: .g30
        case .refused: self.refusal?.hasServiceCode ?? false ? nil : .g27
        }
    }

    /// The error of an address at which nothing answers (G25).
    static func unreachable(_ error: TransportError, credential: String, host: String) -> AuthenticationError {
        var failure = AuthenticationError(
            error.kind == .configuration ? .invalidConfiguration : .credentialUnavailable,
            credential: credential,
            message:
                "\(Self.prefix) No response received from the managed identity endpoint. \(SourceClient.sentence(error.message))",
            isRetryable: error.isRetryable,
            underlyingError: error
        )
        failure.remedy = Guide.metadataRemedy(.g25, host: host)
        return failure
    }
}
