// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import Testing

@testable import AzureIdentity

/// The pages that a person sees at the end.
@Suite struct SignInPageTests {
    private let hostile = "<script>alert('1')</script> & \"{advice}\""

    private func error(_ text: String) -> AuthenticationError {
        AuthenticationError(
            .authenticationFailed, credential: "InteractiveBrowserCredential", message: "InteractiveBrowserCredential: \(text)")
    }

    @Test func successSaysWhoAndWhatNext() {
        let page = SignInPage.success(user: "ada@contoso.example", pages: SignInPages()).html
        #expect(
            page.contains("You are signed in") && page.contains("ada@contoso.example") && page.contains("go back to the program"))
        let named = SignInPage.success(user: nil, pages: SignInPages(applicationName: "R&D <tool>\u{202E}")).html
        #expect(named.contains("go back to R&amp;D &lt;tool&gt;."))
    }

    @Test func failureSaysWhatHappenedAndWhatToDo() {
        let page = SignInPage.failure(self.error("access_denied: no"), advice: "Ask an administrator.", pages: SignInPages()).html
        #expect(page.contains("<p class=\"message\">access_denied: no</p>") && page.contains("Ask an administrator."))
        #expect(SignInPage.failure(CancellationError(), advice: nil, pages: SignInPages()).html.contains("stopped waiting"))
    }

    @Test func nothingInAPageIsRunOrLoaded() {
        let pages = [
            SignInPage.success(user: self.hostile, pages: SignInPages()),
            SignInPage.failure(self.error(self.hostile), advice: self.hostile, pages: SignInPages(applicationName: self.hostile)),
            SignInPage.notice(.nothingHere, pages: SignInPages(applicationName: self.hostile)),
            SignInPage.notice(.anotherSignIn, pages: SignInPages(applicationName: self.hostile)),
        ]
        for page in pages {
            #expect(!page.html.contains("<script") && !page.html.contains("src=") && !page.html.contains("http"), "\(page.html)")
            let headers = page.response().headers
            #expect(headers["Content-Security-Policy"]?.contains("default-src 'none'") == true)
            #expect(headers["Cache-Control"] == "no-store" && headers["Content-Type"] == "text/html; charset=utf-8")
        }
        let long = SignInPage.failure(self.error(String(repeating: "x", count: 100_000)), advice: nil, pages: SignInPages())
        #expect(long.html.utf8.count < 8000)
    }

    @Test func pagesOfTheApplicationsOwnAreFilledInOnce() {
        let pages = SignInPages(success: "<p>Hello {user}, {other} {", failure: "<p>{message}|{advice}</p>")
        #expect(SignInPage.success(user: "<ada>", pages: pages).html == "<p>Hello &lt;ada&gt;, {other} {")
        #expect(SignInPage.success(user: nil, pages: pages).html == "<p>Hello , {other} {")
        let failure = SignInPage.failure(self.error(self.hostile), advice: "{message}", pages: pages)
        #expect(failure.html == "<p>&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; &quot;{advice}&quot;|{message}</p>")
        #expect(failure.response().headers["Content-Security-Policy"]?.contains("frame-ancestors 'none'") == true)
    }
}
