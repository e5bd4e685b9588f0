// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// Why nobody could sign in.
public struct EmulatedSignInError: Error, Sendable, CustomStringConvertible {
    /// What the page says, or what is wrong with the call.
    public var message: String

    /// Creates an error.
    ///
    /// - Parameter message: What the page says.
    public init(message: String) { self.message = message }

    /// What the page says.
    public var description: String { self.message }
}

extension EntraEmulator {
    /// Signs a user in at an address of the authorize page, as a person with a browser would: with password, second factor and
    /// consent. The requests of the person's browser are not recorded, and no faults play for them.
    ///
    /// The redirect is not followed: a test hands its parameters to the client.
    ///
    /// - Parameters:
    ///   - authorizationURL: The address that a client opens in the browser.
    ///   - userName: The user's name.
    ///   - password: The password.
    /// - Returns: The parameters of the redirect: `code`, `state` and more, or `error` and more.
    /// - Throws: ``EmulatedSignInError`` if the page leads to no redirect.
    public func signIn(
        at authorizationURL: String,
        as userName: String,
        password: String
    ) throws(EmulatedSignInError) -> [String: String] {
        try self.engine.person(at: authorizationURL, .signIn(userName: userName, password: password))
    }

    /// Presses the button that cancels, at an address of the authorize page. Not recorded.
    ///
    /// - Parameter authorizationURL: The address that a client opens in the browser.
    /// - Returns: The parameters of the redirect: `error` and more.
    /// - Throws: ``EmulatedSignInError`` if the page leads to no redirect.
    public func cancelSignIn(at authorizationURL: String) throws(EmulatedSignInError) -> [String: String] {
        try self.engine.person(at: authorizationURL, .cancel)
    }

    /// Enters a device's code and signs a user in for the device, without a look at the password. Not recorded.
    ///
    /// - Parameters:
    ///   - userCode: The code that the device shows.
    ///   - userName: The user's name.
    /// - Throws: ``EmulatedSignInError`` if there is no such code, or the user can't sign in.
    public func approveDeviceCode(_ userCode: String, as userName: String) throws(EmulatedSignInError) {
        try self.engine.approveDeviceCode(userCode, as: userName)
    }

    /// Enters a device's code and presses the button that cancels. Not recorded.
    ///
    /// - Parameter userCode: The code that the device shows.
    /// - Throws: ``EmulatedSignInError`` if there is no such code.
    public func declineDeviceCode(_ userCode: String) throws(EmulatedSignInError) {
        try self.engine.declineDeviceCode(userCode)
    }

    /// Makes an access token of a user, as a client of theirs would have got it: what a service is called with, and asks for another one with
    /// on behalf of the user. No request, and not recorded.
    ///
    /// - Parameters:
    ///   - userName: The user's name.
    ///   - scope: What the token is for; by default the sample's application with a secret.
    ///   - clientID: The client that the token was given to; by default the sample's tool.
    ///   - lifetime: How long it is good, by the emulator's clock. `nil`: as long as the configuration says.
    /// - Returns: The token, signed with the emulator's key.
    /// - Throws: ``EmulatedSignInError`` if there is no such user or client, or if the user couldn't sign in without a page.
    public func accessToken(
        of userName: String,
        scope: String = EmulatorConfiguration.Sample.applicationScope,
        clientID: String = EmulatorConfiguration.Sample.publicClientID,
        lifetime: Duration? = nil
    ) throws(EmulatedSignInError) -> String {
        try self.engine.accessToken(of: userName, scope: scope, clientID: clientID, lifetime: lifetime)
    }

    /// Ends all sessions of a user, as a change of the password does: refresh tokens issued before are refused (AADSTS50173), and
    /// the emulated resource manager and key vaults answer tokens of clients that can handle it with a claims challenge.
    ///
    /// - Parameter userName: The user's name; no user of that name is no error.
    public func revokeRefreshTokens(of userName: String) { self.engine.revokeRefreshTokens(of: userName) }

    /// Revokes the access tokens that an application was given so far, as Microsoft Entra ID does when a service principal is at risk:
    /// the emulated resource manager and key vaults answer those of clients that can handle it with a claims challenge, and take
    /// the tokens that are issued from now on. Tokens of clients that can't are good until they expire.
    ///
    /// - Parameter id: The client id, or the object id of the service principal; no application of that id is no error.
    public func revokeTokens(ofApplication id: String) { self.engine.revokeTokens(ofApplication: id) }
}
