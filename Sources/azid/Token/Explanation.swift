// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureCredentials
import AzureHTTP
import AzureIdentity

/// What `--explain` prints to standard error: whom a credential will ask, and then who was asked, for how long, and who gave the token.
struct Explanation {
    private let credential: any TokenCredential
    private let name: CredentialName
    private var start = SystemClock().now

    /// - Parameters:
    ///   - credential: The credential, which nobody has asked yet.
    ///   - name: Which one it is.
    init(_ credential: any TokenCredential, name: CredentialName) {
        self.credential = credential
        self.name = name
    }

    /// Prints whom a chain will ask. Nobody is asked for it.
    mutating func printPlan() {
        if let chain = self.credential as? DefaultAzureCredential {
            Console.printNote("plan of \(self.name.typeName):\n\(chain.plan())")
        }
        self.start = SystemClock().now
    }

    /// Prints what came of the first call.
    ///
    /// - Parameter result: Its token, or what it threw.
    func printSteps(_ result: Result<AccessToken, any Error>) {
        let elapsed = SystemClock().now - self.start
        let attempts = (self.credential as? DefaultAzureCredential)?.attempts ?? []
        let steps = attempts.isEmpty ? [Self.attempt(of: self.name.typeName, result, elapsed)] : attempts
        Console.printNote(TextTable(["step", "outcome", "time", ""], rows: steps.map(Self.row)).rendered())
        switch result {
        case .success(let token):
            Console.printNote("\(Self.winner(token, fallback: self.name.typeName)), after \(TextTable.time(elapsed))")
        case .failure: Console.printNote("no token after \(TextTable.time(elapsed))")
        }
    }

    private static func row(_ attempt: AuthenticationError.Attempt) -> [String] {
        let isAsked = attempt.outcome != .skipped
        return [attempt.credential, "\(attempt.outcome)", isAsked ? TextTable.time(attempt.duration) : "", attempt.summary]
    }

    /// The one step of a credential that is no chain, or of a chain that couldn't begin.
    private static func attempt(
        of name: String, _ result: Result<AccessToken, any Error>, _ elapsed: Duration
    ) -> AuthenticationError.Attempt {
        switch result {
        case .success: return .init(credential: name, outcome: .succeeded, duration: elapsed)
        case .failure(let error):
            let failure = error as? AuthenticationError
            return .init(
                credential: name,
                outcome: failure?.isUnavailable == true ? .unavailable : .failed,
                code: failure?.code,
                message: failure?.message ?? "\(type(of: error))",
                duration: elapsed
            )
        }
    }

    /// Who gave the token, and for whom it is: what the token says of itself. The user's name too, since a person asked.
    private static func winner(_ token: AccessToken, fallback: String) -> String {
        let provenance = token.provenance
        let details = [
            ("user", provenance?.userName), ("tenant", provenance?.tenantID), ("object", provenance?.objectID),
            ("application", provenance?.clientID), ("from", token.source.description),
        ].compactMap { name, value in value.map { "\(name) \(HostileText.sanitized($0, limit: 100))" } }
        return "token by \(provenance?.credential ?? fallback): " + details.joined(separator: ", ")
    }
}
#endif
