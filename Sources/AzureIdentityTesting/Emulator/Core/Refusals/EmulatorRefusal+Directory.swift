// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// Tenants, instances and applications that are not there.
extension EmulatorRefusal {
    static func malformedTenant(_ tenant: String) -> EmulatorRefusal {
        EmulatorRefusal(
            error: "invalid_request",
            code: 900023,
            message:
                "Specified tenant identifier \(Self.quoted(tenant)) is neither a valid DNS name, nor a valid external domain."
        )
    }

    static func unknownTenant(_ tenant: String) -> EmulatorRefusal {
        EmulatorRefusal(
            error: "invalid_request",
            code: 90002,
            message: """
                Tenant \(Self.quoted(tenant)) not found. Check to make sure you have the correct tenant ID and are signing into \
                the correct cloud.
                """
        )
    }

    static let noTenant = EmulatorRefusal(
        error: "invalid_request",
        code: 50059,
        message: "No tenant-identifying information found in either the request or implied by any provided credentials."
    )

    static func unknownInstance(_ endpoint: String) -> EmulatorRefusal {
        EmulatorRefusal(
            error: "invalid_instance",
            code: 50049,
            message: "Unknown or invalid instance: the authority of \(Self.quoted(endpoint)) is not known."
        )
    }

    static func unknownApplication(_ clientID: String, tenant: String) -> EmulatorRefusal {
        EmulatorRefusal(
            error: "unauthorized_client",
            code: 700016,
            message: """
                Application with identifier \(Self.quoted(clientID)) was not found in the directory \(Self.quoted(tenant)). \
                Either it has not been installed there, or the request went to the wrong tenant.
                """
        )
    }
}
