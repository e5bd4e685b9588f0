// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import Logging

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Asks an authority host that isn't a known one whether it knows itself to be one.
extension AuthorityResolver {
    private struct Refusal: Decodable {
        let error: String
    }

    /// Throws if the answer is that the authority is none. No answer, or one that isn't about it, says nothing: many private hosts have no
    /// such document, and an auxiliary request must not hide what the token endpoint says.
    func checkInstance(_ discoveryHost: AuthorityHost, request: AcquisitionRequest) async throws {
        let authorize = "\(self.authority.host)/\(request.tenantID)/oauth2/v2.0/authorize"
        let query = FormEncoding.body([("api-version", "1.1"), ("authorization_endpoint", authorize)])
        let url = "\(discoveryHost)/common/discovery/instance?" + String(decoding: query, as: UTF8.self)
        do {
            _ = try await self.finding("instance \(discoveryHost) \(self.authority.host)", timeout: Self.timeout) {
                do {
                    return try await self.instance(url, request: request)
                } catch is TransportError {
                    self.logSilence()
                    return (.authority, Self.failureLifetime)
                }
            }
        } catch is TransportError {
            self.logSilence()
        } catch var error as AuthenticationError {
            // Another credential may have asked.
            error.credential = self.credential
            throw error
        }
    }

    private func logSilence() {
        self.currentLogger.info(
            "Instance discovery got no answer; the authority is used unconfirmed",
            metadata: [LogKey.authorityHost: "\(self.authority.host)"]
        )
    }

    private func instance(_ url: String, request: AcquisitionRequest) async throws -> (DiscoveryStore.Finding, Duration) {
        let response = try await self.document(url, timeout: Self.timeout, request: request).response
        let body = Data(response.body)
        if let refusal = try? JSONDecoder().decode(Refusal.self, from: body), refusal.error == "invalid_instance" {
            throw AuthenticationError(
                .invalidConfiguration,
                credential: self.credential,
                message: """
                    The authority provided, \(self.authority.host), is not well-known. If this authority is valid and trustworthy, you can \
                    disable this check with isInstanceDiscoveryEnabled = false (azid: --disable-instance-discovery).
                    """
            )
        }
        let isAnswer = response.status == 200 && (try? JSONDecoder().decode(InstanceDocument.self, from: body)) != nil
        return (.authority, isAnswer ? Self.lifetime : Self.failureLifetime)
    }

    private struct InstanceDocument: Decodable {
        let endpoint: String

        private enum CodingKeys: String, CodingKey { case endpoint = "tenant_discovery_endpoint" }
    }
}
