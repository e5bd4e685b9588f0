// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
#endif

/// One request with what its answer is stamped with: the time, the trace id and the correlation id.
package struct EmulatorExchange: Sendable {
    package let request: EmulatorRequest
    package let date: Date
    package let traceID: String
    /// The caller's `client-request-id` if that is a GUID, else a random one.
    package let correlationID: String

    package init(request: EmulatorRequest, date: Date) {
        self.request = request
        self.date = date
        self.traceID = UUID().uuidString.lowercased()
        let callersID = request.headers["client-request-id"].flatMap(UUID.init(uuidString:))
        self.correlationID = (callersID ?? UUID()).uuidString.lowercased()
    }

    /// Whole seconds since 1970; dates that no integer can hold are 0.
    package var epoch: Int { Self.epoch(self.date) }

    /// Whole seconds since 1970; dates that no integer can hold are 0.
    static func epoch(_ date: Date) -> Int { Int(exactly: date.timeIntervalSince1970.rounded(.down)) ?? 0 }

    /// The address of something on the host the client asked.
    package func url(_ path: String) -> String { "https://\(self.request.host)\(path)" }

    /// An answer of JSON with the headers of the service.
    package func response(status: Int = 200, _ json: EmulatorJSON, isCacheable: Bool = false) -> EmulatorResponse {
        var headers: TransportHeaders = [
            "Date": HTTPDate.format(self.date),
            "Content-Type": "application/json; charset=utf-8",
            "Cache-Control": isCacheable ? "max-age=86400, private" : "no-store, no-cache",
            "x-ms-request-id": self.traceID,
        ]
        if !isCacheable { headers.append(name: "Pragma", value: "no-cache") }
        if self.request.headers["return-client-request-id"]?.lowercased() == "true" {
            headers.append(name: "client-request-id", value: self.correlationID)
        }
        return EmulatorResponse(status: status, headers: headers, body: json.bytes)
    }

    /// A refusal with all the fields that Microsoft Entra ID sends.
    package func response(_ refusal: EmulatorRefusal) -> EmulatorResponse {
        let json = EmulatorJSON.object([
            "error": .string(refusal.error),
            "error_description": .string(self.description(refusal)),
            "error_codes": .array(refusal.code.map { [.integer($0)] } ?? []),
            "timestamp": .string(self.timestamp),
            "trace_id": .string(self.traceID),
            "correlation_id": .string(self.correlationID),
            "error_uri": self.errorAddress(refusal).map { .string($0) },
            "suberror": refusal.suberror.map { .string($0) },
            "claims": refusal.claims.map { .string($0) },
            "error_additional_info": refusal.additionalInfo.isEmpty ? nil : .array(refusal.additionalInfo.map { .string($0) }),
        ])
        var response = self.response(status: refusal.status, json)
        for header in refusal.headers { response.headers.append(name: header.name, value: header.value) }
        return response
    }

    /// The description of a refusal, with what it is found by.
    func description(_ refusal: EmulatorRefusal) -> String {
        let prefix = refusal.code.map { "AADSTS\($0): " } ?? ""
        return """
            \(prefix)\(refusal.message) Trace ID: \(self.traceID) Correlation ID: \(self.correlationID) Timestamp: \(self.timestamp)
            """
    }

    /// Where a refusal is explained.
    func errorAddress(_ refusal: EmulatorRefusal) -> String? { refusal.code.map { self.url("/error?code=\($0)") } }

    /// The date in the form of error responses, `2025-01-31 09:05:00Z`.
    private var timestamp: String {
        let (days, rest) = self.epoch.quotientAndRemainder(dividingBy: 86_400)
        let civil = CivilDate.civil(daysSinceEpoch: days)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return """
            \(civil.year)-\(two(civil.month))-\(two(civil.day)) \
            \(two(rest / 3600)):\(two(rest / 60 % 60)):\(two(rest % 60))Z
            """
    }
}
