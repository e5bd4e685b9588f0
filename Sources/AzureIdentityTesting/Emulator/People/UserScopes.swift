// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// The scopes of a request for a user: one resource at most, and the scopes of OpenID Connect. Pure.
struct UserScopes: Sendable {
    /// The resource of scopes that name none, Microsoft Graph.
    static let graph = "https://graph.microsoft.com"

    private static let signInScopes = ["openid", "profile", "email", "offline_access"]

    /// The resource as the scopes name it.
    var resource = Self.graph
    /// The permissions for the resource, `.default` among them; in order.
    var permissions: [String] = []
    /// The scopes of OpenID Connect, in order.
    var signIn: [String] = []

    init(_ text: String) throws(EmulatorRefusal) {
        var resources: [String] = []
        for scope in text.split(separator: " ", omittingEmptySubsequences: false) {
            guard !scope.isEmpty, scope.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C }) else {
                throw .badScope(text)
            }
            if Self.signInScopes.contains(String(scope)) {
                if !self.signIn.contains(String(scope)) { self.signIn.append(String(scope)) }
                continue
            }
            let slash = scope.lastIndex(of: "/")
            let resource = slash.map { String(scope[..<$0]) } ?? Self.graph
            let permission = String(slash.map { scope[$0...].dropFirst() } ?? scope)
            guard !resource.isEmpty, !permission.isEmpty, permission != ".default" || slash != nil else { throw .badScope(text) }
            if !resources.contains(resource) { resources.append(resource) }
            if !self.permissions.contains(permission) { self.permissions.append(permission) }
        }
        guard resources.count <= 1 else { throw .severalResources(text) }
        guard !self.permissions.contains(".default") || self.permissions.count == 1 else { throw .badScope(text) }
        if let resource = resources.first { self.resource = resource }
    }

    var isOpenID: Bool { self.signIn.contains("openid") }
    var isOffline: Bool { self.signIn.contains("offline_access") }

    /// The permissions that a token has.
    var granted: [String] {
        if self.permissions.isEmpty { return self.signIn.filter { $0 != "offline_access" } }
        return self.permissions == [".default"] ? ["user_impersonation"] : self.permissions
    }

    /// The scopes as the answer lists them: those of the resource, which for Microsoft Graph include those of OpenID Connect.
    var answer: String {
        let prefix = self.resource == Self.graph && self.permissions != [".default"] ? "" : self.resource + "/"
        var scopes = self.permissions.isEmpty ? [] : self.granted.map { prefix + $0 }
        if self.permissions == [".default"] { scopes.append(prefix + ".default") }
        if self.resource == Self.graph { scopes += self.signIn.filter { $0 != "offline_access" } }
        return scopes.joined(separator: " ")
    }
}
