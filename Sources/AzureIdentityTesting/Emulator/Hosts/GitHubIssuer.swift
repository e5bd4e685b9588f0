// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

/// The issuer of GitHub Actions: a job shows its secret and gets an assertion in its own name.
struct GitHubIssuer {
    let core: EmulatorCore
    let exchange: EmulatorExchange

    func response() -> EmulatorResponse {
        let request = self.exchange.request
        let hosts = self.core.configuration.hosts
        guard request.method == "GET" else {
            var response = self.refusal(405, "The method is not allowed; only GET is.")
            response.headers.append(name: "Allow", value: "GET")
            return response
        }
        guard request.headers.values(for: "Authorization") == ["Bearer \(hosts.gitHubRequestToken)"] else {
            return self.refusal(401, "The request token is missing or wrong.")
        }
        guard let query = FormBody(request.query.utf8), query.firstDuplicate == nil,
            query.pairs.allSatisfy({ ["api-version", "audience"].contains($0.name) && !$0.value.isEmpty })
        else { return self.refusal(400, "The query is malformed, or has a parameter twice, empty or not known here.") }
        guard query.values["api-version"] == "2.0" else {
            return self.refusal(400, "The address of the variable has to be kept: its api-version is missing or another.")
        }
        do throws(EmulatorRefusal) {
            let token = try self.core.assertion(
                issuer: hosts.gitHubIssuer,
                subject: hosts.gitHubSubject,
                audience: query.values["audience"] ?? "https://github.com/contoso",
                at: self.exchange.date
            )
            return self.exchange.response(.object(["count": .integer(token.utf8.count), "value": .string(token)]))
        } catch {
            return self.refusal(500, error.message)
        }
    }

    private func refusal(_ status: Int, _ message: String) -> EmulatorResponse {
        self.exchange.response(status: status, EmulatorCore.issuerErrorBody(.gitHubActions, message: message))
    }
}
