// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP

/// The file in which a platform keeps a workload's token, and renews it.
///
/// What was read is kept for five minutes, unless the file changes before. Nothing of its content gets into an error.
final class FederatedTokenFile: Sendable {
    /// The largest file that is read, in bytes.
    static let maximumSize = FederatedToken.maximumLength
    /// How long its content is used without looking at more than its stamp.
    static let maximumAge = Duration.seconds(300)

    private struct Kept: Sendable {
        let token: String
        let stamp: FileStamp
        let time: MonotonicTime
    }

    private let path: String
    private let credential: String
    private let clock: any MachineClock
    private let kept = Locked<Kept?>(nil)

    /// - Parameters:
    ///   - path: The file.
    ///   - credential: The type name of the credential, for errors.
    ///   - clock: The clock that the content's age is told by.
    init(path: String, credential: String, clock: any MachineClock) {
        self.path = path
        self.credential = credential
        self.clock = clock
    }

    /// The token in the file.
    ///
    /// - Throws: `AuthenticationError`: `.credentialUnavailable`, retryable, if there is no content yet; `.authenticationFailed` if the
    ///   content can't be a token.
    func token() throws -> String {
        let stamp = Host.stamp(ofFile: self.path)
        if let kept = self.kept.withLock({ $0 }), kept.stamp == stamp, self.clock.now - kept.time < Self.maximumAge {
            return kept.token
        }
        return try self.read(stamp)
    }

    /// Reads the file at once; whether it holds another token than the one that was sent.
    func holdsAnother(than token: String) -> Bool {
        (try? self.read(Host.stamp(ofFile: self.path))).map { $0 != token } ?? false
    }

    /// The proof by the token in the file. When the service finds it out of its time, the file is worth another look.
    func proof() throws -> ClientProof {
        let token = try self.token()
        var proof = ClientProof.assertion(token)
        proof.renew = { self.holdsAnother(than: token) }
        return proof
    }

    /// - Parameter stamp: The file's stamp before it is read: what is written meanwhile is read the next time.
    private func read(_ stamp: FileStamp?) throws -> String {
        let contents: [UInt8]
        do {
            contents = try Host.contents(ofFile: self.path, limit: Self.maximumSize)
        } catch let problem {
            throw problem.isTooLarge ? self.bad(problem.reason) : self.notThere("can't be read: \(problem.reason)")
        }
        let text = HostileText.trimmed(String(decoding: contents, as: UTF8.self))
        guard !text.isEmpty else { throw self.notThere("is empty") }
        if let problem = FederatedToken.problem(text) { throw self.bad("its content \(problem)") }
        if let stamp {
            let kept = Kept(token: text, stamp: stamp, time: self.clock.now)
            self.kept.withLock { $0 = kept }
        }
        return text
    }

    /// The error of a file that isn't there yet, or isn't whole.
    private func notThere(_ problem: String) -> AuthenticationError {
        self.error(.credentialUnavailable, "The token file \(self.shownPath) \(problem).", isRetryable: true)
    }

    /// The error of a file that holds no token.
    private func bad(_ problem: String) -> AuthenticationError {
        self.error(.authenticationFailed, "The token file \(self.shownPath) can't be used: \(problem).", isRetryable: false)
    }

    private func error(_ code: AuthenticationError.Code, _ text: String, isRetryable: Bool) -> AuthenticationError {
        var error = AuthenticationError(
            code,
            credential: self.credential,
            message: "\(self.credential): \(text)",
            isRetryable: isRetryable
        )
        error.remedy = Guide.remedy(.g41, facts: GuideFacts(variables: ["AZURE_FEDERATED_TOKEN_FILE"]))
        return error
    }

    private var shownPath: String { "\"\(HostileText.sanitized(self.path, limit: 300))\"" }
}
