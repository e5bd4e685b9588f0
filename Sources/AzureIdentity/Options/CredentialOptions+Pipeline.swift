// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP

extension CredentialOptions {
    /// The transport of a machine, or the error of a program that has none.
    static func transport(of host: Host, credential: String) throws -> any HTTPTransport {
        if let transport = host.transport { return transport }
        throw AuthenticationError(
            .invalidConfiguration,
            credential: credential,
            message: "There is no HTTP transport: the trait AsyncHTTPClient is off, so the options must hold one."
        )
    }

    /// A pipeline with these options' log and application id.
    ///
    /// - Parameters:
    ///   - transport: What sends the requests.
    ///   - host: The machine.
    ///   - rules: What is sent again.
    func pipeline(_ transport: any HTTPTransport, host: Host, rules: RetryRules) -> HTTPPipeline {
        HTTPPipeline(
            transport: transport,
            clock: host.clock,
            rules: rules,
            logging: self.logging,
            userAgent: UserAgent.value(
                applicationID: self.applicationID,
                addition: host.environment["AZURE_HTTP_USER_AGENT"]
            )
        )
    }
}
