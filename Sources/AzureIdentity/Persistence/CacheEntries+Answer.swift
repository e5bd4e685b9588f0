// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The entries that an answer of a token service comes to. Pure.
struct KeptAnswer: Sendable {
    let token: AcquiredToken
    let request: AcquisitionRequest
    let owner: TokenKeeper.Owner
    /// When the token's lifetime began.
    let start: Date
    /// The refresh token that it was got with.
    var redeemed: CacheDocument.RefreshEntry?
    var accountSource: String?
    /// In memory, neither access tokens nor id tokens are kept: nobody would look for them.
    var isPersistent = true
    /// Whether the document is a session's, which has one user: whoever begins it anew takes the place of who was there before.
    var isSession = false

    /// Writes the entries, and removes access tokens that have expired.
    func write(to document: inout CacheDocument) {
        document.removeExpired(at: self.start)
        switch self.owner.subject {
        case .application(let proof):
            self.writeAccess(nil, proof: proof, to: &document)
        case .user(let homeAccountID):
            let account = self.token.signIn.flatMap { SignedInAccount($0) }
            guard let home = self.redeemed?.homeAccountID ?? account?.homeAccountID ?? homeAccountID else { return }
            if let redeemed {
                // Whoever signs out while the request is under way is signed out.
                guard let kept = self.kept(redeemed, in: document) else { return }
                self.writeRenewed(kept, to: &document)
            } else {
                if self.isSession { document.removePeople(but: home) }
                self.writeNew(home, to: &document)
                if let account { self.write(account, to: &document) }
            }
            self.writeAccess(home, proof: nil, to: &document)
            self.writeID(home, to: &document)
            self.writeApplication(to: &document)
        }
    }

    private var environment: String { self.owner.environments.first ?? "" }

    private func kept(_ entry: CacheDocument.RefreshEntry, in document: CacheDocument) -> CacheDocument.RefreshEntry? {
        document.refreshEntries(homeAccountID: entry.homeAccountID, environments: [entry.environment]).first {
            CacheDocument.isSame($0.clientID, entry.clientID) && $0.target == entry.target
        }
    }

    /// The new refresh token takes the place of the redeemed one, unless that one is a family's and the new one isn't.
    private func writeRenewed(_ kept: CacheDocument.RefreshEntry, to document: inout CacheDocument) {
        guard let signIn = self.token.signIn, let secret = signIn.refreshToken else { return }
        let isOwn = CacheDocument.isSame(kept.clientID, self.owner.clientID)
        guard isOwn || kept.familyID == signIn.familyID else { return self.writeNew(kept.homeAccountID, to: &document) }
        var entry = kept
        entry.secret = secret
        entry.lastModified = self.start
        entry.familyID = signIn.familyID ?? kept.familyID
        document.insert(entry)
    }

    private func writeNew(_ home: String, to document: inout CacheDocument) {
        guard let signIn = self.token.signIn, let secret = signIn.refreshToken else { return }
        document.insert(
            CacheDocument.RefreshEntry(
                homeAccountID: home,
                environment: self.environment,
                clientID: self.owner.clientID,
                target: self.target,
                secret: secret,
                lastModified: self.start,
                familyID: signIn.familyID
            )
        )
    }

    private func writeAccess(_ home: String?, proof: String?, to document: inout CacheDocument) {
        // A token that is bound to a key is of no use without it.
        guard self.isPersistent, self.token.type == .bearer else { return }
        document.insert(
            CacheDocument.AccessEntry(
                homeAccountID: home,
                environment: self.environment,
                clientID: self.owner.clientID,
                realm: self.request.tenantID,
                target: self.target,
                secret: Secret(self.token.token),
                cachedAt: self.start,
                expiresOn: self.start.addingTimeInterval(self.token.lifetime.inSeconds),
                refreshOn: self.token.refreshIn.map { self.start.addingTimeInterval($0.inSeconds) },
                extensionKey: self.owner.extensionKey,
                proof: proof
            )
        )
    }

    private func write(_ account: SignedInAccount, to document: inout CacheDocument) {
        document.insert(
            CacheDocument.AccountEntry(
                homeAccountID: account.homeAccountID,
                environment: self.environment,
                realm: self.request.tenantID,
                localAccountID: account.localAccountID,
                username: account.username,
                authorityType: self.request.tenantID == "adfs" ? "ADFS" : "MSSTS",
                accountSource: self.accountSource,
                clientInfo: self.token.signIn?.clientInfo,
                name: account.name
            )
        )
    }

    private func writeID(_ home: String, to document: inout CacheDocument) {
        guard self.isPersistent, let idToken = self.token.signIn?.idToken else { return }
        document.insert(
            CacheDocument.IDEntry(
                homeAccountID: home,
                environment: self.environment,
                realm: self.request.tenantID,
                clientID: self.owner.clientID,
                secret: idToken
            )
        )
    }

    private func writeApplication(to document: inout CacheDocument) {
        guard let signIn = self.token.signIn, signIn.refreshToken != nil || signIn.familyID != nil else { return }
        document.insert(
            CacheDocument.ApplicationEntry(
                clientID: self.owner.clientID, environment: self.environment, familyID: signIn.familyID))
    }

    /// The scopes that the service says the token has, and those it was asked for: a service that names `.default` by what it stands for
    /// would make the token unfindable.
    private var target: [String] {
        Set(self.request.context.scopes + CacheDocument.words(self.token.signIn?.scope ?? "")).sorted()
    }
}
