// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension EmulatorConfiguration {
    /// Checks the managed identities and what the hosts are given.
    func validateHosts() throws(EmulatorConfigurationError) {
        guard self.managedIdentities.count(where: { $0.isSystemAssigned }) <= 1 else {
            throw .invalid("two managed identities are system-assigned.")
        }
        var ids: Set<String> = []
        for identity in self.managedIdentities {
            for id in [identity.clientID, identity.objectID] {
                guard GUID.isValid(id) else { throw .invalid("\"\(id)\" of a managed identity is not a GUID.") }
                guard ids.insert(id.lowercased()).inserted else { throw .invalid("two managed identities have the id \(id).") }
            }
            guard identity.resourceID.hasPrefix("/subscriptions/") else {
                throw .invalid("the resource id of the managed identity \(identity.clientID) doesn't begin with /subscriptions/.")
            }
            guard ids.insert(identity.resourceID.lowercased()).inserted else {
                throw .invalid("two managed identities have the resource id \(identity.resourceID).")
            }
            guard self.tenants.contains(where: { $0.id == identity.tenantID && !$0.isADFS }) else {
                throw .invalid("\"\(identity.tenantID)\" of the managed identity \(identity.clientID) is the id of no tenant.")
            }
        }
        try self.hosts.validate()
    }
}

extension EmulatorConfiguration.Hosts {
    fileprivate func validate() throws(EmulatorConfigurationError) {
        for (what, text) in [
            ("identity header", self.identityHeader), ("MSI secret", self.msiSecret),
            ("system access token", self.systemAccessToken), ("request token of GitHub", self.gitHubRequestToken),
        ] where text.isEmpty || !text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) {
            throw .invalid("the \(what) of the hosts is empty or not visible ASCII.")
        }
        for (what, text) in [
            ("issuer of service accounts", self.serviceAccountIssuer), ("issuer of Azure Pipelines", self.pipelinesIssuer),
            ("issuer of GitHub", self.gitHubIssuer),
        ] where !text.hasPrefix("https://") {
            throw .invalid("the \(what) is no https address.")
        }
        for (what, text) in [("service account", self.serviceAccountSubject), ("GitHub job", self.gitHubSubject)]
        where text.isEmpty {
            throw .invalid("the subject of the \(what) is empty.")
        }
        guard self.arcKeyDirectory.hasPrefix("/") else { throw .invalid("the folder of the Arc agent is no absolute path.") }
        var connections: Set<String> = []
        for connection in self.serviceConnections {
            guard !connection.id.isEmpty, !connection.subject.isEmpty else {
                throw .invalid("a service connection has an empty id or subject.")
            }
            guard connections.insert(connection.id.lowercased()).inserted else {
                throw .invalid("two service connections have the id \(connection.id).")
            }
        }
    }
}
