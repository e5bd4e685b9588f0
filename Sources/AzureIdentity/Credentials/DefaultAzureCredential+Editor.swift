// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

extension DefaultAzureCredential {
    /// The account of Visual Studio Code as a member: whatever it fails with, it is not to be had here, and the next one gets its chance.
    ///
    /// - Parameters:
    ///   - options: The chain's options.
    ///   - isNamed: Whether somebody asked for this very member.
    ///   - isOnAzure: Whether something speaks for an Azure host.
    static func editor(_ options: Options, isNamed: Bool, isOnAzure: Bool) -> ChainMember {
        let name = Member.visualStudioCode.description
        if options.excludesDeveloperToolsOnAzure, isOnAzure {
            var member = ChainMember(name: name, skipped: Self.noToolOnAzure)
            member.isShownInErrors = isNamed
            return member
        }
        let credential = VisualStudioCodeCredential(
            options: .init(
                tenantID: options.visualStudioCodeTenantID,
                broker: options.broker,
                credentialOptions: options.credentialOptions
            )
        )
        var member = ChainMember(credential, name: name)
        member.passesOnFailures = true
        let token = member.token
        member.token = { context in
            do {
                return try await token(context)
            } catch var error as AuthenticationError where error.code == .authenticationFailed && !Self.isTenantRefused(error) {
                error.code = .credentialUnavailable
                throw error
            }
        }
        // Where there is no such editor, the secret store isn't asked either, and nobody has to be told.
        member.isShownInErrors = isNamed
        member.exclusion = { attempts in
            if options.excludesDeveloperToolsOnAzure, let reason = Self.noToolAfter(attempts) { return reason }
            return isNamed || credential.isEditorHere ? nil : "Visual Studio Code was never started by this user"
        }
        return member
    }

    /// Whether the request names a tenant that isn't allowed: a mistake wherever the chain is asked, and never "unavailable".
    private static func isTenantRefused(_ error: AuthenticationError) -> Bool { error.remedy?.guide == GuideRow.g48.rawValue }
}
