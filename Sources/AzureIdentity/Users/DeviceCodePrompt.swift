// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
public import struct FoundationEssentials.Date
#else
public import struct Foundation.Date
#endif

/// What a person is told who signs in with a code on another device.
///
/// Whoever enters the code and signs in gives this program a token of theirs: show the prompt to the person who asked for it, and to no one
/// else. All texts are cleaned: one line each, without control characters.
public struct DeviceCodePrompt: Sendable, Hashable {
    /// The code to enter.
    public var userCode: String
    /// Where to enter it.
    public var verificationURL: String
    /// When the code is no good any more.
    public var expiresOn: Date
    /// What to do, as a sentence with the code and the URL; in the service's words, if it has any.
    public var message: String

    /// Creates a prompt.
    ///
    /// - Parameters:
    ///   - userCode: The code to enter.
    ///   - verificationURL: Where to enter it.
    ///   - expiresOn: When the code is no good any more.
    ///   - message: What to do. `nil`: a sentence made of the code and the URL.
    public init(userCode: String, verificationURL: String, expiresOn: Date, message: String? = nil) {
        self.userCode = userCode
        self.verificationURL = verificationURL
        self.expiresOn = expiresOn
        self.message =
            message
            ?? "To sign in, use a web browser to open the page \(verificationURL) and enter the code \(userCode) to authenticate."
    }
}
