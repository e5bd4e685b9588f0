// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

extension EmulatorConfiguration {
    /// Checks users, redirect URLs and policies.
    func validatePeople() throws(EmulatorConfigurationError) {
        for tenant in self.tenants {
            var names: Set<String> = []
            for user in tenant.users {
                try self.validate(user, in: tenant)
                for name in [user.userPrincipalName, user.objectID] where !names.insert(name.lowercased()).inserted {
                    throw .invalid("\"\(name)\" is two users of the tenant \(tenant.id).")
                }
            }
            for application in tenant.applications { try Self.validate(application) }
        }
        var names: Set<String> = []
        for user in self.tenants.filter({ !$0.isADFS }).flatMap(\.users) where user.homeTenantID == nil {
            guard names.insert(user.userPrincipalName.lowercased()).inserted else {
                throw .invalid("the user \"\(user.userPrincipalName)\" is at home in two tenants.")
            }
        }
        for policy in self.accessPolicies {
            guard GUID.isValid(policy.id) else { throw .invalid("the id of a policy, \"\(policy.id)\", is not a GUID.") }
            switch policy.requirement {
            case .multifactor(let age?) where age < 0: throw .invalid("the policy \(policy.id) has an age below zero.")
            case .signInFrequency(let age) where age < 0: throw .invalid("the policy \(policy.id) has an age below zero.")
            case .authenticationContext(""): throw .invalid("the policy \(policy.id) has an empty context.")
            default: break
            }
        }
        for number in [self.refreshTokenLifetime, self.deviceCodeInterval, self.deviceCodeLifetime] where number < 0 {
            throw .invalid("a lifetime or an interval is below zero.")
        }
        guard !self.federation.trustVersions.isEmpty else { throw .invalid("the server of federated users offers nothing.") }
    }

    private func validate(_ user: User, in tenant: Tenant) throws(EmulatorConfigurationError) {
        let name = user.userPrincipalName
        guard GUID.isValid(user.objectID) else { throw .invalid("the object id of the user \"\(name)\" is not a GUID.") }
        let halves = name.split(separator: "@", omittingEmptySubsequences: false)
        guard halves.count == 2, !halves[0].isEmpty, name.utf8.count <= 256, name.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            Self.isDomain(halves[1].lowercased())
        else { throw .invalid("\"\(name)\" is no name such as ada@contoso.example.") }
        guard let homeID = user.homeTenantID else {
            guard !user.password.isEmpty else { throw .invalid("the user \"\(name)\" has no password.") }
            return
        }
        let home = self.tenants.first { $0.id.lowercased() == homeID.lowercased() && !$0.isADFS }
        guard home?.id != tenant.id, !tenant.isADFS,
            home?.users.contains(where: { $0.homeTenantID == nil && $0.userPrincipalName.lowercased() == name.lowercased() })
                == true
        else { throw .invalid("the guest \"\(name)\" is no user of the tenant \(homeID).") }
    }

    private static func validate(_ application: Application) throws(EmulatorConfigurationError) {
        let name = "the application \(application.clientID)"
        for url in application.redirectURLs where !RedirectRule.isAddress(url) {
            throw .invalid("\"\(url)\", a redirect URL of \(name), is not an address without a fragment.")
        }
        guard application.familyID != "" else { throw .invalid("\(name) has an empty family.") }
    }
}
