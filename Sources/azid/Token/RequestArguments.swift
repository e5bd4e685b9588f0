// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import ArgumentParser
import AzureCredentials

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The flags that say what is asked for, and how often.
struct RequestArguments: ParsableArguments {
    @Option(name: .long, help: "How many seconds to wait at most.")
    var timeout: Double?

    @Option(name: .long, help: "Ask this tenant instead of the credential's own.")
    var requestTenantID: String?

    @Option(name: .long, help: "A claims challenge, as JSON.")
    var claims: String?

    @Flag(name: .long, help: "Ask for a token for continuous access evaluation.")
    var enableCae = false

    @Option(
        name: .long,
        help: ArgumentHelp(
            "broker: bind the token to a request of this address (proof of possession), with --pop-nonce.", valueName: "url"))
    var popURL: String?

    @Option(name: .long, help: "broker: the method of that request.")
    var popMethod = "GET"

    @Option(name: .long, help: "broker: the nonce of the service's challenge.")
    var popNonce: String?

    @Option(name: .long, help: "Ask so many times, one after the other, and print each token.")
    var `repeat` = 1

    @Option(name: .long, help: "Ask so many times at once, and print each token.")
    var concurrency = 1

    /// Throws a usage error for numbers out of range.
    func check() throws {
        guard (1...1_000_000).contains(self.repeat) else { throw ValidationError("--repeat takes a number from 1 to 1000000.") }
        guard (1...10_000).contains(self.concurrency) else {
            throw ValidationError("--concurrency takes a number from 1 to 10000.")
        }
        guard (self.popURL == nil) == (self.popNonce == nil) else {
            throw ValidationError("--pop-url and --pop-nonce go together.")
        }
        guard self.popURL.map({ URL(string: $0)?.host() != nil }) ?? true else {
            throw ValidationError("--pop-url takes an address with a host.")
        }
        guard self.timeout.map({ $0 > 0 && $0 <= 86_400 }) ?? true else {
            throw ValidationError("--timeout takes a number of seconds above 0 and up to 86400.")
        }
    }

    /// The request that the token is to be bound to.
    private var proof: ProofOfPossession? {
        guard let nonce = self.popNonce, let url = self.popURL.flatMap({ URL(string: $0) }) else { return nil }
        return ProofOfPossession(nonce: nonce, method: self.popMethod, url: url)
    }

    func context(scopes: [String], isContentLoggingEnabled: Bool) -> TokenRequestContext {
        TokenRequestContext(
            scopes: scopes,
            claims: self.claims,
            tenantID: self.requestTenantID,
            isCAEEnabled: self.enableCae,
            timeout: self.timeout.map { .seconds($0) },
            isContentLoggingEnabled: isContentLoggingEnabled,
            proofOfPossession: self.proof
        )
    }
}
#endif
