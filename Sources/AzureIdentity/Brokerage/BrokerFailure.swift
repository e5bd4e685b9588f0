// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

package import AzureCredentials

/// Why a broker gave nothing.
package struct BrokerFailure: Error, Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        /// There is no broker, or no way to it: a sentence that says what is missing and what to install.
        case absent(reason: String)
        /// A person has to do something.
        case interactionRequired
        /// The broker doesn't know the account.
        case accountNotFound
        /// The machine is offline.
        case noNetwork
        /// Later it may work.
        case temporary
        /// The person closed the window, or said no.
        case userCanceled
        /// The application, the authority or the request is not as the broker wants it.
        case configuration
        /// The deadline passed.
        case timedOut
        /// The caller's task was cancelled.
        case cancelled
        /// The answer is none that a broker gives.
        case protocolError
        /// The broker said no, for another reason.
        case refused
    }

    /// The longest context that is kept, in characters.
    package static let contextLimit = 1000

    package var kind: Kind
    /// What the broker said, sanitised; often with a code such as `AADSTS50011`.
    package var context: String
    /// The broker's status, of which the kind was made; `nil`: it gave none.
    package var status: Int?
    package var errorCode: Int64?
    package var tag: Int?

    /// - Parameters:
    ///   - kind: Why.
    ///   - context: What the broker said, as it came.
    package init(_ kind: Kind, context: String = "", status: Int? = nil, errorCode: Int64? = nil, tag: Int? = nil) {
        self.kind = kind
        self.context = HostileText.sanitized(HostileText.trimmed(context), limit: Self.contextLimit)
        self.status = status
        self.errorCode = errorCode
        self.tag = tag
    }

    /// Whether there is no broker, or no way to it.
    package var isAbsence: Bool { if case .absent = self.kind { true } else { false } }

    /// The failure without a secret that the broker was sent, and may have repeated. Where the text was cut, as much of its end goes as could
    /// be the beginning of the secret.
    package func without(_ secret: Secret?) -> BrokerFailure {
        let secrets = [secret?.revealed].compactMap { $0 }
        var failure = self
        failure.context = HostileText.sanitized(self.context, removing: secrets, limit: Self.contextLimit)
        if case .absent(let reason) = self.kind {
            failure.kind = .absent(reason: HostileText.sanitized(reason, removing: secrets, limit: Self.contextLimit))
        }
        return failure
    }

    /// The failure of a broker's status number, the same for the broker on the bus and the broker library (facts: the public
    /// declarations of the broker library, `MSALRUNTIME_RESPONSE_STATUS`).
    package static func from(
        status: Int,
        context: String,
        errorCode: Int64? = nil,
        tag: Int? = nil
    ) -> BrokerFailure {
        BrokerFailure(Self.kind(ofStatus: status), context: context, status: status, errorCode: errorCode, tag: tag)
    }

    private static func kind(ofStatus status: Int) -> Kind {
        switch status {
        // InteractionRequired, UserSwitch, AccountUnusable, UserDataRemovalRequired, AccountSwitch: a person has to choose or sign in anew.
        case 2, 12, 13, 14, 18: .interactionRequired
        case 3: .noNetwork
        // NetworkTemporarilyUnavailable, ServerTemporarilyUnavailable, TransientError.
        case 4, 5, 17: .temporary
        // UserCanceled.
        case 7: .userCanceled
        // ApplicationCanceled.
        case 8: .cancelled
        // ApiContractViolation, IncorrectConfiguration, AuthorityUntrusted, DeviceNotRegistered.
        case 6, 9, 11, 20: .configuration
        // AccountNotFound.
        case 16: .accountNotFound
        // RequiredBrokerMissing, FallbackToNativeMsal.
        case 19, 21: .absent(reason: "The broker library found no broker that it could ask.")
        // InsufficientBuffer.
        case 10: .protocolError
        // Unexpected, Reserved, KeyNotFound, and what a later broker may say.
        default: .refused
        }
    }
}
