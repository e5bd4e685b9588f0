// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP
import Dispatch

/// A local stand-in for the identity broker of Linux: has the broker's name on a session bus and answers programs that ask it for tokens of
/// the emulator's people.
///
/// ```swift
/// // DBUS_SESSION_BUS_ADDRESS of a bus of the test's own, as dbus-daemon --print-address says it
/// let broker = try await EmulatedBroker.start(emulator, address: address)
/// broker.play(.interactionRequired, on: .acquireTokenSilently, calls: 1)
/// await broker.stop()
/// ```
///
/// It speaks the protocol `com.microsoft.identity.broker1` as far as it is described in public (siemens/linux-entra-sso, siemens/sso-mib,
/// himmelblau-idm/himmelblau), and refuses what the emulator's token endpoint would refuse: applications, redirect URLs, tenants, policies.
/// Nobody's password is asked for. Whoever may use the bus gets tokens, worthless as they are.
///
/// Linux alone, with GLib's `libgio-2.0.so.0`, which is opened at run time. Leaves the bus by ``stop()``, or when it is released.
public final class EmulatedBroker: Sendable {
    /// The emulator whose people are signed in here, and whose tokens are given out.
    public let emulator: EntraEmulator
    /// What the broker says its version is.
    public let version: String

    let state = Locked(State())
    /// The calls received so far.
    private let received = Milestones()
    /// The windows opened so far.
    let opened = Milestones()
    /// The name on the bus. `nil`: not yet.
    private let seat = Locked<BrokerSeat?>(nil)

    private init(_ emulator: EntraEmulator, version: String) {
        self.emulator = emulator
        self.version = version
    }

    /// Starts a broker.
    ///
    /// - Parameters:
    ///   - emulator: The emulator. It may have several brokers, on different buses.
    ///   - address: The session bus, as `DBUS_SESSION_BUS_ADDRESS` has it: a socket of this machine.
    ///   - userNames: Who is signed in, by their names in their home tenants.
    ///   - version: What it says its version is.
    /// - Returns: The broker, ready.
    /// - Throws: ``EmulatedBrokerError`` if there is no such bus or no GLib, if somebody else has the broker's name there, or if there is no
    ///   such user.
    public static func start(
        _ emulator: EntraEmulator = EntraEmulator(),
        address: String,
        signedIn userNames: [String] = [EmulatorConfiguration.Sample.userName],
        version: String = "2.0.2"
    ) async throws(EmulatedBrokerError) -> EmulatedBroker {
        let broker = EmulatedBroker(emulator, version: version)
        for name in userNames { try broker.signIn(name) }
        let seat = try await BrokerSeat(at: address) { [weak broker] call in broker?.receive(call) }
        broker.seat.withLock { $0 = seat }
        return broker
    }

    /// Leaves the bus. Who waits for an answer is told by the bus that none will come.
    public func stop() async { await self.seat.withLock { $0 }?.leave() }

    // MARK: People

    /// Signs a user in, without a window and a second factor.
    ///
    /// - Parameter userName: The name, in the user's home tenant.
    /// - Throws: ``EmulatedBrokerError`` if there is no such user.
    public func signIn(_ userName: String) throws(EmulatedBrokerError) {
        do throws(EmulatedSignInError) {
            self.enter(try self.emulator.engine.brokerSession(of: userName))
        } catch {
            throw EmulatedBrokerError(message: error.message)
        }
    }

    /// Signs a user out; nobody of that name is no error.
    ///
    /// - Parameter userName: The name.
    public func signOut(_ userName: String) {
        let name = userName.lowercased()
        self.state.withLock { state in
            state.sessions.removeAll { $0.person.home.userPrincipalName.lowercased() == name }
        }
    }

    /// The names of those who are signed in, in the order in which they did.
    public var userNames: [String] { self.state.withLock { $0.sessions.map(\.person.home.userPrincipalName) } }

    /// Keeps somebody's newest sign-in.
    func enter(_ session: BrokerSession) {
        self.state.withLock { state in
            if let position = state.sessions.firstIndex(where: { $0.person.key == session.person.key }) {
                state.sessions[position] = session
            } else {
                state.sessions.append(session)
            }
        }
    }

    // MARK: Faults

    /// Starts to misbehave, in place of the fault that plays.
    ///
    /// - Parameters:
    ///   - fault: What to do. `nil`: nothing more.
    ///   - method: For which calls. `nil`: for all.
    ///   - calls: For how many of them.
    public func play(_ fault: EmulatedBrokerFault?, on method: Method? = nil, calls: Int = .max) {
        self.state.withLock { $0.fault = fault.map { State.Playing(fault: $0, method: method, calls: calls) } }
    }

    /// Says what the person does at the windows to come. By default they sign in.
    ///
    /// - Parameter conduct: What they do.
    public func setWindowConduct(_ conduct: WindowConduct) { self.state.withLock { $0.conduct = conduct } }

    // MARK: Calls

    /// The calls received so far, in order; of many the last 10,000.
    public var calls: [Call] { self.state.withLock { $0.calls } }

    /// How many calls of a method were received so far, whatever became of them.
    ///
    /// - Parameter method: The method.
    /// - Returns: How many.
    public func callCount(of method: Method) -> Int { self.state.withLock { $0.counts[method] ?? 0 } }

    /// Waits until so many calls were received since the broker was started.
    ///
    /// - Parameter count: How many.
    public func waitForCalls(_ count: Int) async { await self.received.reached(count) }

    /// Takes a call from the bus, on a queue where one call comes after another.
    private func receive(_ call: BusCall) {
        let arguments = call.arguments
        let id = arguments.count == 3 ? arguments[1] : ""
        let question = try? BrokerQuestion(arguments.last ?? "", correlationID: id)
        let record = Call(
            method: Method(rawValue: call.member),
            protocolVersion: arguments.first ?? "",
            correlationID: id,
            clientID: question?.clientID,
            scopes: question?.scopes ?? [],
            userName: question?.userName
        )
        let fault = self.state.withLock { $0.take(record) }
        self.received.advance()
        switch fault?.kind {
        case .error(let status, let context, let errorCode, let tag):
            let error = BrokerConversation.error(status: status, context: context, errorCode: errorCode, tag: tag)
            let body = EmulatorJSON.object(["error": error])
            call.answer(record.isForToken ? EmulatorJSON.object(["brokerTokenResponse": body]).text : body.text)
        case .busError(let name, let message): call.refuse(name, message)
        case .text(let text): call.answer(text)
        case .wrongType: call.answer(number: 7)
        case .huge(let bytes):
            self.respond(to: call, record, question) { $0 + String(repeating: " ", count: max(0, bytes - $0.utf8.count)) }
        case .late(let duration):
            let moment = DispatchTime.now() + .nanoseconds(Int(clamping: duration.saturatedNanoseconds))
            DispatchQueue.global().asyncAfter(deadline: moment) { [weak self] in
                self?.respond(to: call, record, question) { $0 }
            }
        case .never: break
        case .death: Task { await self.stop() }
        case nil: self.respond(to: call, record, question) { $0 }
        }
    }
}
