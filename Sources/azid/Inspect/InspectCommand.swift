// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import ArgumentParser
import AzureCredentials

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `azid inspect`: shows what a token says of itself. Its output and exit status are a contract.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Shows what a token says of itself, without checking it.",
        discussion: """
            Reads the token from standard input, or from a file: a JSON Web Token, the output of 'azid token' in any form, or that of 'az account \
            get-access-token'. Prints neither the token nor its signature. This is no validation: anybody can write such a token. Exit status: 0 if there \
            are claims to show, also if the token has expired; 4 if there are none; 64 usage.
            """
    )

    @Argument(help: ArgumentHelp("The file that holds the token; without one, or with -, standard input.", valueName: "path"))
    var path: String?

    @Option(name: .long, help: "The same as an option.")
    var file: String?

    @Option(name: .long, help: "text (a table) or json.")
    var output: ListFormat = .text

    func validate() throws {
        if self.path != nil, self.file != nil { throw ValidationError("Name the file once: as an argument, or with --file.") }
    }

    func run() throws {
        do {
            let text = try self.text()
            guard let claims = TokenText.token(in: text).flatMap({ UnverifiedClaims(token: $0) }) else { throw Self.unreadable }
            Console.printNote(
                "warning: shown as the token says it. Nothing was checked: neither the signature nor who issued it.")
            let report = ClaimsReport(claims, now: Date())
            switch self.output {
            case .json: try Console.printResult(try OutputFormat.encoded(report))
            case .text: try Console.printResult(report.rendered())
            }
        } catch let error as AuthenticationError {
            Console.printNote(self.output == .json ? ErrorReport.json(error) : error.description)
            throw ExitStatus.code(for: error)
        }
    }

    private func text() throws -> String {
        if let path = self.file ?? self.path, path != "-" { return try SecretFile.token(path) }
        guard let bytes = Console.readInput(limit: TokenText.limit) else {
            throw Self.unusable("Standard input can't be read, or has more than \(TokenText.limit) bytes.")
        }
        let text = HostileText.trimmed(String(decoding: bytes, as: UTF8.self))
        guard !text.isEmpty else {
            throw Self.unusable("Standard input is empty: pipe a token into 'azid inspect', or name a file.")
        }
        return text
    }

    /// The text itself isn't shown: it may be a token that is almost whole.
    private static var unreadable: AuthenticationError {
        Self.unusable(
            "This is no JSON Web Token: three parts of base64url with dots between them, the middle one a JSON object. Some services' tokens can't be read."
        )
    }

    private static func unusable(_ message: String) -> AuthenticationError {
        AuthenticationError(.invalidConfiguration, credential: "azid", message: message)
    }
}
#endif
