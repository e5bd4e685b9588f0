// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
package import AzureIdentityTesting

/// A situation and what must come of it, as a file of `Tests/Scenarios` has it, with its words filled in. The README beside those files says
/// what each member means.
package struct Scenario: Decodable, Sendable, CustomStringConvertible {
    package enum CodingKeys: String, CodingKey, CaseIterable {
        case name, about, credential, host, environment, files, tools, arguments, request, emulator, registers, person, expected,
            status,
            tokenRequests, azid, waits, python
    }

    /// Where a file's contents come from.
    package struct File: Decodable, Sendable {
        package let text: String?, fixture: String?, assertion: [String: String]?, serviceAccountToken: String?,
            userToken: String?
        /// What follows the contents.
        package let ending: String?
    }

    /// What a developer tool does when it is asked.
    package struct Tool: Decodable, Sendable {
        package let token: String?, isSignedOut: Bool?, output: String?, errors: String?, status: Int32?
    }

    /// What a credential is given besides variables; named as azid's flags.
    package struct Arguments: Codable, Sendable {
        package var tenantID: String?, clientID: String?, objectID: String?, resourceID: String?, certificatePath: String?
        package var assertionFile: String?, tokenFilePath: String?, serviceConnectionID: String?, subscription: String?
        package var userAssertionFile: String?, additionallyAllowedTenants: [String]?

        package init() {}
    }

    /// What is asked for; by default a token for key vaults.
    package struct Request: Codable, Sendable {
        package var scope: String?, tenantID: String?, claims: String?

        package init() {}
    }

    /// What the person does who is shown a code.
    package struct Person: Decodable, Sendable { package let approvesAs: String?, declines: Bool? }

    /// What must come out: one of both.
    package struct Expectation: Decodable, Sendable {
        package struct Token: Decodable, Sendable { package let credential: String, application: String?, tenant: String? }
        package struct Failure: Decodable, Sendable {
            package let code: String, contains: [String], credential: String?, aadsts: [Int]?, row: String?
        }
        package let token: Token?, error: Failure?
    }

    /// What another program makes of it.
    package struct Peer: Decodable, Sendable {
        package enum Verdict: String, Decodable, Sendable { case same, different, absent }
        package struct Failure: Decodable, Sendable { package let type: String, contains: [String] }
        package let `is`: Verdict
        /// Why we think that ours is right, or why the other has no such thing.
        package let because: String?
        /// What comes out there, in words: a token where we have an error.
        package let token: String?
        package let error: Failure?
    }

    package let name: String, about: String, credential: String
    package let host: EmulatedHost?
    /// The variables besides those of every scenario and of the host; `nil` takes one away.
    package let environment: [String: String?]?
    package let files: [String: File]?, tools: [String: Tool]?
    package let arguments: Arguments?, request: Request?
    /// What is different in the emulator's configuration: a merge patch (RFC 7396).
    package let emulator: EmulatorJSON?
    /// The certificates that the application is known by, of `Tests/Fixtures/certificates`.
    package let registers: [String]?
    package let person: Person?
    package let expected: Expectation
    /// azid's exit status.
    package let status: Int32
    /// How many token requests Microsoft Entra ID or the host must have seen; `nil`: however many.
    package let tokenRequests: Int?
    /// Why azid can't be run in it; `nil`: it can.
    package let azid: Peer?
    /// Whether azid waits for seconds in it, between requests that it tries again.
    package let waits: Bool?
    package let python: Peer

    package var description: String { self.name }
    /// The scope that is asked for.
    package var scope: String { self.request?.scope ?? "https://vault.azure.net/.default" }
}
#endif
