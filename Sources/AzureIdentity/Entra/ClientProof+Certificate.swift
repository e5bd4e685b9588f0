// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
import AzureCredentials

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension ClientProof {
    /// An assertion signed with a certificate's key, as it is now.
    static func certificate(
        _ certificate: ClientCertificate,
        credential: String,
        clientID: String,
        context: GrantContext,
        sendsChain: Bool
    ) async throws -> ClientProof {
        let signing = certificate.current()
        let assertion: String
        do {
            assertion = try await ClientAssertion.signed(
                by: signing,
                clientID: clientID,
                context: context,
                sendsChain: sendsChain
            )
        } catch _ where Task.isCancelled {
            throw CancellationError()
        } catch let error {
            // A signer's own errors too: what a chain of credentials makes of this one is for this one to say.
            let reason = (error as? AuthenticationError)?.message ?? "\(type(of: error))"
            throw AuthenticationError(
                .authenticationFailed,
                credential: credential,
                message: "\(credential): Signing the client assertion failed: \(HostileText.sanitized(reason, limit: 300))",
                underlyingError: error
            )
        }
        var proof = ClientProof.assertion(assertion)
        proof.isDated = true
        proof.renew = {
            // Another request may have found the new certificate first, so what counts is which one this request was signed with.
            certificate.reread()
            return certificate.current().chain.first != signing.chain.first
        }
        proof.refusalNote = signing.chain.first.flatMap { leaf in
            if leaf.notAfter < context.date {
                "The certificate (\(leaf.subjectName)) expired on \(leaf.notAfter.ISO8601Format())."
            } else if leaf.notBefore > context.date {
                "The certificate (\(leaf.subjectName)) is not valid before \(leaf.notBefore.ISO8601Format())."
            } else {
                nil
            }
        }
        return proof
    }
}
#endif
