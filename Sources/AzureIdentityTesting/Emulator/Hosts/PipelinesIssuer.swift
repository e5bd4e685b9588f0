// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The issuer of Azure Pipelines: a job shows its secret and gets an assertion in the name of a service connection.
struct PipelinesIssuer {
    let core: EmulatorCore
    let exchange: EmulatorExchange

    private var hosts: EmulatorConfiguration.Hosts { self.core.configuration.hosts }

    /// The answer, whatever it is with the two ids by which the service finds a request again.
    func response() -> EmulatorResponse {
        var response = self.answer()
        response.headers.append(name: "x-vss-e2eid", value: self.exchange.traceID)
        response.headers.append(
            name: "x-msedge-ref",
            value: "Ref A: \(Self.reference()) Ref B: EMULATOR Ref C: \(self.exchange.date.ISO8601Format())"
        )
        return response
    }

    private func answer() -> EmulatorResponse {
        let request = self.exchange.request
        guard request.method == "POST" else {
            var response = self.refusal(
                405, "The requested resource does not support http method '\(request.method.prefix(20))'.")
            response.headers.append(name: "Allow", value: "POST")
            return response
        }
        guard request.headers.values(for: "Authorization") == ["Bearer \(self.hosts.systemAccessToken)"] else {
            return self.unauthorized()
        }
        guard let query = FormBody(request.query.utf8), query.firstDuplicate == nil,
            query.pairs.allSatisfy({ ["api-version", "serviceConnectionId"].contains($0.name) })
        else { return self.refusal(400, "The query is malformed, or has a parameter twice or one that is not known here.") }
        guard let version = query.values["api-version"], !version.isEmpty else {
            return self.refusal(
                400,
                "No api-version was supplied for the POST request.",
                type: "VssVersionNotSpecifiedException"
            )
        }
        guard version == "7.1" else {
            return self.refusal(
                400,
                """
                The requested version \(version.prefix(50)) of the resource is under preview or is not supported. Use 7.1 in \
                the api-version.
                """,
                type: "VssInvalidPreviewVersionException"
            )
        }
        guard let id = query.values["serviceConnectionId"], !id.isEmpty else {
            return self.refusal(400, "Value cannot be null. Parameter name: serviceConnectionId", type: "ArgumentNullException")
        }
        guard let connection = self.hosts.serviceConnections.first(where: { $0.id.lowercased() == id.lowercased() }) else {
            return self.refusal(
                404,
                "No service connection found with identifier \(id.prefix(100)).",
                type: "ServiceEndpointNotFoundException"
            )
        }
        return self.token(for: connection)
    }

    private func token(for connection: EmulatorConfiguration.Hosts.ServiceConnection) -> EmulatorResponse {
        do throws(EmulatorRefusal) {
            let token = try self.core.assertion(
                issuer: self.hosts.pipelinesIssuer,
                subject: connection.subject,
                audience: EmulatorConfiguration.FederatedCredential.defaultAudience,
                at: self.exchange.date
            )
            return self.exchange.response(.object(["oidcToken": .string(token)]))
        } catch {
            return self.refusal(500, error.message)
        }
    }

    /// Without a good secret people are sent to a page to sign in, unless the client says that it is a program.
    private func unauthorized() -> EmulatorResponse {
        let date = HTTPDate.format(self.exchange.date)
        guard self.exchange.request.headers["X-TFS-FedAuthRedirect"] == "Suppress" else {
            return EmulatorResponse(
                status: 302,
                headers: [
                    "Date": date, "Content-Type": "text/html; charset=utf-8",
                    "Location": self.exchange.url("/contoso/_signin?realm=emulator"),
                ],
                body: Array("<html><head><title>Object moved</title></head><body>Sign in</body></html>".utf8)
            )
        }
        return EmulatorResponse(
            status: 401,
            headers: ["Date": date, "Content-Type": "text/plain; charset=utf-8", "WWW-Authenticate": "Bearer"],
            body: Array("Access denied: the token of the request is missing or wrong.".utf8)
        )
    }

    private func refusal(_ status: Int, _ message: String, type: String = "VssServiceException") -> EmulatorResponse {
        self.exchange.response(status: status, Self.error(message, type: type))
    }

    /// An error in the form of the service.
    static func error(_ message: String, type: String) -> EmulatorJSON {
        .object([
            "$id": "1",
            "innerException": .null,
            "message": .string(message),
            "typeName": "Microsoft.VisualStudio.Services.WebApi.\(type), Microsoft.VisualStudio.Services.WebApi",
            "typeKey": .string(type),
            "errorCode": 0,
            "eventId": 3000,
        ])
    }

    private static func reference() -> String { UUID().uuidString.filter { $0 != "-" } }
}
