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

extension SecretClient {
    /// One request to the vault. Its path has been checked.
    struct Call {
        var operation: SecretOperation
        var method = "GET"
        var path: [String]
        var secretName: String?
        var body: Data?
        /// What no log and no error may show.
        var secrets: [String] = []
    }

    /// A page of a list.
    ///
    /// - Parameters:
    ///   - path: The path of the list, whose parts have been checked.
    ///   - secretName: The secret that it is about, if it is about one.
    ///   - pageSize: How many to fetch at once.
    ///   - link: Where the list goes on, in the vault's words. `nil`: the first page.
    func page(_ path: [String], secretName: String?, pageSize: Int?, link: String?) async throws -> SecretListBody {
        let equipment = try self.equipment.get()
        let url = try link.map { link throws(SecretClientError) in try equipment.address.url(following: link, of: path) }
        let call = Call(operation: .list, path: path, secretName: secretName)
        return try await self.send(call, to: url ?? equipment.address.url(path, pageSize: pageSize), SecretListBody.self)
    }

    func send<Answer: Decodable>(_ call: Call, _ type: Answer.Type) async throws -> Answer {
        try await self.send(call, to: self.equipment.get().address.url(call.path), type)
    }

    private func send<Answer: Decodable>(_ call: Call, to url: URL, _ type: Answer.Type) async throws -> Answer {
        let equipment = try self.equipment.get()
        var request = TransportRequest(method: .init(rawValue: call.method), url: url)
        request.headers["Accept"] = "application/json"
        if let body = call.body {
            request.body = Array(body)
            request.headers["Content-Type"] = "application/json"
        }
        if let id = self.context.correlationID { request.headers["x-ms-client-request-id"] = id.uuidString.lowercased() }
        request.secrets = call.secrets
        let clock = self.options.clock
        let exchange = try await self.authorizer.send(
            request,
            through: equipment.pipeline,
            context: self.context,
            deadline: clock.now + (self.context.timeout ?? self.options.timeout)
        )
        let response = exchange.exchange.response
        guard response.status == 200 else {
            let error = HTTPResponseError(exchange, of: request, logging: self.options.logging)
            let refusal = SecretRefusal(
                operation: call.operation,
                vaultName: equipment.address.vaultName,
                secretName: call.secretName,
                isChain: self.isChain
            )
            throw refusal.explained(error)
        }
        guard let answer = try? JSONDecoder().decode(type, from: Data(response.body)) else {
            throw SecretClientError.response("The vault's answer isn't the JSON that was expected.")
        }
        return answer
    }
}
