// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// How confidential clients prove who they are, for every grant that needs it.
extension EmulatorGrantRequest {
    /// The only kind of client assertion.
    static let assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

    /// The optional parameters of grants that authenticate the client.
    package static let clientAuthenticationParameters = ["client_secret", "client_assertion", "client_assertion_type"]

    /// Checks the secret or the assertion of a confidential client.
    package func authenticateClient() throws(EmulatorRefusal) {
        let (secret, assertion) = (self.parameters["client_secret"], self.parameters["client_assertion"])
        let type = self.parameters["client_assertion_type"]
        if let secret {
            guard assertion == nil, type == nil else { throw .twoClientAuthentications }
            return try self.check(secret: secret)
        }
        guard let assertion else { throw type == nil ? .missingClientAuthentication : .missing("client_assertion") }
        guard let type else { throw .missing("client_assertion_type") }
        guard type == Self.assertionType else { throw .wrongAssertionType(type) }
        try AssertionVerifier(request: self).verify(assertion)
    }

    /// Checks the secret or the assertion of a confidential client, and that a public one has neither.
    func authenticateIfConfidential() throws(EmulatorRefusal) {
        guard self.application.isPublicClient else { return try self.authenticateClient() }
        for name in Self.clientAuthenticationParameters where self.parameters[name] != nil { throw .publicClientWithProof }
    }

    private func check(secret: String) throws(EmulatorRefusal) {
        let matches = self.application.secrets.filter { $0.value == secret }
        guard !matches.isEmpty else { throw .wrongSecret(self.application.clientID) }
        let isGood = matches.contains { $0.expiresOn.map { $0 > self.exchange.date } ?? true }
        guard isGood else { throw .expiredSecret(self.application.clientID) }
    }
}
