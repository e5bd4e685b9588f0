// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

/// What talks to an authority, made from a credential's options.
struct EntraParts {
    let client: EntraClient
    let authority: Authority
    let transportName: String

    /// - Throws: `AuthenticationError` with `.invalidConfiguration`.
    init(credential: String, tenantID: String, options: CredentialOptions, host: Host) throws {
        let transport = try CredentialOptions.transport(of: host, credential: credential)
        self.authority = try Authority(options: options, tenantID: tenantID, environment: host.environment)
        self.transportName = TransportIdentity.name(of: transport)
        let resolver = AuthorityResolver(
            credential: credential,
            authority: self.authority,
            pipeline: options.pipeline(transport, host: host, rules: RetryRules(base: options.retry)),
            briefPipeline: options.pipeline(transport, host: host, rules: RetryRules(base: Self.briefRetry(options.retry))),
            pipelineWithoutRetries: options.pipeline(transport, host: host, rules: RetryRules(base: .none)),
            host: host,
            transportName: self.transportName,
            logger: options.logging.logger
        )
        self.client = EntraClient(credential: credential, resolver: resolver)
    }

    /// For documents that a token request can do without: one retry at most.
    private static func briefRetry(_ retry: RetryOptions) -> RetryOptions {
        RetryOptions(
            maximumRetries: min(1, retry.maximumRetries),
            baseDelay: min(.milliseconds(200), retry.baseDelay),
            maximumDelay: min(.seconds(1), retry.maximumDelay)
        )
    }
}
