// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import Logging
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What tells of a person is left out of logs, by its form.
@Suite struct AccountTextTests {
    private static let objectID = "b0000000-0000-4000-8000-0000000000b1"
    private static let tenantID = "a0000000-0000-4000-8000-000000000001"

    @Test(
        arguments: [
            ("The user account ada@contoso.example does not exist.", "The user account <account> does not exist."),
            ("'ada@contoso.example'", "'<account>'"), ("(o'brien+x@contoso.example).", "(<account>)."),
            ("/userrealm/ada%40contoso.example?api-version=1.0", "/userrealm/<account>?api-version=1.0"),
            ("login_hint=ada@contoso.example&x=1", "login_hint=<account>&x=1"),
            ("upn:ada_contoso.com#EXT#@fabrikam.onmicrosoft.com", "upn:<account>"),
            ("Oid:\(objectID)@\(tenantID)", "Oid:<account>"), ("a \(objectID).\(tenantID) b", "a <account> b"),
            ("ädä@contoso.example and grace@contoso.example", "<account> and <account>"),
            // Ids, addresses and ends of sentences stay.
            ("\(tenantID) \(objectID).", "\(tenantID) \(objectID)."),
            ("https://vault.azure.net/.default", "https://vault.azure.net/.default"),
            ("@ alone, ada@ and @b", "@ alone, ada@ and @b"),
            ("", ""), ("100% of 40%40", "100% of 40%40"),
        ]
    )
    func G05_accountsAreFoundByTheirForm(text: String, expected: String) {
        #expect(AccountText.redacted(text) == expected)
    }

    @Test func G05_anErrorHasALineWithoutAccounts() {
        let message = "The user ada@contoso.example has to sign in as \(Self.objectID).\(Self.tenantID)."
        let error = AuthenticationError(.authenticationFailed, credential: "C", message: message)
        #expect(error.summary.contains("ada@contoso.example"))
        #expect(error.summaryWithoutAccounts == AccountText.redacted(error.summary))
        #expect(error.summaryWithoutAccounts.contains("The user <account> has to sign in as <account>."))
    }

    @Test(arguments: [
        "https://login.example/common/userrealm/ada%40contoso.example?api-version=1.0",
        "https://login.example/common/UserRealm/CONTOSO%5Cada?api-version=1.0",
        "https://login.example/authorize?login_hint=CONTOSO%5Cada&username=ada&upn=ada@contoso.example",
    ])
    func G05_addressesNameAUserOnlyIfAskedFor(address: String) throws {
        let url = try #require(URL(string: address))
        let allowed: Set<String> = ["Login_Hint", "username", "upn"]
        let quiet = LogRedaction(options: .init(additionalAllowedQueryParameters: allowed), secrets: [])
        #expect(!quiet.rendered(url).contains("ada"), "\(quiet.rendered(url))")
        let open = LogRedaction(
            options: .init(isAccountIdentifierLoggingEnabled: true, additionalAllowedQueryParameters: allowed), secrets: [])
        #expect(open.rendered(url).contains("ada"))
    }

    @Test(
        "of a query, only allowed parameters show",
        arguments: [
            ("", ""), ("?api-version=7.6&a=b", "?api-version=7.6&a=REDACTED"), ("?SIGNATURE", "?REDACTED"),
            ("?api-version=7.6&SIGNATURE&a", "?api-version=7.6&REDACTED&REDACTED"),
            ("?api-version=7.6;sig=SIGNATURE", "?api-version=7.6;REDACTED"), ("?a=b;api-version=7.6", "?a=REDACTED"),
            ("?SIGNATURE;api-version=7.6", "?REDACTED"),
        ]
    )
    func queries(query: String, expected: String) throws {
        let url = try #require(URL(string: "https://service.example/a\(query)"))
        #expect(LogRedaction(options: .init(), secrets: []).rendered(url) == "https://service.example/a\(expected)")
    }

    @Test func G05_headersNameAUserOnlyIfAskedFor() {
        let headers: TransportHeaders = ["X-AnchorMailbox": "upn:ada", "X-Note": "for ada@contoso.example", "Accept": "ada"]
        var options = LoggingOptions(additionalAllowedHeaders: ["X-AnchorMailbox", "X-Note"])
        #expect(
            LogRedaction(options: options, secrets: []).rendered(headers)
                == "X-AnchorMailbox: REDACTED, X-Note: for <account>, Accept: ada")
        options.isAccountIdentifierLoggingEnabled = true
        #expect(
            LogRedaction(options: options, secrets: []).rendered(headers)
                == "X-AnchorMailbox: upn:ada, X-Note: for ada@contoso.example, Accept: ada")
        // What was sent as a secret stays out either way.
        #expect(!LogRedaction(options: options, secrets: ["ada@contoso.example"]).rendered(headers).contains("ada@contoso"))
    }
}
