// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP
package import AzureIdentity
import AzureIdentityServiceLifecycle
import AzureKeyVaultSecrets
import HTTPTypes
package import Hummingbird
package import Logging
import NIOCore

#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
#endif

/// A service that reads secrets of a key vault as the application, or the managed identity, that it runs as.
///
/// - `GET /secrets/{name}`: what is known of a secret. Its value stays here; a real service would use it.
/// - `GET /health/live`: 200 as long as the process answers.
/// - `GET /health/ready`: 200 while there is a valid token for the vault, else 503; with what is known of the token.
/// - `GET /metrics`: counters and timers of the library and of the server, in the text format of Prometheus.
package struct SecretServer: Sendable {
    /// What the service is set up with.
    package struct Settings: Sendable {
        /// The vault.
        package var vaultURL: URL
        /// Whether the vault's name is in a domain of Azure's, as all vaults' are but those of private clouds and of the emulator.
        package var isAzureVault: Bool
        /// The vault's tenant. The client asks for the tokens of this one, which the vault names, and so has whoever keeps them fresh. `nil`: the
        /// credential's own.
        package var vaultTenantID: String?
        /// The port, on the loopback. 0: any free one.
        package var port: Int
        /// What the credential is made with.
        package var credentialOptions: CredentialOptions

        package init(
            vaultURL: URL,
            isAzureVault: Bool,
            vaultTenantID: String? = nil,
            port: Int,
            credentialOptions: CredentialOptions
        ) {
            self.vaultURL = vaultURL
            self.isAzureVault = isAzureVault
            self.vaultTenantID = vaultTenantID
            self.port = port
            self.credentialOptions = credentialOptions
        }
    }

    private static let scope = "https://vault.azure.net/.default"

    private let settings: Settings
    private let logger: Logger
    private let metrics: TextMetrics
    private let client: SecretClient
    private let keepWarm: TokenKeepWarmService

    package init(_ settings: Settings, metrics: TextMetrics, logger: Logger) {
        self.settings = settings
        self.logger = logger
        self.metrics = metrics
        let credential = DefaultAzureCredential(options: .init(credentialOptions: settings.credentialOptions))
        self.client = SecretClient(
            vaultURL: settings.vaultURL,
            credential: credential,
            options: SecretClientOptions(
                verifiesChallengeResource: settings.isAzureVault,
                scope: Self.scope,
                timeout: .seconds(20),
                transport: settings.credentialOptions.transport,
                network: settings.credentialOptions.network,
                // Somebody waits for each request, so retries are quick, and there are more of them.
                retry: RetryOptions(maximumRetries: 5, baseDelay: .milliseconds(100), maximumDelay: .seconds(5)),
                logging: LoggingOptions(logger: logger)
            )
        )
        // The client's tokens: those of the vault's tenant, and of clients that answer claims challenges.
        self.keepWarm = TokenKeepWarmService(
            credential: credential,
            requests: [TokenRequestContext(scopes: [Self.scope], tenantID: settings.vaultTenantID, isCAEEnabled: true)],
            options: .init(logger: logger)
        )
    }

    /// The service, ready to run. It takes no requests before it has a token, or ten seconds have passed: then readiness says why.
    ///
    /// - Parameter onServerRunning: Is told the port.
    package func application(
        onServerRunning: @escaping @Sendable (Int) async -> Void = { _ in }
    ) -> some ApplicationProtocol {
        let keepWarm = self.keepWarm
        let logger = self.logger
        var application = Application(
            router: self.router(),
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: self.settings.port)),
            services: [keepWarm],
            onServerRunning: { channel in await onServerRunning(channel.localAddress?.port ?? 0) },
            logger: logger
        )
        application.beforeServerStarts {
            do {
                try await keepWarm.waitUntilReady(timeout: .seconds(10))
            } catch let error as AuthenticationError {
                logger.warning("The service starts without a token", metadata: ["error": "\(error.summaryWithoutAccounts)"])
            }
        }
        return application
    }

    private func router() -> Router<BasicRequestContext> {
        let router = Router()
        router.add(middleware: MetricsMiddleware())
        let (client, keepWarm, metrics) = (self.client, self.keepWarm, self.metrics)
        router.get("secrets/:name") { request, context -> Response in
            let name = try context.parameters.require("name")
            do {
                let secret = SecretAnswer(try await client.getSecret(name))
                return try context.responseEncoder.encode(secret, from: request, context: context)
            } catch is CancellationError {
                throw CancellationError()
            } catch let error {
                return try Self.response(to: error, request, context)
            }
        }
        router.get("health/live") { _, _ -> HTTPResponse.Status in .ok }
        router.get("health/ready") { request, context -> Response in
            let health = Health(keepWarm)
            var response = try context.responseEncoder.encode(health, from: request, context: context)
            response.status = health.isReady ? .ok : .serviceUnavailable
            return response
        }
        router.get("metrics") { _, _ -> Response in
            Response(
                status: .ok,
                headers: [.contentType: "text/plain; version=0.0.4"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: metrics.text))
            )
        }
        return router
    }

    private static func response(
        to error: any Error,
        _ request: Request,
        _ context: BasicRequestContext
    ) throws -> Response {
        let answer = ErrorAnswer(error)
        if let line = answer.logLine {
            context.logger.warning("A secret could not be read", metadata: ["error": "\(line)", "code": "\(answer.code)"])
        }
        let body = Refusal(code: answer.code, message: answer.message)
        var response = try context.responseEncoder.encode(body, from: request, context: context)
        response.status = HTTPResponse.Status(code: answer.status)
        if let seconds = answer.retryAfter { response.headers[.retryAfter] = "\(seconds)" }
        return response
    }
}

/// What a caller is told of a secret.
private struct SecretAnswer: Encodable, Sendable {
    let name: String
    let version: String?
    let characters: Int

    init(_ secret: KeyVaultSecret) {
        self.name = secret.name
        self.version = secret.properties.version
        self.characters = secret.value.revealed.count
    }
}

/// What a caller is told of a failure.
private struct Refusal: Encodable, Sendable {
    let code: String
    let message: String
}

/// What a probe is told.
private struct Health: Encodable, Sendable {
    struct Token: Encodable, Sendable {
        let scopes: [String]
        let expiresOn: String?
        let failures: Int
        /// The error's code: whoever asks may be anybody, so what went wrong stands in the log.
        let error: String?
    }

    let isReady: Bool
    let tokens: [Token]

    init(_ service: TokenKeepWarmService) {
        self.isReady = service.isReady
        self.tokens = service.tokens.map { token in
            Token(
                scopes: token.request.scopes,
                expiresOn: token.expiresOn?.ISO8601Format(),
                failures: token.failures,
                error: token.lastError.map { ($0 as? AuthenticationError)?.code.description ?? "\(type(of: $0))" }
            )
        }
    }
}
