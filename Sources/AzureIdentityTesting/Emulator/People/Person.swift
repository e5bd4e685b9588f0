// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// A user as a tenant sees them, with the account at home. For most users both are the same. Pure.
struct Person: Sendable {
    var tenant: EmulatorConfiguration.Tenant
    var account: EmulatorConfiguration.User
    var homeTenant: EmulatorConfiguration.Tenant
    var home: EmulatorConfiguration.User

    /// What stands for the person in the ledger.
    var key: String { "\(self.home.objectID.lowercased()).\(self.homeTenant.id.lowercased())" }

    /// What clients are told about the account at home.
    var clientInfo: EmulatorJSON {
        .object(["uid": .string(self.home.objectID), "utid": .string(self.homeTenant.id)])
    }
}

extension EmulatorConfiguration.Tenant {
    /// The user of a name, without regard to case.
    fileprivate func user(named name: String) -> EmulatorConfiguration.User? {
        let name = name.lowercased()
        return self.users.first { $0.userPrincipalName.lowercased() == name }
    }
}

extension EmulatorConfiguration {
    /// Finds the user of a name.
    ///
    /// - Parameter tenant: The tenant that the user has to be in, as a guest perhaps. `nil`: the one the user is at home in.
    func person(named name: String, in tenant: Tenant?) -> Person? {
        if let tenant { return tenant.user(named: name).flatMap { self.person($0, in: tenant) } }
        for tenant in self.tenants where !tenant.isADFS {
            if let user = tenant.user(named: name), user.homeTenantID == nil { return self.person(user, in: tenant) }
        }
        return nil
    }

    /// Finds a user by the object id in a tenant.
    func person(objectID: String, in tenant: Tenant) -> Person? {
        tenant.users.first { $0.objectID.lowercased() == objectID.lowercased() }.flatMap { self.person($0, in: tenant) }
    }

    /// Finds the user of a session.
    ///
    /// - Parameter tenant: The tenant that the user has to be in. `nil`: the one the user is at home in.
    func person(of session: UserSession, in tenant: Tenant?) -> Person? {
        guard let homeTenant = self.tenants.first(where: { $0.id == session.homeTenantID }),
            let home = homeTenant.users.first(where: { $0.objectID == session.homeObjectID })
        else { return nil }
        guard let tenant, tenant.id != homeTenant.id else { return self.person(home, in: homeTenant) }
        guard let found = self.person(named: home.userPrincipalName, in: tenant), found.homeTenant.id == homeTenant.id else {
            return nil
        }
        return found
    }

    private func person(_ account: User, in tenant: Tenant) -> Person? {
        guard let homeID = account.homeTenantID, homeID.lowercased() != tenant.id.lowercased() else {
            return Person(tenant: tenant, account: account, homeTenant: tenant, home: account)
        }
        guard let homeTenant = self.tenants.first(where: { $0.id.lowercased() == homeID.lowercased() }),
            let home = homeTenant.user(named: account.userPrincipalName), home.homeTenantID == nil
        else { return nil }
        return Person(tenant: tenant, account: account, homeTenant: homeTenant, home: home)
    }
}
