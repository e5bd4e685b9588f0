// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

/// What a virtual machine says about itself, as far as libraries ask it for the region.
extension EmulatorCore {
    /// The real address of the metadata service.
    static let metadataHost = "169.254.169.254"

    func metadata(_ exchange: EmulatorExchange) -> EmulatorResponse {
        let request = exchange.request
        func refusal(_ status: Int, _ reason: String) -> EmulatorResponse {
            exchange.response(status: status, .object(["error": .string(reason)]))
        }
        guard let region = self.configuration.metadata.region, request.path == HostPath.compute else {
            return refusal(404, "Not found")
        }
        guard request.method == "GET" else { return refusal(405, "Method not allowed") }
        guard request.headers.values(for: "Metadata").map({ $0.lowercased() }) == ["true"] else {
            return refusal(400, "Bad request: . Required metadata header not specified")
        }
        guard request.headers.values(for: "X-Forwarded-For").isEmpty else {
            return refusal(400, "Bad request: . Forwarded requests are not answered")
        }
        guard let query = FormBody(request.query.utf8), query.firstDuplicate == nil,
            query.pairs.allSatisfy({ ["api-version", "format"].contains($0.name) }),
            Self.isVersion(query.values["api-version"] ?? "")
        else { return refusal(400, "Bad request. api-version is invalid or was not specified in the request.") }
        guard ["json", nil].contains(query.values["format"]) else { return refusal(400, "Bad request: . Unknown format") }
        return exchange.response(
            .object([
                "azEnvironment": "AzurePublicCloud",
                "location": .string(region),
                "name": "emulated-machine",
                "provider": "Microsoft.Compute",
                "vmId": "e0000000-0000-4000-8000-000000000001",
            ])
        )
    }

    /// Whether a text has the form of a version, `2021-02-01`.
    private static func isVersion(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        return parts.map(\.count) == [4, 2, 2] && text.utf8.allSatisfy { $0 != UInt8(ascii: "+") }
            && parts.allSatisfy { Int(Substring($0)) != nil }
    }
}
