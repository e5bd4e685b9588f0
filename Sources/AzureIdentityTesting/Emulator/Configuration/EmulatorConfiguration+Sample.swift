// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
import struct FoundationEssentials.Date
#else
import struct Foundation.Date
#endif

extension EmulatorConfiguration {
    /// The identifiers and secrets of ``EmulatorConfiguration/sample``. They are good for nothing but the emulator.
    public enum Sample {
        /// A tenant with the application.
        public static let tenantID = "a0000000-0000-4000-8000-000000000001"
        /// The domain of ``tenantID``.
        public static let domain = "contoso.example"
        /// A second tenant, in which the application is installed too.
        public static let otherTenantID = "a0000000-0000-4000-8000-000000000002"
        /// A third tenant, in which the application is not installed.
        public static let emptyTenantID = "a0000000-0000-4000-8000-000000000003"
        /// The application (client) id.
        public static let clientID = "c0000000-0000-4000-8000-000000000001"
        /// A client secret that works, in both tenants.
        public static let clientSecret = "emulator-sample-secret"
        /// A client secret that expired in 2020.
        public static let expiredClientSecret = "emulator-expired-secret"
    }

    /// Three tenants: one with an application that has a good and an expired secret, one in which the same application is
    /// installed too, and one in which it isn't. ``Sample`` has their identifiers.
    public static let sample = EmulatorConfiguration(
        tenants: [
            Tenant(
                id: Sample.tenantID,
                domains: [Sample.domain],
                applications: [Self.application(objectID: "b0000000-0000-4000-8000-000000000001")]
            ),
            Tenant(
                id: Sample.otherTenantID,
                domains: ["fabrikam.example"],
                applications: [Self.application(objectID: "b0000000-0000-4000-8000-000000000002")]
            ),
            Tenant(id: Sample.emptyTenantID, domains: ["tailspin.example"]),
        ]
    )

    private static func application(objectID: String) -> Application {
        Application(
            clientID: Sample.clientID,
            displayName: "Sample application",
            objectID: objectID,
            roles: ["Sample.Read"],
            secrets: [
                ClientSecret(value: Sample.clientSecret),
                ClientSecret(value: Sample.expiredClientSecret, expiresOn: Date(timeIntervalSince1970: 1_577_836_800)),
            ]
        )
    }
}
