// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import Testing

@testable import AzureIdentity

/// The guide as pages and as lines for a terminal.
@Suite struct GuidePageTests {
    @Test(arguments: GuidePage.Form.allCases)
    func thePageHasEveryRowAndCodeOnce(form: GuidePage.Form) {
        let page = GuidePage.rendered(form)
        let lines = page.split(separator: "\n", omittingEmptySubsequences: false)
        for entry in TroubleshootingGuide.entries {
            #expect(lines.filter { $0 == "### \(entry.id): \(entry.title)" }.count == 1, "\(entry.id)")
        }
        for code in TroubleshootingGuide.codes { #expect(lines.filter { $0.hasPrefix("| [\(code.name)](") }.count == 1) }
        #expect(
            page.hasPrefix("# Troubleshooting\n\nFind what an error means") && page.hasSuffix("-->\n") && !page.contains("\n\n\n")
        )
        #expect(lines.allSatisfy { !$0.hasSuffix(" ") })
    }

    @Test func aPageOutsideOfDocCHasNoneOfItsLinks() {
        let page = GuidePage.rendered(.page)
        #expect(!page.contains("<doc:") && !page.replacing("```", with: "").contains("``") && !page.contains("-swift.struct"))
        #expect(page.contains("(Sources/AzureIdentity/Documentation.docc/DefaultChain.md)"))
        #expect(GuidePage.rendered(.article).contains("<doc:DefaultChain>"))
    }

    @Test(arguments: [
        (
            "``AuthenticationError/Code-swift.struct/timedOut`` is", "AuthenticationError.Code.timedOut is",
            "`AuthenticationError.Code.timedOut` is"
        ),
        ("see <doc:Logging>.", "see the article Logging.", "see [Logging](Sources/AzureIdentity/Documentation.docc/Logging.md)."),
        (
            "<doc:Logging> shows it. <doc:Logging> too.\n\n<doc:Logging> as well",
            "The article Logging shows it. The article Logging too.\n\nThe article Logging as well",
            "[Logging](Sources/AzureIdentity/Documentation.docc/Logging.md) shows it. "
                + "[Logging](Sources/AzureIdentity/Documentation.docc/Logging.md) too.\n\n"
                + "[Logging](Sources/AzureIdentity/Documentation.docc/Logging.md) as well"
        ),
        ("`az` and **this**", "az and this", "`az` and **this**"),
        ("a [list](https://a.example) of (b)", "a list (https://a.example) of (b)", "a [list](https://a.example) of (b)"),
        ("an ``open end", "an open end", "an ``open end"),
    ])
    func marksOfMarkdown(text: String, plain: String, markdown: String) {
        #expect(GuideText.plain(text) == plain && GuideText.markdown(text) == markdown)
    }

    @Test func linesAreBrokenAtBlanks() {
        #expect(GuideText.wrapped("aa bb cc", width: 6, indent: " ") == [" aa bb", " cc"])
        #expect(GuideText.wrapped("aaaaaaaaaa b", width: 4) == ["aaaaaaaaaa", "b"])
        #expect(GuideText.wrapped("a\n\nb", width: 4, indent: "  ") == ["  a", "", "  b"])
        #expect(GuideText.wrapped("| a | long row |", width: 4) == ["| a | long row |"])
    }

    @Test func whatPrintsATokenSaysSo() {
        for id in ["G25", "G27", "G29", "G35", "G37", "G40"] {
            #expect(TroubleshootingGuide.entry(id)?.checks.contains(where: \.printsToken) == true, "\(id)")
        }
        let harmless = ["G34", "G36", "G38", "G39", "G52"]
        #expect(harmless.allSatisfy { TroubleshootingGuide.entry($0)?.checks.contains(where: \.printsToken) == false })
        let checks = TroubleshootingGuide.entries.flatMap(\.checks)
        #expect(checks.allSatisfy { !$0.command.isEmpty && !$0.command.contains("login") && !$0.command.contains("reset") })
    }

    @Test func detailsForATerminalHaveNoMarks() {
        for entry in TroubleshootingGuide.entries {
            #expect(!entry.plainDetails.contains("`") && !entry.plainDetails.contains("<doc:"), "\(entry.id)")
        }
    }
}
