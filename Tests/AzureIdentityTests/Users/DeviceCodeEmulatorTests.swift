// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentityTesting
import Testing

@testable import AzureIdentity

/// Device codes, against the emulator.
@Suite(.timeLimit(.minutes(5))) struct DeviceCodeEmulatorTests {
    private let emulator = EntraEmulator(configuration: .sample, clock: VirtualClock())

    /// A credential whose waits for the person are over at once.
    private func credential(
        clientID: String? = Sample.publicClientID,
        prompt: @escaping @Sendable (DeviceCodePrompt) async -> Void
    ) -> DeviceCodeCredential {
        var options = self.emulator.credentialOptions()
        let override = options.hostOverride
        options.hostOverride = { host in
            var host = override?(host) ?? host
            if let clock = host.clock as? VirtualClock { host.clock = JumpingClock(clock: clock, jumps: { $0 <= .seconds(60) }) }
            return host
        }
        return DeviceCodeCredential(
            tenantID: Sample.tenantID,
            clientID: clientID,
            options: .init(credentialOptions: options),
            prompt: prompt
        )
    }

    @Test(arguments: [nil, Sample.publicClientID])
    func aPersonSignsInElsewhere(clientID: String?) async throws {
        let credential = self.credential(clientID: clientID) { [emulator] prompt in
            #expect(prompt.message.contains(prompt.userCode) && prompt.message.contains(prompt.verificationURL))
            #expect(throws: Never.self) { try emulator.approveDeviceCode(prompt.userCode, as: Sample.userName) }
        }
        let token = try await credential.token(forScopes: vaultScope)
        #expect(token.provenance?.objectID == Sample.userObjectID && credential.authenticationRecord?.username == Sample.userName)
        // Nobody is asked for the next one.
        let other = try await credential.token(forScopes: "https://management.azure.com/.default")
        #expect(other.provenance?.objectID == Sample.userObjectID)
    }

    @Test func aPersonDeclines() async throws {
        let credential = self.credential { [emulator] prompt in
            #expect(throws: Never.self) { try emulator.declineDeviceCode(prompt.userCode) }
        }
        let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        #expect(
            error.serviceError?.error == "authorization_declined" && error.remedy?.text.contains("declined") == true, "\(error)")
    }

    @Test func nobodyComes() async throws {
        let credential = self.credential { _ in }
        let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        #expect(error.code == .authenticationFailed && error.remedy?.text.contains("new code") == true, "\(error)")
    }
}
