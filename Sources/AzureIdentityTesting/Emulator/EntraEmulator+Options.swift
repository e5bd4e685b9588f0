// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

public import AzureHTTP
public import AzureIdentity
import Logging

extension EntraEmulator {
    /// Options with which a credential talks to this emulator in memory, on its clock, and sees no environment variable.
    ///
    /// - Parameters:
    ///   - transport: What to send requests with; `nil`: the emulator's ``transport`` itself. For a ``GatedTransport`` around it.
    ///   - tokenCache: Where tokens are kept; by default a cache of its own.
    ///   - retry: How often and how fast requests are sent again.
    ///   - environment: The environment variables; none by default.
    ///   - logging: What is logged, and where; nothing by default.
    /// - Returns: The options.
    public func credentialOptions(
        transport: (any HTTPTransport)? = nil,
        tokenCache: TokenCache = .inMemory,
        retry: RetryOptions = .default,
        environment: EnvironmentVariables = [:],
        logging: LoggingOptions? = nil
    ) -> CredentialOptions {
        var options = CredentialOptions(
            transport: transport ?? self.transport,
            retry: retry,
            logging: logging ?? LoggingOptions(logger: Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() }),
            tokenCache: tokenCache,
            environment: environment
        )
        let clock = self.engine.clock
        options.hostOverride = { host in
            var host = host
            host.clock = clock
            return host
        }
        return options
    }
}
