// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureIdentity

/// The functions of Microsoft's broker library that are used, by their addresses: all of them, or none.
///
/// The facts are public: the library's declarations (`MSALRuntime.h`). Handles are opaque addresses. What returns an address returns an
/// error's handle, which is the caller's to release; `nil` is success.
struct MSALRuntimeFunctions: Sendable {
    typealias Address = UnsafeMutableRawPointer
    /// Where a function puts a handle.
    typealias Place = UnsafeMutablePointer<UnsafeMutableRawPointer?>
    typealias Text = UnsafePointer<OSCharacter>
    /// What is called when an operation has ended: with the handle of its result, which is the callee's to release, and the number that
    /// the operation was given. On a thread of the library's, or at once.
    typealias Callback = @convention(c) @Sendable (Address?, Address?) -> Void
    typealias Act = @convention(c) @Sendable (Address) -> Address?
    typealias SetText = @convention(c) @Sendable (Address, Text) -> Address?
    typealias Buffer = UnsafeMutablePointer<OSCharacter>
    typealias GetText = @convention(c) @Sendable (Address, Buffer?, UnsafeMutablePointer<Int32>) -> Address?
    typealias GetHandle = @convention(c) @Sendable (Address, Place) -> Address?
    typealias GetInt32 = @convention(c) @Sendable (Address, UnsafeMutablePointer<Int32>) -> Address?
    typealias GetInt64 = @convention(c) @Sendable (Address, UnsafeMutablePointer<Int64>) -> Address?

    let startup: @convention(c) @Sendable () -> Address?
    let operations: Operations
    let parameters: Parameters
    let answers: Answers
    let accounts: Accounts
    let errors: Errors

    /// Looks all functions up.
    ///
    /// - Throws: `NativeLibraryProblem` with the names of those that the library doesn't have.
    init(_ library: NativeLibrary) throws(NativeLibraryProblem) {
        let missing = library.missing(MSALRuntimeFunction.allCases.map(\.symbol))
        guard missing.isEmpty else { throw NativeLibraryProblem(Self.reason(library.name, missing: missing)) }
        self.startup = try library.function(MSALRuntimeFunction.startup.symbol)
        self.operations = try Operations(library)
        self.parameters = try Parameters(library)
        self.answers = try Answers(library)
        self.accounts = try Accounts(library)
        self.errors = try Errors(library)
    }

    /// Names no more than eight: a library without all of them is another one.
    static func reason(_ library: String, missing: [String]) -> String {
        let named = missing.prefix(8).joined(separator: ", ")
        let rest = missing.count > 8 ? " and \(missing.count - 8) more functions" : ""
        return "\(MSALRuntimeAbsence.shown(library)) has no \(named)\(rest)"
    }
}

extension MSALRuntimeFunctions {
    /// What takes its time, and is answered by a callback. The last parameter is where the operation's handle goes, for cancelling it.
    struct Operations: Sendable {
        typealias OfText = @convention(c) @Sendable (Text, Text, Callback, Address?, Place) -> Address?
        typealias Silent = @convention(c) @Sendable (Address, Text, Callback, Address?, Place) -> Address?
        typealias SilentForAccount = @convention(c) @Sendable (Address, Text, Address, Callback, Address?, Place) -> Address?
        // A window is a pointer on Windows and a number elsewhere: 64 bits, which are passed alike.
        typealias InWindow = @convention(c) @Sendable (Int64, Address, Text, Text, Callback, Address?, Place) -> Address?
        typealias InWindowForAccount =
            @convention(c) @Sendable (Int64, Address, Text, Address, Callback, Address?, Place) -> Address?
        typealias OfAccount = @convention(c) @Sendable (Text, Text, Address, Callback, Address?, Place) -> Address?

        /// By the account's id.
        let readAccount: OfText
        /// By the application's id.
        let discoverAccounts: OfText
        /// For the system's default account.
        let signInSilently: Silent
        /// With the user name that is expected, which may be empty.
        let signInInteractively: InWindow
        let acquireSilently: SilentForAccount
        let acquireInteractively: InWindowForAccount
        /// By the application's id.
        let signOut: OfAccount
        let cancel: Act
        /// Releases the handle; the operation goes on.
        let release: Act

        fileprivate init(_ library: NativeLibrary) throws(NativeLibraryProblem) {
            self.readAccount = try library.function(MSALRuntimeFunction.readAccountByID.symbol)
            self.discoverAccounts = try library.function(MSALRuntimeFunction.discoverAccounts.symbol)
            self.signInSilently = try library.function(MSALRuntimeFunction.signInSilently.symbol)
            self.signInInteractively = try library.function(MSALRuntimeFunction.signInInteractively.symbol)
            self.acquireSilently = try library.function(MSALRuntimeFunction.acquireTokenSilently.symbol)
            self.acquireInteractively = try library.function(MSALRuntimeFunction.acquireTokenInteractively.symbol)
            self.signOut = try library.function(MSALRuntimeFunction.signOutSilently.symbol)
            self.cancel = try library.function(MSALRuntimeFunction.cancelAsyncOperation.symbol)
            self.release = try library.function(MSALRuntimeFunction.releaseAsyncHandle.symbol)
        }
    }

    /// What is asked for.
    struct Parameters: Sendable {
        /// By the application's id and the authority.
        let create: @convention(c) @Sendable (Text, Text, Place) -> Address?
        let setScopes: SetText
        let setRedirect: SetText
        let setClaims: SetText
        let setTokenToRenew: SetText
        /// Method, host, path and nonce.
        let setProof: @convention(c) @Sendable (Address, Text, Text, Text, Text) -> Address?
        /// Name and value.
        let setAdditional: @convention(c) @Sendable (Address, Text, Text) -> Address?
        let release: Act

        fileprivate init(_ library: NativeLibrary) throws(NativeLibraryProblem) {
            self.create = try library.function(MSALRuntimeFunction.createAuthParameters.symbol)
            self.setScopes = try library.function(MSALRuntimeFunction.setRequestedScopes.symbol)
            self.setRedirect = try library.function(MSALRuntimeFunction.setRedirectURI.symbol)
            self.setClaims = try library.function(MSALRuntimeFunction.setDecodedClaims.symbol)
            self.setTokenToRenew = try library.function(MSALRuntimeFunction.setAccessTokenToRenew.symbol)
            self.setProof = try library.function(MSALRuntimeFunction.setPopParams.symbol)
            self.setAdditional = try library.function(MSALRuntimeFunction.setAdditionalParameter.symbol)
            self.release = try library.function(MSALRuntimeFunction.releaseAuthParameters.symbol)
        }
    }
}

extension MSALRuntimeFunctions {
    /// The results of operations. An error that isn't there is `nil`.
    struct Answers: Sendable {
        let error: GetHandle
        let account: GetHandle
        let accessToken: GetText
        /// With the word `PoP`, where the token is a signed request.
        let authorizationHeader: GetText
        let grantedScopes: GetText
        /// The token as it is, not its claims.
        let idToken: GetText
        let isProof: GetInt32
        /// Seconds since 1970.
        let expiresOn: GetInt64
        let release: Act
        let readAccountError: GetHandle
        let readAccount: GetHandle
        let releaseReadAccount: Act
        let discoveryError: GetHandle
        /// By an index from 0; `nil` behind the last.
        let discoveredAccount: @convention(c) @Sendable (Address, Int32, Place) -> Address?
        let releaseDiscovery: Act
        let signOutError: GetHandle
        let releaseSignOut: Act

        fileprivate init(_ library: NativeLibrary) throws(NativeLibraryProblem) {
            self.error = try library.function(MSALRuntimeFunction.getError.symbol)
            self.account = try library.function(MSALRuntimeFunction.getAccount.symbol)
            self.accessToken = try library.function(MSALRuntimeFunction.getAccessToken.symbol)
            self.authorizationHeader = try library.function(MSALRuntimeFunction.getAuthorizationHeader.symbol)
            self.grantedScopes = try library.function(MSALRuntimeFunction.getGrantedScopes.symbol)
            self.idToken = try library.function(MSALRuntimeFunction.getRawIDToken.symbol)
            self.isProof = try library.function(MSALRuntimeFunction.isPopAuthorization.symbol)
            self.expiresOn = try library.function(MSALRuntimeFunction.getExpiresOn.symbol)
            self.release = try library.function(MSALRuntimeFunction.releaseAuthResult.symbol)
            self.readAccountError = try library.function(MSALRuntimeFunction.getReadAccountError.symbol)
            self.readAccount = try library.function(MSALRuntimeFunction.getReadAccount.symbol)
            self.releaseReadAccount = try library.function(MSALRuntimeFunction.releaseReadAccountResult.symbol)
            self.discoveryError = try library.function(MSALRuntimeFunction.getDiscoverAccountsError.symbol)
            self.discoveredAccount = try library.function(MSALRuntimeFunction.getDiscoverAccountsAt.symbol)
            self.releaseDiscovery = try library.function(MSALRuntimeFunction.releaseDiscoverAccountsResult.symbol)
            self.signOutError = try library.function(MSALRuntimeFunction.getSignOutError.symbol)
            self.releaseSignOut = try library.function(MSALRuntimeFunction.releaseSignOutResult.symbol)
        }
    }

    /// What an account is.
    struct Accounts: Sendable {
        let homeAccountID: GetText
        let localAccountID: GetText
        let realm: GetText
        let environment: GetText
        let username: GetText
        let release: Act

        fileprivate init(_ library: NativeLibrary) throws(NativeLibraryProblem) {
            self.homeAccountID = try library.function(MSALRuntimeFunction.getHomeAccountID.symbol)
            self.localAccountID = try library.function(MSALRuntimeFunction.getLocalAccountID.symbol)
            self.realm = try library.function(MSALRuntimeFunction.getRealm.symbol)
            self.environment = try library.function(MSALRuntimeFunction.getEnvironment.symbol)
            self.username = try library.function(MSALRuntimeFunction.getUserName.symbol)
            self.release = try library.function(MSALRuntimeFunction.releaseAccount.symbol)
        }
    }

    /// What an error says.
    struct Errors: Sendable {
        let status: GetInt32
        let code: GetInt64
        let tag: GetInt32
        let context: GetText
        /// Returns a truth value.
        let release: @convention(c) @Sendable (Address) -> Int32

        fileprivate init(_ library: NativeLibrary) throws(NativeLibraryProblem) {
            self.status = try library.function(MSALRuntimeFunction.getStatus.symbol)
            self.code = try library.function(MSALRuntimeFunction.getErrorCode.symbol)
            self.tag = try library.function(MSALRuntimeFunction.getTag.symbol)
            self.context = try library.function(MSALRuntimeFunction.getContext.symbol)
            self.release = try library.function(MSALRuntimeFunction.releaseError.symbol)
        }
    }
}
