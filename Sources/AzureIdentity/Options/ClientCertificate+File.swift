// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
import AzureCredentials
import AzureHTTP

/// A certificate file that is read again when it changes. Once it was read, there is always a certificate.
final class CertificateFileSource: Sendable {
    private struct State: Sendable {
        /// The file's stamp before it was last read, whatever came of it: the same contents aren't read twice.
        var stamp: FileStamp?
        var certificate: SigningCertificate
    }

    private let path: String
    private let password: Secret?
    private let state: Locked<State>

    /// Reads the file.
    ///
    /// - Throws: ``AuthenticationError`` with `.invalidConfiguration`.
    init(path: String, password: Secret?) throws {
        self.path = path
        self.password = password
        let stamp = Host.stamp(ofFile: path)
        do throws(CertificateProblem) {
            let certificate = try Self.read(path, password: password)
            self.state = Locked(State(stamp: stamp, certificate: certificate))
        } catch {
            let name = HostileText.sanitized(path, limit: 300)
            throw ClientCertificate.error("The certificate file \(name) can't be used: \(error.message).")
        }
    }

    /// The certificate of the last reading.
    var last: SigningCertificate { self.state.withLock { $0.certificate } }

    /// The certificate of the file as it is now, or the last one that could be used.
    func current() -> SigningCertificate {
        if let stamp = Host.stamp(ofFile: self.path), stamp != self.state.withLock({ $0.stamp }) { self.read(stamp) }
        return self.last
    }

    /// Reads the file, whether it has changed or not.
    func reread() {
        if let stamp = Host.stamp(ofFile: self.path) { self.read(stamp) }
    }

    /// Takes over what the file holds, if it can be used. The stamp is from before, so that a change in between is seen the next time.
    private func read(_ stamp: FileStamp) {
        let certificate = try? Self.read(self.path, password: self.password)
        self.state.withLock { state in
            state.stamp = stamp
            state.certificate = certificate ?? state.certificate
        }
    }

    private static func read(_ path: String, password: Secret?) throws(CertificateProblem) -> SigningCertificate {
        let bytes: [UInt8]
        do throws(FileProblem) {
            bytes = try Host.contents(ofFile: path, limit: CertificateLimits.fileSize)
        } catch {
            throw CertificateProblem(error.reason)
        }
        return SigningCertificate(try CertificateFile(bytes, password: password))
    }
}
#endif
