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

/// OpenID Connect discovery, for issuers that are given explicitly (OpenID Connect Discovery 1.0, section 4).
extension AuthorityResolver {
    private struct Configuration: Decodable {
        let issuer: String
        let tokenEndpoint: String
        let authorizationEndpoint: String?
        let deviceAuthorizationEndpoint: String?

        private enum CodingKeys: String, CodingKey {
            case issuer
            case tokenEndpoint = "token_endpoint"
            case authorizationEndpoint = "authorization_endpoint"
            case deviceAuthorizationEndpoint = "device_authorization_endpoint"
        }
    }

    /// The token endpoint of an issuer, from its configuration document.
    func endpoint(of openID: OpenIDAuthority, request: AcquisitionRequest) async throws -> TokenEndpoint {
        let finding: DiscoveryStore.Finding
        do {
            finding = try await self.finding("issuer \(openID.issuer) \(openID.configurationURL)", timeout: Self.timeout) {
                (.tokenEndpoint(try await self.tokenEndpoint(of: openID, request: request)), Self.lifetime)
            }
        } catch let error as TransportError {
            throw AuthenticationError(
                error.kind == .configuration ? .invalidConfiguration : .authenticationFailed,
                credential: self.credential,
                message: "\(self.credential): The configuration of \(openID.issuer) can't be fetched: \(error.message)",
                isRetryable: error.isRetryable,
                underlyingError: error
            )
        } catch var error as AuthenticationError {
            // Another credential may have asked.
            error.credential = self.credential
            throw error
        }
        guard case .tokenEndpoint(let endpoint) = finding else { throw self.unusable(openID, "names no token endpoint") }
        return endpoint
    }

    private func tokenEndpoint(of openID: OpenIDAuthority, request: AcquisitionRequest) async throws -> TokenEndpoint {
        let response = try await self.document(openID.configurationURL, timeout: Self.timeout, request: request).response
        guard response.status == 200 else {
            var error = self.unusable(openID, "can't be fetched: the answer has status \(response.status)")
            if response.status >= 500 || response.status == 429 {
                error.code = .authenticationFailed
                error.isRetryable = true
            }
            throw error
        }
        guard let configuration = try? JSONDecoder().decode(Configuration.self, from: Data(response.body)) else {
            throw self.unusable(openID, "is no JSON object with an issuer and a token endpoint")
        }
        guard configuration.issuer == openID.issuer else {
            throw self.unusable(openID, "names the issuer \"\(HostileText.sanitized(configuration.issuer, limit: 200))\" instead")
        }
        guard OpenIDAuthority.isHTTPS(configuration.tokenEndpoint), let url = URL(string: configuration.tokenEndpoint) else {
            throw self.unusable(openID, "names a token endpoint that is no https URL")
        }
        var endpoint = TokenEndpoint(url: url, audience: url.absoluteString, isADFS: false)
        func address(_ text: String?) -> URL? { text.flatMap { OpenIDAuthority.isHTTPS($0) ? URL(string: $0) : nil } }
        endpoint.authorizationURL = address(configuration.authorizationEndpoint)
        endpoint.deviceAuthorizationURL = address(configuration.deviceAuthorizationEndpoint)
        return endpoint
    }

    private func unusable(_ openID: OpenIDAuthority, _ problem: String) -> AuthenticationError {
        AuthenticationError(
            .invalidConfiguration,
            credential: self.credential,
            message: "The configuration document \(openID.configurationURL) of the issuer \(openID.issuer) \(problem)."
        )
    }
}
