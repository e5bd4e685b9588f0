// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureIdentity

extension EmulatedBroker {
    /// What a broker can be asked for.
    public enum Method: String, Sendable, Hashable, CaseIterable {
        /// The accounts that are signed in.
        case getAccounts
        /// A token without a person's doing.
        case acquireTokenSilently
        /// A token from a window.
        case acquireTokenInteractively
        /// To close a window that is open.
        case cancelInteractiveFlow
        /// To sign an account out.
        case removeAccount
        /// The broker's version.
        case getLinuxBrokerVersion
    }

    /// What the person does at the broker's windows.
    public enum WindowConduct: Sendable, Hashable {
        /// Signs in at once, with second factor and consent where they are wanted.
        ///
        /// The name is that of a user of the emulator; `nil`: whom the request names, else the sample's user.
        case signsIn(as: String? = nil)
        /// Closes the window at once (status 7).
        case closes
        /// Leaves the window open, until ``EmulatedBroker/answerWindows(as:)`` or ``EmulatedBroker/closeWindows()`` is called, or the
        /// program cancels.
        case leavesOpen
    }

    /// A call that was received. Its tokens are not kept.
    public struct Call: Sendable, Hashable {
        /// What the broker was asked for; `nil`: something that it doesn't have.
        public var method: Method?
        /// The protocol's version, by the caller.
        public var protocolVersion: String
        /// The caller's id of the call.
        public var correlationID: String
        /// The client that a token was asked for.
        public var clientID: String?
        /// The scopes that were asked for.
        public var scopes: [String]
        /// The user name of the request.
        public var userName: String?
    }
}

/// One way in which an ``EmulatedBroker`` misbehaves.
///
/// ```swift
/// broker.play(.error(status: 2, context: "AADSTS50076: …"), on: .acquireTokenSilently, calls: 1)
/// ```
public struct EmulatedBrokerFault: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        case error(status: Int, context: String, errorCode: Int?, tag: Int?)
        case busError(name: String, message: String)
        case text(String)
        case wrongType
        case huge(bytes: Int)
        case late(Duration)
        case never
        case death
    }

    let kind: Kind

    /// Answers with an error object, as brokers refuse.
    ///
    /// - Parameters:
    ///   - status: The number of the reason: 2 a person has to do something, 3 offline, 7 closed by the person, 9 configuration,
    ///     16 unknown account, and more.
    ///   - context: What is said of it, often with a code of Microsoft Entra ID.
    ///   - errorCode: A number more.
    ///   - tag: Another one.
    /// - Returns: The fault.
    public static func error(
        status: Int,
        context: String = "",
        errorCode: Int? = nil,
        tag: Int? = nil
    ) -> EmulatedBrokerFault {
        EmulatedBrokerFault(kind: .error(status: status, context: context, errorCode: errorCode, tag: tag))
    }

    /// Answers that a person has to do something.
    public static let interactionRequired = EmulatedBrokerFault.error(
        status: 2,
        context:
            "AADSTS50076: Due to a configuration change made by your administrator, you must use multi-factor authentication.")

    /// Answers with an error of D-Bus.
    ///
    /// - Parameters:
    ///   - name: The error's name; two parts or more, with dots between them.
    ///   - message: What is said of it.
    /// - Returns: The fault.
    public static func busError(
        name: String = "org.freedesktop.DBus.Error.Failed",
        message: String = "Internal error"
    ) -> EmulatedBrokerFault {
        EmulatedBrokerFault(kind: .busError(name: name, message: message))
    }

    /// Answers with this text instead of JSON of the broker's.
    ///
    /// - Parameter text: The text, without zero bytes.
    /// - Returns: The fault.
    public static func text(_ text: String) -> EmulatedBrokerFault { EmulatedBrokerFault(kind: .text(text)) }

    /// Answers with a text that is no JSON.
    public static let garbage = EmulatedBrokerFault.text("\u{1B}[31mgarbage {\"brokerTokenResponse\":")

    /// Answers with a number instead of a text.
    public static let wrongType = EmulatedBrokerFault(kind: .wrongType)

    /// Answers as usual, and fills the text up with blanks.
    ///
    /// - Parameter bytes: How long the text gets; at most 64 MiB.
    /// - Returns: The fault.
    public static func huge(bytes: Int) -> EmulatedBrokerFault {
        EmulatedBrokerFault(kind: .huge(bytes: min(max(0, bytes), 64 << 20)))
    }

    /// Answers as usual, but later, in real time.
    ///
    /// - Parameter duration: How much later.
    /// - Returns: The fault.
    public static func late(_ duration: Duration) -> EmulatedBrokerFault { EmulatedBrokerFault(kind: .late(duration)) }

    /// Doesn't answer.
    public static let never = EmulatedBrokerFault(kind: .never)

    /// Leaves the bus instead of answering, and doesn't come back.
    public static let death = EmulatedBrokerFault(kind: .death)
}

/// Why an ``EmulatedBroker`` couldn't start.
public struct EmulatedBrokerError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is missing.
    public var message: String

    /// What is missing.
    public var description: String { self.message }

    init(message: String) { self.message = message }

    init(_ problem: SessionBusProblem) { self.init(message: problem.message) }
}
