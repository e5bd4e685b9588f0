// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

/// What the probes have found, before anyone has judged it.
struct DoctorEvidence: Sendable {
    /// The type name of the credential.
    var credential: String
    /// Whether it asks others in order.
    var isChain: Bool
    /// Why it can't ask anyone.
    var problem: AuthenticationError?
    /// Whether something speaks for an Azure host.
    var isOnAzure = false
    /// In the order in which they are asked; one, if it is no chain.
    var members: [DoctorMember] = []
    var complaints: [DoctorComplaint] = []
}

/// A member, and what became of it.
struct DoctorMember: Sendable {
    enum Outcome: Sendable {
        /// It isn't asked.
        case leftOut(reason: String)
        /// It isn't set up here, or can't be made as it is configured: a chain goes on.
        case unfit(AuthenticationError)
        /// It tried and failed.
        case failed(AuthenticationError)
        /// It is set up, as far as can be told without asking for a token.
        case ready(note: String)
        case token(IdentityDoctor.Identity)
        /// There was no time for it.
        case unanswered

        /// Why there is no token.
        var error: AuthenticationError? {
            switch self {
            case .unfit(let error), .failed(let error): error
            default: nil
            }
        }

        /// Whether there is a token, or might be.
        var isGood: Bool {
            switch self {
            case .ready, .token: true
            default: false
            }
        }
    }

    let name: String
    /// The type name of its credential; `nil`: ``name`` is.
    var credentialType: String?
    var outcome: Outcome
    /// Whether the chain goes on when it has tried and failed.
    var passesOnFailures = false
    var duration: Duration?

    /// Whether what concerns these types of credentials concerns it; `nil`: all types.
    func isAmong(_ types: Set<String>?) -> Bool { types?.contains(self.credentialType ?? self.name) ?? true }
}

/// Something a probe doesn't like. Whether it matters depends on what became of the credentials that it concerns.
struct DoctorComplaint: Sendable {
    /// How probable it is that this is to be mended first, on the scale of ``LikeliestCause``, where who tried and failed has 100.
    var weight: Int
    /// The type names of the credentials that it stands in the way of; `nil`: whoever asks; empty: nobody here.
    var concerns: Set<String>?
    /// Whether it also explains why nobody has a token where none of these is set up.
    var explainsNobody = false
    var area: IdentityDoctor.Area
    var credential: String?
    var message: String
    var remedy: AuthenticationError.Remedy?
    /// The words of a failure that a member's error repeats, which then isn't told again.
    var cause: String?
}
