// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// What the browser shows when a person comes back from signing in.
///
/// The library's own pages need no script and load nothing, and say what to do next. Pages of your own replace them whole: HTML as it is sent,
/// with these marks, each replaced by text that is escaped for HTML.
///
/// | Mark | In | Stands for |
/// |---|---|---|
/// | `{user}` | ``success`` | the name of who signed in, or nothing if the service didn't say |
/// | `{message}` | ``failure`` | what happened, in a sentence or two; never a token or a secret |
/// | `{advice}` | ``failure`` | what to do about it, or nothing |
public struct SignInPages: Sendable, Hashable {
    /// What the program calls itself on the library's own pages: "go back to azid". `nil`: "go back to the program".
    public var applicationName: String?
    /// The page for who has signed in. `nil`: the library's own.
    public var success: String?
    /// The page for who hasn't. `nil`: the library's own.
    public var failure: String?

    /// Creates pages, by default the library's own.
    ///
    /// - Parameters:
    ///   - applicationName: What the program calls itself on the library's own pages.
    ///   - success: The page for who has signed in, as HTML.
    ///   - failure: The page for who hasn't, as HTML.
    public init(applicationName: String? = nil, success: String? = nil, failure: String? = nil) {
        self.applicationName = applicationName
        self.success = success
        self.failure = failure
    }
}
