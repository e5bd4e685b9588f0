// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP
import AzureIdentity
import Dispatch

#if os(Linux)
/// A name on a session bus, and the calls to the object behind it. The name is given up when nobody holds this any more, or by `leave`.
final class BrokerSeat: Sendable {
    static let name = "com.microsoft.identity.broker1"
    fileprivate static let path = "/com/microsoft/identity/broker1"
    fileprivate static let interface = "com.microsoft.identity.Broker1"
    /// How long the bus may take to answer.
    private static let patience = Duration.seconds(10)

    /// Who answers, by numbers: GLib may still call with one when nobody is there any more.
    private struct Handlers: Sendable {
        var last = 0
        var table: [Int: @Sendable (GLibPointer) -> Void] = [:]
    }

    private static let handlers = Locked(Handlers())

    private let bus: SessionBus
    private let id: Int

    /// Takes the name.
    ///
    /// - Parameters:
    ///   - address: The bus.
    ///   - handler: Gets the calls, one after another.
    init(at address: String, handler: @escaping @Sendable (BusCall) -> Void) async throws(EmulatedBrokerError) {
        let bus: SessionBus
        let functions: BusServiceFunctions
        do throws(SessionBusProblem) {
            bus = try await SessionBus.connect(to: try SessionBusAddress(address), timeout: Self.patience)
            functions = try BusServiceFunctions.shared.get()
        } catch {
            throw EmulatedBrokerError(error)
        }
        let queue = DispatchQueue(label: "azure-identity.emulated-broker")
        self.bus = bus
        self.id = Self.handlers.withLock { handlers in
            handlers.last += 1
            handlers.table[handlers.last] = { message in
                let call = BusCall(message, bus, functions)
                queue.async { handler(call) }
            }
            return handlers.last
        }
        let id = self.id
        let isTaken = await BlockingQueue(label: "azure-identity.emulated-broker-name", limit: Self.patience).run {
            bus.withConnection { _, connection in
                _ = functions.addFilter(connection, takeBusMessage, GLibPointer(bitPattern: id), nil)
                return Self.takeName(connection, functions)
            } ?? false
        }
        guard isTaken == true else { throw EmulatedBrokerError(message: "The name \(Self.name) is another's on this bus.") }
    }

    deinit {
        let id = self.id
        _ = Self.handlers.withLock { $0.table.removeValue(forKey: id) }
    }

    private static func takeName(_ connection: GLibPointer, _ functions: BusServiceFunctions) -> Bool {
        let (glib, bus) = (functions.glib, "org.freedesktop.DBus")
        // Not to be taken over, and not to wait in line.
        guard let name = glib.variant.text(Self.name), let flags = functions.number(4),
            let arguments = glib.variant.tuple([name, flags], 2)
        else { return false }
        let reply = try? glib.answer {
            glib.call(connection, bus, "/org/freedesktop/DBus", bus, "RequestName", arguments, nil, 0, 10_000, nil, $0)
        }
        guard let reply else { return false }
        defer { glib.variant.release(reply) }
        guard glib.variant.isType(reply, "(u)"), let code = glib.variant.child(reply, 0) else { return false }
        defer { glib.variant.release(code) }
        return functions.numberOf(code) == 1
    }

    /// Leaves the bus, whoever waits for an answer.
    func leave() async {
        let bus = self.bus
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            DispatchQueue.global().async {
                _ = bus.withConnection { functions, connection in
                    try? functions.glib.answer { functions.close(connection, nil, $0) }
                }
                continuation.resume()
            }
        }
    }

    /// What GLib calls with each message, on its own thread: takes calls of the broker's interface and lets all others pass.
    fileprivate static func take(_ message: GLibPointer, id: Int) -> GLibPointer? {
        guard let functions = try? BusServiceFunctions.shared.get(), functions.kind(message) == 1,
            functions.text(functions.path(message)) == Self.path, functions.text(functions.interface(message)) == Self.interface,
            let handler = Self.handlers.withLock({ $0.table[id] })
        else { return message }
        handler(message)
        return nil
    }
}

private func takeBusMessage(
    _ connection: GLibPointer?,
    _ message: GLibPointer?,
    _ isIncoming: Int32,
    _ data: GLibPointer?
) -> GLibPointer? {
    guard isIncoming != 0, let message else { return message }
    return BrokerSeat.take(message, id: Int(bitPattern: data))
}

/// A call that waits for its answer; only the first one is sent.
final class BusCall: Sendable {
    let member: String
    /// The arguments; empty if they aren't three texts.
    let arguments: [String]
    private let bus: SessionBus
    private let functions: BusServiceFunctions
    /// The address of the message, which is released with this.
    private let message: Int
    private let isAnswered = Locked(false)

    fileprivate init(_ message: GLibPointer, _ bus: SessionBus, _ functions: BusServiceFunctions) {
        self.bus = bus
        self.functions = functions
        self.message = Int(bitPattern: message)
        self.member = functions.text(functions.member(message))
        self.arguments = functions.body(message).flatMap { functions.glib.variant.texts(of: $0, type: "(sss)") } ?? []
    }

    deinit { if let message = GLibPointer(bitPattern: self.message) { self.functions.glib.release(message) } }

    func answer(_ text: String) {
        self.send { functions, message in
            guard let body = functions.glib.variant.texts([text]), let reply = functions.newReply(message) else { return nil }
            functions.setBody(reply, body)
            return reply
        }
    }

    func answer(number: UInt32) {
        self.send { functions, message in
            guard let number = functions.number(number), let body = functions.glib.variant.tuple([number], 1),
                let reply = functions.newReply(message)
            else { return nil }
            functions.setBody(reply, body)
            return reply
        }
    }

    func refuse(_ name: String, _ text: String) { self.send { $0.newError($1, name, text) } }

    private func send(_ make: (BusServiceFunctions, GLibPointer) -> GLibPointer?) {
        let isFirst = self.isAnswered.withLock { isAnswered in
            defer { isAnswered = true }
            return !isAnswered
        }
        let functions = self.functions
        guard isFirst, let message = GLibPointer(bitPattern: self.message), let reply = make(functions, message) else { return }
        defer { functions.glib.release(reply) }
        _ = self.bus.withConnection { _, connection in
            try? functions.glib.answer { functions.send(connection, reply, 0, nil, $0) }
        }
    }
}

/// The functions of GIO that calls are taken and answered with, by their addresses.
struct BusServiceFunctions: Sendable {
    typealias Filter = @convention(c) (GLibPointer?, GLibPointer?, Int32, GLibPointer?) -> GLibPointer?
    typealias Text = @convention(c) @Sendable (GLibPointer) -> UnsafePointer<CChar>?
    typealias Make = @convention(c) @Sendable (GLibPointer) -> GLibPointer?

    let glib: GLibFunctions
    /// `g_dbus_connection_add_filter`
    let addFilter: @convention(c) @Sendable (GLibPointer, Filter, GLibPointer?, GLibPointer?) -> UInt32
    /// `g_dbus_connection_send_message`
    let send: @convention(c) @Sendable (GLibPointer, GLibPointer, Int32, GLibPointer?, GLibErrorPlace) -> Int32
    /// `g_dbus_message_get_message_type`
    let kind: @convention(c) @Sendable (GLibPointer) -> Int32
    /// `g_dbus_message_get_path`
    let path: Text
    /// `g_dbus_message_get_interface`
    let interface: Text
    /// `g_dbus_message_get_member`
    let member: Text
    /// `g_dbus_message_get_body`
    let body: Make
    /// `g_dbus_message_set_body`
    let setBody: @convention(c) @Sendable (GLibPointer, GLibPointer) -> Void
    /// `g_dbus_message_new_method_reply`
    let newReply: Make
    /// `g_dbus_message_new_method_error_literal`
    let newError: @convention(c) @Sendable (GLibPointer, UnsafePointer<CChar>, UnsafePointer<CChar>) -> GLibPointer?
    /// `g_variant_new_uint32`
    let number: @convention(c) @Sendable (UInt32) -> GLibPointer?
    /// `g_variant_get_uint32`
    let numberOf: @convention(c) @Sendable (GLibPointer) -> UInt32

    private init(_ functions: SessionBusFunctions) throws(NativeLibraryProblem) {
        let library = functions.library
        self.glib = functions.glib
        self.addFilter = try library.function("g_dbus_connection_add_filter")
        self.send = try library.function("g_dbus_connection_send_message")
        self.kind = try library.function("g_dbus_message_get_message_type")
        self.path = try library.function("g_dbus_message_get_path")
        self.interface = try library.function("g_dbus_message_get_interface")
        self.member = try library.function("g_dbus_message_get_member")
        self.body = try library.function("g_dbus_message_get_body")
        self.setBody = try library.function("g_dbus_message_set_body")
        self.newReply = try library.function("g_dbus_message_new_method_reply")
        self.newError = try library.function("g_dbus_message_new_method_error_literal")
        self.number = try library.function("g_variant_new_uint32")
        self.numberOf = try library.function("g_variant_get_uint32")
    }

    static let shared: Result<BusServiceFunctions, SessionBusProblem> = {
        do throws(SessionBusProblem) {
            let functions = try SessionBusFunctions.shared.get()
            do throws(NativeLibraryProblem) {
                return .success(try BusServiceFunctions(functions))
            } catch {
                return .failure(SessionBusProblem(.noLibrary, error.reason))
            }
        } catch {
            return .failure(error)
        }
    }()

    func text(_ pointer: UnsafePointer<CChar>?) -> String { pointer.map { String(cString: $0) } ?? "" }
}
#else
/// There is no session bus on this system.
final class BrokerSeat: Sendable {
    init(at address: String, handler: @escaping @Sendable (BusCall) -> Void) async throws(EmulatedBrokerError) {
        throw EmulatedBrokerError(message: "There is no session bus on this system.")
    }

    func leave() async {}
}

/// A call that waits for its answer.
final class BusCall: Sendable {
    let member = ""
    let arguments: [String] = []

    func answer(_ text: String) {}
    func answer(number: UInt32) {}
    func refuse(_ name: String, _ text: String) {}
}
#endif
