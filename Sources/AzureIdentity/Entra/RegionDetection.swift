// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Finds out which region this machine is in.
extension AuthorityResolver {
    private struct Compute: Decodable {
        let location: String
    }

    /// A region's name; `nil` if this machine doesn't know its own, which means the central token service.
    func name(of region: RegionalAuthority, request: AcquisitionRequest) async throws -> String? {
        guard region == .automatic else { return region.description }
        if let name = self.host.environment["REGION_NAME"].flatMap(Self.region) { return name }
        do {
            let finding = try await self.finding("region \(self.host.environment.metadataHost)", timeout: Self.metadataTimeout) {
                let region = try await self.machineRegion(request)
                return (.region(region), region == nil ? Self.failureLifetime : Self.lifetime)
            }
            guard case .region(let name) = finding else { return nil }
            return name
        } catch is TransportError {
            return nil
        }
    }

    /// What the instance metadata service says. That it says nothing is an answer too: most machines are no virtual machines of Azure.
    private func machineRegion(_ request: AcquisitionRequest) async throws -> String? {
        let url = self.host.environment.metadataHost + "/metadata/instance/compute?api-version=2021-02-01"
        do {
            let response = try await self.document(
                url,
                headers: ["Metadata": "true"],
                timeout: Self.metadataTimeout,
                request: request
            ).response
            guard response.status == 200 else { return nil }
            let compute = try? JSONDecoder().decode(Compute.self, from: Data(response.body))
            return compute.flatMap { Self.region($0.location) }
        } catch is TransportError {
            return nil
        }
    }

    /// `West Europe` is `westeurope`; whatever can't be a region is none.
    private static func region(_ text: String) -> String? {
        let name = text.prefix(100).lowercased().filter { $0 != " " }
        return RegionalAuthority.isRegion(name) ? name : nil
    }
}
