// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import ArgumentParser
import AzureCredentials
import AzureIdentity

/// `azid explain`: what a row of the guide, a code or the text of an error means. Its output and exit status are a contract.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Explains a row of the troubleshooting guide, a code of Microsoft Entra ID, or the text of an error.",
        discussion: """
            azid explain G23; azid explain AADSTS7000215; azid explain 7000215; azid explain "text of an error"; COMMAND 2>&1 | azid explain -. \
            Knows the errors of this library, as text and as JSON, and those of the Azure Identity libraries for Python, .NET, Go, Java and JavaScript. \
            Asks nobody, and prints nothing of the text but numbers of codes, so that a secret in it stays where it was. Exit status: 0 explained, 1 nothing \
            known of it, 4 the text can't be read, 64 usage.
            """
    )

    @Argument(help: ArgumentHelp("A row, a code, or the text of an error; - reads standard input.", valueName: "text"))
    var text: [String] = []

    @Option(name: .long, help: ArgumentHelp("A file that holds the text, or the JSON, of an error.", valueName: "path"))
    var error: String?

    @Flag(name: .long, help: "All rows and codes of the guide, in place of an explanation.")
    var all = false

    @Option(name: .long, help: "With --all: as Markdown, a page of its own, or the article of the documentation.")
    var markdown: PageForm?

    @Flag(name: .long, help: "JSON on one line; see the article Troubleshooting for its members.")
    var json = false

    func validate() throws {
        let sources = [!self.text.isEmpty, self.error != nil, self.all].filter(\.self).count
        guard sources == 1 else { throw ValidationError("Give a text, or --error, or --all.") }
        guard self.markdown == nil || self.all && !self.json else {
            throw ValidationError("--markdown goes with --all, and not with --json.")
        }
    }

    func run() throws {
        if self.all { return try self.printGuide() }
        try ErrorInput.reporting(isJSON: self.json) {
            let explanations = TroubleshootingGuide.explain(try self.given())
            guard !explanations.isEmpty else { throw ErrorInput.empty }
            let report = ExplainReport(explanations)
            try Console.printResult(self.json ? try OutputFormat.encoded(report) : report.rendered())
            if !report.isKnown { throw ExitCode(1) }
        }
    }

    private func printGuide() throws {
        if let form = self.markdown { return try Console.printResult(String(GuidePage.rendered(form.form).dropLast())) }
        let guide = GuideReport()
        try Console.printResult(self.json ? try OutputFormat.encoded(guide) : guide.rendered())
    }

    private func given() throws -> String {
        if let path = self.error { return try ErrorInput.text(path) }
        return self.text == ["-"] ? try ErrorInput.text("-") : self.text.joined(separator: " ")
    }
}

/// The forms of the guide in Markdown.
enum PageForm: String, CaseIterable, ExpressibleByArgument {
    case page, article

    var form: GuidePage.Form { self == .page ? .page : .article }
}
#endif
