// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

extension EmulatedBroker {
    /// What the broker keeps between calls. Bounded.
    struct State: Sendable {
        /// A fault and the calls that it is left for.
        struct Playing: Sendable {
            var fault: EmulatedBrokerFault
            var method: Method?
            var calls: Int
        }

        /// A window that waits for the person.
        struct Window: Sendable {
            var question: BrokerQuestion
            var reply: @Sendable (EmulatorJSON) -> Void
        }

        private static let recordLimit = 10_000

        var sessions: [BrokerSession] = []
        var fault: Playing?
        var conduct = WindowConduct.signsIn()
        var calls: [Call] = []
        var counts: [Method: Int] = [:]
        var windows: [Window] = []

        /// Records a call; the fault for it, which is counted.
        mutating func take(_ call: Call) -> EmulatedBrokerFault? {
            self.calls.append(call)
            if self.calls.count > Self.recordLimit { self.calls.removeFirst() }
            if let method = call.method { self.counts[method, default: 0] += 1 }
            guard var playing = self.fault, playing.calls > 0, playing.method == nil || playing.method == call.method else {
                return nil
            }
            playing.calls -= 1
            self.fault = playing
            return playing.fault
        }
    }

    /// The most windows that are open at once.
    private static let windowLimit = 100

    /// Answers a call as a healthy broker.
    ///
    /// - Parameters:
    ///   - call: The call.
    ///   - record: What was read of it.
    ///   - question: Its request; `nil`: it is none.
    ///   - change: Changes the text of the answer.
    func respond(
        to call: BusCall,
        _ record: Call,
        _ question: BrokerQuestion?,
        _ change: @escaping @Sendable (String) -> String
    ) {
        guard let method = record.method else {
            return call.refuse("org.freedesktop.DBus.Error.UnknownMethod", "Not implemented")
        }
        guard let question else {
            return call.refuse("org.freedesktop.DBus.Error.InvalidArgs", "Three texts are wanted, the last one a JSON object")
        }
        let reply: @Sendable (EmulatorJSON) -> Void = { call.answer(change($0.text)) }
        let conversation = BrokerConversation(engine: self.emulator.engine)
        switch method {
        case .getAccounts:
            let people = self.state.withLock { $0.sessions.map(\.person) }
            reply(.object(["accounts": .array(people.map(BrokerConversation.account))]))
        case .acquireTokenSilently:
            let session = self.session(of: question) ?? self.onlySession(for: question)
            reply(conversation.token(question, type: BrokerConversation.silentType) { _ throws(EmulatorRefusal) in session })
        case .acquireTokenInteractively: self.open(State.Window(question: question, reply: reply))
        case .cancelInteractiveFlow:
            self.settle(question.correlationID) { _ in Self.refusal(8, "ApplicationCanceled") }
            reply(.object([:]))
        case .removeAccount:
            guard let session = self.session(of: question) else {
                return reply(.object(["error": BrokerConversation.error(status: 16, context: "AccountNotFound")]))
            }
            self.signOut(session.person.home.userPrincipalName)
            reply(.object([:]))
        case .getLinuxBrokerVersion: reply(.object(["linuxBrokerVersion": .string(self.version)]))
        }
    }

    /// Who is meant: by the account's id, else by the user's name.
    private func session(of question: BrokerQuestion) -> BrokerSession? {
        let id = question.accountID?.lowercased()
        let name = question.userName?.lowercased()
        return self.state.withLock { state in
            state.sessions.first { session in
                if let id { return session.person.key == id }
                return name == session.person.home.userPrincipalName.lowercased()
            }
        }
    }

    /// The only one who is signed in, where nobody is named; `nil`: somebody is, or there are several.
    private func onlySession(for question: BrokerQuestion) -> BrokerSession? {
        guard question.accountID == nil, question.userName == nil else { return nil }
        return self.state.withLock { $0.sessions.count == 1 ? $0.sessions.first : nil }
    }

    // MARK: Windows

    /// How many windows wait for the person.
    public var openWindowCount: Int { self.state.withLock { $0.windows.count } }

    /// Waits until so many windows were left open since the broker was started, those included that were answered since.
    ///
    /// - Parameter count: How many.
    public func waitForWindows(_ count: Int) async { await self.opened.reached(count) }

    /// Signs in at all windows that are open.
    ///
    /// - Parameter userName: Who; `nil`: whom each request names, else the sample's user.
    public func answerWindows(as userName: String? = nil) {
        self.settle { self.signIn(at: $0, as: userName) }
    }

    /// Closes all windows that are open, as a person does (status 7).
    public func closeWindows() {
        self.settle { _ in Self.refusal(7, "UserCanceled") }
    }

    private func open(_ window: State.Window) {
        let conduct = self.state.withLock { $0.conduct }
        switch conduct {
        case .signsIn(let userName): window.reply(self.signIn(at: window, as: userName))
        case .closes: window.reply(Self.refusal(7, "UserCanceled"))
        case .leavesOpen:
            let isOpen = self.state.withLock { state in
                guard state.windows.count < Self.windowLimit else { return false }
                state.windows.append(window)
                return true
            }
            if isOpen { self.opened.advance() } else { window.reply(Self.refusal(6, "ApiContractViolation: too many windows")) }
        }
    }

    /// The answer to a request at whose window somebody has signed in.
    private func signIn(at window: State.Window, as userName: String?) -> EmulatorJSON {
        let engine = self.emulator.engine
        let name = userName ?? window.question.userName ?? EmulatorConfiguration.Sample.userName
        let conversation = BrokerConversation(engine: engine)
        return conversation.token(window.question, type: BrokerConversation.interactiveType) { wish throws(EmulatorRefusal) in
            let session = try engine.brokerSession(of: name, for: wish)
            self.enter(session)
            return session
        }
    }

    private static func refusal(_ status: Int, _ context: String) -> EmulatorJSON {
        .object(["brokerTokenResponse": .object(["error": BrokerConversation.error(status: status, context: context)])])
    }

    /// Answers the open windows of a call, or all, and takes them away.
    private func settle(_ correlationID: String? = nil, by answer: (State.Window) -> EmulatorJSON) {
        let windows = self.state.withLock { state in
            let windows = state.windows.filter { correlationID == nil || $0.question.correlationID == correlationID }
            state.windows.removeAll { correlationID == nil || $0.question.correlationID == correlationID }
            return windows
        }
        for window in windows { window.reply(answer(window)) }
    }
}

extension EmulatedBroker.Call {
    /// Whether errors are inside of the answer for a token.
    var isForToken: Bool { self.method == .acquireTokenSilently || self.method == .acquireTokenInteractively }
}
