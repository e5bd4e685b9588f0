// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// What the environment variables of a service principal, or of a user, amount to. Pure.
enum EnvironmentPlan: Equatable {
    /// A client secret: `AZURE_TENANT_ID`, `AZURE_CLIENT_ID`, `AZURE_CLIENT_SECRET`.
    case clientSecret(tenantID: String, clientID: String, secret: String)
    /// A certificate: `AZURE_TENANT_ID`, `AZURE_CLIENT_ID`, `AZURE_CLIENT_CERTIFICATE_PATH`.
    case clientCertificate(Certificate)
    /// A user's name and password: `AZURE_CLIENT_ID`, `AZURE_USERNAME`, `AZURE_PASSWORD`.
    case usernamePassword(User)
    /// No complete set: the variables that are set, and what the set lacks that is meant, the secret's or the certificate's.
    case incomplete(present: [String], missing: [String])

    /// What the variables say of a certificate.
    struct Certificate: Equatable, Sendable {
        let tenantID: String
        let clientID: String
        let path: String
        /// `AZURE_CLIENT_CERTIFICATE_PASSWORD`.
        let password: String?
        /// `AZURE_CLIENT_SEND_CERTIFICATE_CHAIN`.
        let sendsChain: Bool
    }

    /// What the variables say of a user.
    struct User: Equatable, Sendable {
        /// `AZURE_TENANT_ID`, which may be left out.
        let tenantID: String?
        let clientID: String
        let username: String
        let password: String
    }

    private static let secretSet = ["AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"]
    private static let certificateSet = ["AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_CERTIFICATE_PATH"]
    private static let userSet = ["AZURE_CLIENT_ID", "AZURE_USERNAME", "AZURE_PASSWORD"]

    /// The first complete set: secret, certificate, user name and password.
    init(environment: EnvironmentVariables) {
        if let tenant = environment["AZURE_TENANT_ID"], let client = environment["AZURE_CLIENT_ID"],
            let secret = environment["AZURE_CLIENT_SECRET"]
        {
            self = .clientSecret(tenantID: tenant, clientID: client, secret: secret)
            return
        }
        if let tenant = environment["AZURE_TENANT_ID"], let client = environment["AZURE_CLIENT_ID"],
            let path = environment["AZURE_CLIENT_CERTIFICATE_PATH"]
        {
            self = .clientCertificate(
                Certificate(
                    tenantID: tenant,
                    clientID: client,
                    path: path,
                    password: environment["AZURE_CLIENT_CERTIFICATE_PASSWORD"],
                    sendsChain: environment.isOn("AZURE_CLIENT_SEND_CERTIFICATE_CHAIN")
                )
            )
            return
        }
        if let client = environment["AZURE_CLIENT_ID"], let username = environment["AZURE_USERNAME"],
            let password = environment["AZURE_PASSWORD"]
        {
            let user = User(tenantID: environment["AZURE_TENANT_ID"], clientID: client, username: username, password: password)
            self = .usernamePassword(user)
            return
        }
        let wanted = Self.wanted(environment)
        let known = Self.secretSet + ["AZURE_CLIENT_CERTIFICATE_PATH", "AZURE_USERNAME", "AZURE_PASSWORD"]
        self = .incomplete(
            present: known.filter { environment[$0] != nil },
            missing: wanted.filter { environment[$0] == nil }
        )
    }

    /// The set that is meant: who names a certificate means that one, so the secret isn't what is missing; likewise a password.
    private static func wanted(_ environment: EnvironmentVariables) -> [String] {
        if environment[self.certificateSet[2]] != nil { return self.certificateSet }
        let isUser = environment[self.userSet[2]] != nil && environment[self.secretSet[2]] == nil
        return isUser ? self.userSet : self.secretSet
    }
}
