// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import Dispatch

/// What is called on a bus, and whom.
package struct SessionBusMethod: Sendable, Hashable {
    package var destination: String
    package var path: String
    package var interface: String
    package var name: String

    /// All are names of the program's own: GLib complains aloud of what isn't one.
    package init(destination: String, path: String, interface: String, name: String) {
        self.destination = destination
        self.path = path
        self.interface = interface
        self.name = name
    }

    /// A method of the bus itself.
    package static func ofBus(_ name: String) -> SessionBusMethod {
        SessionBusMethod(
            destination: "org.freedesktop.DBus", path: "/org/freedesktop/DBus", interface: "org.freedesktop.DBus", name: name)
    }
}

/// What a call was answered with: one of the few forms that are read.
package enum SessionBusReply: Sendable, Hashable {
    /// `(s)`
    case text(String)
    /// `(as)`
    case texts([String])
    /// `(b)`
    case flag(Bool)
}

#if os(Linux)
/// A connection to the session bus by GIO, which is loaded when somebody asks for it. It is closed when nobody holds it any more.
///
/// What blocks runs on threads of its own. Each call ends by its time, and as soon as its task is cancelled.
package final class SessionBus: Sendable {
    /// The most bytes of an answer.
    package static let answerLimit = 1 << 20
    /// How much longer a thread may take to notice that its time is up, before it is left behind.
    private static let grace = Duration.seconds(2)
    /// Where connections are closed, one after the other, and how long one may take.
    private static let closing = DispatchQueue(label: "azure-identity.session-bus-close")
    private static let closingLimit = Duration.seconds(5)

    private let functions: SessionBusFunctions
    /// The address of the `GDBusConnection`, which is closed and released with this.
    private let address: Int

    private init(_ functions: SessionBusFunctions, _ connection: GLibPointer) {
        self.functions = functions
        self.address = Int(bitPattern: connection)
    }

    deinit {
        let (functions, address) = (self.functions, self.address)
        // Closing waits for GLib's thread, and for what is still to be sent, which a bus that reads nothing holds up.
        Self.closing.async {
            guard let connection = GLibPointer(bitPattern: address) else { return }
            if let cancellation = GLibCancellation(functions.glib, limit: Self.closingLimit) {
                _ = try? functions.glib.answer { functions.close(connection, cancellation.pointer, $0) }
                withExtendedLifetime(cancellation) {}
            }
            functions.glib.release(connection)
        }
    }

    /// Connects to a bus and says hello.
    package static func connect(
        to address: SessionBusAddress,
        timeout: Duration
    ) async throws(SessionBusProblem) -> SessionBus {
        let functions = try await Self.functions(timeout: timeout)
        return try await Self.run(functions, timeout: timeout) { cancellation throws(SessionBusProblem) in
            let connection = try Self.answer(cancellation, .noBus, functions) {
                // As a client that authenticates. Without the flag for message buses GLib leaves the greeting to us: its own has no end.
                functions.connect(address.text, 1, nil, cancellation.pointer, $0)
            }
            guard let connection else { throw SessionBusProblem(.noBus, "GLib gave no connection") }
            let bus = SessionBus(functions, connection)
            functions.glib.setExitsOnClose(connection, 0)
            do throws(SessionBusProblem) {
                if case .text = try bus.answer(to: .ofBus("Hello"), [], cancellation) { return bus }
            } catch {
                if error.kind == .timedOut || error.kind == .cancelled { throw error }
            }
            throw SessionBusProblem(.noBus, "what listens at the address of the session bus is no bus")
        }
    }

    /// Calls a method with texts. Starts the service that is called, if the bus knows how.
    ///
    /// - Parameters:
    ///   - method: The method.
    ///   - arguments: Its arguments, without zero bytes.
    ///   - timeout: How long to wait for the answer.
    package func call(
        _ method: SessionBusMethod,
        _ arguments: [String],
        timeout: Duration
    ) async throws(SessionBusProblem) -> SessionBusReply {
        try await Self.run(self.functions, timeout: timeout) { cancellation throws(SessionBusProblem) in
            try self.answer(to: method, arguments, cancellation)
        }
    }

    /// Lends the connection to who does more with it than to call: it is good until the body returns, and as long as this lives.
    package func withConnection<Value>(_ body: (SessionBusFunctions, GLibPointer) -> Value) -> Value? {
        defer { withExtendedLifetime(self) {} }
        return GLibPointer(bitPattern: self.address).map { body(self.functions, $0) }
    }

    private func answer(
        to method: SessionBusMethod,
        _ arguments: [String],
        _ cancellation: GLibCancellation
    ) throws(SessionBusProblem) -> SessionBusReply {
        let glib = self.functions.glib
        guard let connection = GLibPointer(bitPattern: self.address), let values = glib.variant.texts(arguments) else {
            throw SessionBusProblem(.unexpectedAnswer, "an argument has a zero byte")
        }
        let endless = Int32.max
        let reply = try Self.answer(cancellation, .disconnected, self.functions) {
            glib.call(
                connection, method.destination, method.path, method.interface, method.name, values, nil, 0, endless,
                cancellation.pointer, $0)
        }
        guard let reply else { throw SessionBusProblem(.unexpectedAnswer, "GLib gave no answer") }
        defer { glib.variant.release(reply) }
        return try self.read(reply)
    }

    private func read(_ reply: GLibPointer) throws(SessionBusProblem) -> SessionBusReply {
        let variant = self.functions.glib.variant
        guard variant.size(reply) <= Self.answerLimit else {
            throw SessionBusProblem(.unexpectedAnswer, "the answer is larger than \(Self.answerLimit >> 20) MiB")
        }
        if let text = variant.texts(of: reply, type: "(s)")?.first { return .text(text) }
        if let member = variant.count(reply) == 1 ? variant.child(reply, 0) : nil {
            defer { variant.release(member) }
            if let texts = variant.texts(of: member, type: "as") { return .texts(texts) }
            if variant.isType(member, "b") { return .flag(variant.isTrue(member) != 0) }
        }
        let type = variant.type(reply).map { HostileText.sanitized(String(cString: $0), limit: 40) } ?? ""
        throw SessionBusProblem(.unexpectedAnswer, "the answer has the type \(type)")
    }
}

extension SessionBus {
    private static func functions(timeout: Duration) async throws(SessionBusProblem) -> SessionBusFunctions {
        let queue = BlockingQueue(label: "azure-identity.session-bus", limit: timeout + Self.grace)
        guard let loaded = await queue.run({ SessionBusFunctions.shared }) else { throw Self.givenUp() }
        return try loaded.get()
    }

    /// Runs what blocks on a thread of its own.
    private static func run<Value: Sendable>(
        _ functions: SessionBusFunctions,
        timeout: Duration,
        _ work: @escaping @Sendable (GLibCancellation) throws(SessionBusProblem) -> Value
    ) async throws(SessionBusProblem) -> Value {
        guard let cancellation = GLibCancellation(functions.glib, limit: timeout) else {
            throw SessionBusProblem(.noLibrary, "GLib gave no answer")
        }
        let queue = BlockingQueue(label: "azure-identity.session-bus", limit: timeout + Self.grace)
        let result = await withTaskCancellationHandler {
            await queue.run { () -> Result<Value, SessionBusProblem> in
                do throws(SessionBusProblem) { return .success(try work(cancellation)) } catch { return .failure(error) }
            }
        } onCancel: {
            cancellation.end(.cancelled)
        }
        guard let result else { throw Self.givenUp() }
        return try result.get()
    }

    /// What a function answers that may put an error in a place.
    private static func answer<Answer>(
        _ cancellation: GLibCancellation,
        _ kind: SessionBusProblem.Kind,
        _ functions: SessionBusFunctions,
        _ body: (GLibErrorPlace) -> Answer
    ) throws(SessionBusProblem) -> Answer {
        do throws(GLibError) {
            return try functions.glib.answer(body)
        } catch {
            switch cancellation.reason {
            case .cancelled: throw Self.cancelled
            case .timedOut: throw Self.timedOut
            case nil: break
            }
            throw SessionBusProblem(error.remoteName.map { .remote(name: $0) } ?? kind, error.message)
        }
    }

    private static let cancelled = SessionBusProblem(.cancelled, "the call was cancelled")
    private static let timedOut = SessionBusProblem(.timedOut, "nobody answered in time")

    private static func givenUp() -> SessionBusProblem { Task.isCancelled ? Self.cancelled : Self.timedOut }
}
#else
/// There is no session bus on this system.
package final class SessionBus: Sendable {
    private init() {}

    package static func connect(to address: SessionBusAddress, timeout: Duration) async throws(SessionBusProblem) -> SessionBus {
        throw SessionBusProblem(.noLibrary, "there is no session bus on this system")
    }

    package func call(
        _ method: SessionBusMethod,
        _ arguments: [String],
        timeout: Duration
    ) async throws(SessionBusProblem) -> SessionBusReply {
        throw SessionBusProblem(.noLibrary, "there is no session bus on this system")
    }
}
#endif
