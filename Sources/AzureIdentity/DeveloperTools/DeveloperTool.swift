// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a developer tool is asked for.
struct ToolQuestion: Sendable, Hashable {
    let scopes: [String]
    /// `nil`: the tool's own.
    let tenantID: String?
    let subscription: String?
    /// The claims of a challenge, as JSON text.
    let claims: String?
}

/// What a developer tool has answered.
struct ToolToken: Sendable {
    let token: String
    let expiresOn: Date
}

/// One of the programs with which a developer signs in: how it is called, and how its answers are read. Pure: running it is the engine's
/// part, time too.
protocol DeveloperTool: Sendable {
    /// The type name of the credential.
    var credential: String { get }
    /// The tool's name.
    var title: String { get }
    /// The names of its program, the preferred one first.
    var executables: [String] { get }
    /// The variables that it gets besides the credential's.
    var variables: [String: String] { get }

    /// The absolute paths of the files that change when the tool's account does, and not when it merely gets a token.
    func stateFiles(_ environment: EnvironmentVariables) -> [String]

    /// Checks what a credential is made with.
    ///
    /// - Throws: `AuthenticationError`.
    func validate(tenantID: String?, subscription: String?) throws

    /// The arguments for a question. Nothing gets into them that the tool could take for anything else.
    ///
    /// - Throws: `AuthenticationError` if it can't be asked.
    func arguments(_ question: ToolQuestion) throws -> [String]

    /// The token in a program's output, whether it has expired or not.
    ///
    /// - Throws: `AuthenticationError` with its remedy, and without any token.
    func token(_ run: ToolRun, question: ToolQuestion) throws -> ToolToken

    /// The error of a program that came to nothing.
    func error(_ failure: ToolFailure, executable: String, timeout: Duration) -> AuthenticationError

    /// The error of a program that isn't there.
    func absence(_ location: ToolLocation) -> AuthenticationError

    /// The error of a token that had expired when the tool gave it.
    func expired() -> AuthenticationError
}
