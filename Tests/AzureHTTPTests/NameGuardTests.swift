// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if AsyncHTTPClient
import Testing

@testable import AzureHTTP

/// Which names of a certificate are a host's.
@Suite struct NameGuardTests {
    private static let table: [(name: String, host: String, isMatch: Bool)] = [
        ("login.example", "login.example", true), ("LOGIN.example", "login.EXAMPLE", true),
        ("login.example.", "login.example", true),
        ("login.example", "login.example.", true), ("localhost", "localhost", true), ("*.example.org", "login.example.org", true),
        ("*.example.org", "a.b.example.org", false), ("*.example.org", "example.org", false), ("*.org", "example.org", false),
        ("*", "localhost", false), ("l*.example.org", "login.example.org", false), ("login.*.org", "login.example.org", false),
        ("", "", false), (".", "login.example", false), ("login.example", "xlogin.example", false),
        ("*.example.org", ".example.org", false),
        ("127.0.0.1", "localhost", false), ("login.example\u{0}.evil", "login.example", false),
    ]

    @Test(arguments: table)
    func names(name: String, host: String, isMatch: Bool) { #expect(NameGuard.isName(name, for: host) == isMatch) }
}
#endif
