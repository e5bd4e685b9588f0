// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// How somebody has signed in: who, when and by what. Everything that is issued for it carries its number, so that all of it can be
/// revoked.
struct UserSession: Sendable {
    var homeTenantID: String
    var homeObjectID: String
    /// When the password was given.
    var signedInAt: Date
    /// When the second factor was given.
    var multifactorAt: Date?
    /// The authentication contexts that were reached.
    var contexts: [String] = []
    /// Grows from session to session.
    var serial: Int

    init(person: Person, at date: Date, serial: Int) {
        self.homeTenantID = person.homeTenant.id
        self.homeObjectID = person.home.objectID
        self.signedInAt = date
        self.serial = serial
    }

    /// The session that a token of a user speaks for. `nil`: it is no token of a user.
    ///
    /// - Parameter claims: The claims of a token that the emulator has issued.
    init?(person: Person, claims: EmulatorJSON) {
        guard let time = claims["auth_time"]?.integer, let serial = claims["sid"]?.string.flatMap(Self.serial) else { return nil }
        self.init(person: person, at: Date(timeIntervalSince1970: Double(time)), serial: serial)
        let methods = claims["amr"]?.elements ?? []
        if methods.contains("mfa") { self.multifactorAt = self.signedInAt }
        self.contexts = (claims["acrs"]?.elements ?? []).compactMap(\.string)
    }

    /// The ways in which the user has proved who they are, as `amr` has them.
    var methods: [EmulatorJSON] { self.multifactorAt == nil ? ["pwd"] : ["pwd", "mfa"] }

    /// The session's id: a GUID that ends in the number.
    var id: String {
        let digits = String(self.serial, radix: 16)
        return "50000000-0000-4000-8000-" + String(repeating: "0", count: max(0, 12 - digits.count)) + digits
    }

    /// The number at the end of an id.
    static func serial(_ id: String) -> Int? {
        GUID.isValid(id) ? id.split(separator: "-").last.flatMap { Int($0, radix: 16) } : nil
    }
}
