// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP
package import AzureIdentity

/// The identity broker of Linux by its name on the session bus. Each call has a connection of its own, which is closed behind it.
///
/// It is asked whether the broker is there before it is asked for anything, so that its absence can be told from its failure. A broker that
/// the bus can start is started.
package final class DBusBroker: BrokerClient {
    /// How long the request to cancel a window may take, behind the caller's back.
    private static let cancellationTime = Duration.seconds(5)
    /// No call takes longer, whatever the deadline.
    private static let longest = Duration.seconds(86_400)

    package let name = "identity broker on the session bus"
    private let host: Host

    /// Does nothing yet.
    package init(host: Host) { self.host = host }

    package func accounts(_ request: BrokerRequest) async throws(BrokerFailure) -> [BrokerAccount] {
        let bus = try await self.connect(request)
        return try await self.accounts(request, on: bus)
    }

    package func acquireSilently(
        _ request: BrokerRequest,
        account: BrokerAccount?
    ) async throws(BrokerFailure) -> BrokerAnswer {
        let bus = try await self.connect(request)
        var chosen = account
        if chosen == nil { chosen = try DBusMessages.defaultAccount(of: try await self.accounts(request, on: bus), for: request) }
        return try await self.token(DBusMessages.acquireTokenSilently, .silent, request, account: chosen, on: bus)
    }

    package func acquireInteractively(
        _ request: BrokerRequest,
        account: BrokerAccount?
    ) async throws(BrokerFailure) -> BrokerAnswer {
        let bus = try await self.connect(request)
        do throws(BrokerFailure) {
            return try await self.token(DBusMessages.acquireTokenInteractively, .interactive, request, account: account, on: bus)
        } catch {
            if error.kind == .cancelled || error.kind == .timedOut { self.cancelWindow(request, on: bus) }
            throw error
        }
    }

    package func signOut(_ account: BrokerAccount, request: BrokerRequest) async throws(BrokerFailure) {
        let bus = try await self.connect(request)
        let body = DBusMessages.removalRequest(account, request)
        try await self.ask(DBusMessages.removeAccount, body, request, on: bus) { answer throws(BrokerFailure) in
            try DBusMessages.confirm(answer)
        }
    }

    // MARK: Calls

    private func accounts(_ request: BrokerRequest, on bus: SessionBus) async throws(BrokerFailure) -> [BrokerAccount] {
        try await self.ask(DBusMessages.getAccounts, DBusMessages.accountsRequest(request), request, on: bus) {
            answer throws(BrokerFailure) in try DBusMessages.accounts(in: answer)
        }
    }

    private func token(
        _ method: SessionBusMethod,
        _ authorization: DBusMessages.Authorization,
        _ request: BrokerRequest,
        account: BrokerAccount?,
        on bus: SessionBus
    ) async throws(BrokerFailure) -> BrokerAnswer {
        let body = DBusMessages.tokenRequest(request, account: account, authorization)
        // Whom the broker was asked for isn't put in: who has signed in at a window has to be said by the answer.
        return try await self.ask(method, body, request, on: bus) { answer throws(BrokerFailure) in
            try DBusMessages.token(in: answer, isProofWanted: request.proofOfPossession != nil)
        }
    }

    /// A bus with a broker on it, or with one that it can start.
    private func connect(_ request: BrokerRequest) async throws(BrokerFailure) -> SessionBus {
        do throws(SessionBusProblem) {
            let address = try SessionBusAddress(environment: self.host.environment)
            let bus = try await SessionBus.connect(to: address, timeout: self.rest(of: request))
            if case .flag(true) = try await bus.call(
                .ofBus("NameHasOwner"), [DBusMessages.service], timeout: self.rest(of: request))
            {
                return bus
            }
            if case .texts(let names) = try await bus.call(
                .ofBus("ListActivatableNames"), [], timeout: self.rest(of: request)),
                names.contains(DBusMessages.service)
            {
                return bus
            }
        } catch {
            throw BrokerFailure(error)
        }
        throw BrokerFailure(.absent(reason: "There is no identity broker on the session bus."))
    }

    /// Calls a method and reads its answer.
    private func ask<Value>(
        _ method: SessionBusMethod,
        _ body: String,
        _ request: BrokerRequest,
        on bus: SessionBus,
        read: (String) throws(BrokerFailure) -> Value
    ) async throws(BrokerFailure) -> Value {
        do throws(BrokerFailure) {
            let arguments = [DBusMessages.protocolVersion, request.correlationID, body]
            return try read(try await self.call(method, arguments, request, on: bus))
        } catch {
            var failure = error
            // Nobody here has cancelled anything if the broker says that somebody has; nor is it absent itself if it misses another one.
            if failure.status != nil, failure.kind == .cancelled || failure.isAbsence { failure.kind = .refused }
            throw failure
        }
    }

    private func call(
        _ method: SessionBusMethod,
        _ arguments: [String],
        _ request: BrokerRequest,
        on bus: SessionBus
    ) async throws(BrokerFailure) -> String {
        do throws(SessionBusProblem) {
            if case .text(let text) = try await bus.call(method, arguments, timeout: self.rest(of: request)) { return text }
        } catch {
            throw BrokerFailure(error)
        }
        throw BrokerFailure(.protocolError, context: "The broker's answer is no text.")
    }

    /// Has the broker close its window. Nobody waits for it, and not every broker can.
    private func cancelWindow(_ request: BrokerRequest, on bus: SessionBus) {
        let arguments = [
            DBusMessages.protocolVersion, request.correlationID, DBusMessages.cancellationRequest(request),
        ]
        // Not a child of the caller's task, which may be cancelled already.
        Task.detached {
            _ = try? await bus.call(DBusMessages.cancelInteractiveFlow, arguments, timeout: Self.cancellationTime)
        }
    }

    /// The time that is left; none if the deadline has passed.
    private func rest(of request: BrokerRequest) throws(SessionBusProblem) -> Duration {
        let rest = request.deadline - self.host.clock.now
        guard rest > .zero else { throw SessionBusProblem(.timedOut, "the deadline has passed") }
        return min(rest, Self.longest)
    }
}
