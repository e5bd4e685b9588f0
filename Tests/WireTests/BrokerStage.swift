// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureCredentials
import AzureHTTP
import AzureIdentity
import AzureIdentityBroker
import AzureIdentityTesting
import Foundation
import NIOCore
import NIOPosix
import Testing

/// A session bus of a test's own, with an emulated broker on it or without.
struct BrokerStage: Sendable {
    /// The bus, as `DBUS_SESSION_BUS_ADDRESS` has it.
    let address: String
    /// The bus's process.
    let process: Int32
    /// A folder that is gone after the test.
    let folder: String

    /// Starts a bus for as long as the body runs.
    static func with(_ body: (BrokerStage) async throws -> Void) async throws {
        try await CacheHome.with { home in
            let daemon = Program(path: "/usr/bin/dbus-daemon", environment: home.environment)
            let arguments = ["--session", "--nofork", "--print-address", "--address=unix:path=\(home.path)/run/test-bus"]
            try await daemon.run(arguments, awaiting: 1) { process, lines in
                let address = try #require(lines.first).trimmingCharacters(in: .whitespacesAndNewlines)
                try await body(BrokerStage(address: address, process: process, folder: home.path))
            }
        }
    }

    /// Starts a bus with a broker on it.
    static func withBroker(
        signedIn userNames: [String] = [Sample.userName],
        _ body: (BrokerStage, EmulatedBroker) async throws -> Void
    ) async throws {
        try await Self.with { stage in
            let broker = try await EmulatedBroker.start(address: stage.address, signedIn: userNames)
            try await body(stage, broker)
            await broker.stop()
        }
    }

    /// What asks the broker on this bus.
    var client: DBusBroker { Self.client(["DBUS_SESSION_BUS_ADDRESS": self.address]) }

    /// What asks the broker on the bus that the variables name.
    static func client(_ environment: EnvironmentVariables) -> DBusBroker {
        DBusBroker(host: Host(environment: environment, transport: EntraEmulator().transport))
    }

    static func request(
        tenant: String = Sample.tenantID,
        clientID: String = Sample.publicClientID,
        timeout: Duration = .seconds(60),
        _ change: (inout BrokerRequest) -> Void = { _ in }
    ) -> BrokerRequest {
        var request = BrokerRequest(
            clientID: clientID,
            authority: "https://login.microsoftonline.com/\(tenant)",
            scopes: [vaultScope],
            redirectURL: BrokerPlatform.linux.requestedRedirectURL,
            correlationID: UUID().uuidString.lowercased(),
            deadline: SystemClock().now + timeout
        )
        change(&request)
        return request
    }

    /// Why something failed; `nil`: it didn't.
    static func failure(_ body: () async throws(BrokerFailure) -> Void) async -> BrokerFailure? {
        do throws(BrokerFailure) {
            try await body()
            return nil
        } catch {
            return error
        }
    }

    /// Something that isn't a bus, at an address of one, for as long as the body runs.
    ///
    /// - Parameter greeting: What it sends to who connects; it reads and says nothing else.
    static func withImpostor(greeting: String, _ body: (EnvironmentVariables) async throws -> Void) async throws {
        try await CacheHome.with { home in
            let path = "\(home.path)/run/bus"
            let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .childChannelInitializer { channel in
                    channel.pipeline.addHandler(GreetingHandler(greeting: greeting))
                }
                .bind(unixDomainSocketPath: path).get()
            // By the usual place of the socket, without the variable.
            try await body(["XDG_RUNTIME_DIR": "\(home.path)/run"])
            try await server.close()
        }
    }
}

/// Greets and takes no notice of what comes.
private final class GreetingHandler: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let greeting: String

    init(greeting: String) { self.greeting = greeting }

    func channelActive(context: ChannelHandlerContext) {
        if !self.greeting.isEmpty { context.writeAndFlush(self.wrapOutboundOut(ByteBuffer(string: self.greeting)), promise: nil) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}
}

extension RealPart {
    /// A bus for a session: D-Bus's daemon, and GLib's way to it.
    static let sessionBus = RealPart(
        name: "D-Bus",
        isPresent: FileManager.default.isExecutableFile(atPath: "/usr/bin/dbus-daemon") && hasLibrary
    )

    private static let hasLibrary = (try? NativeLibrary(names: ["libgio-2.0.so.0"])) != nil
}
#endif
