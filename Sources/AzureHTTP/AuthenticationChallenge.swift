// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// What a server or gateway asks for in `WWW-Authenticate` or `Proxy-Authenticate` (RFC 9110, section 11). Pure.
///
/// Reads several challenges in one field and in several, quoted and unquoted values, and what strays from the grammar as far as its meaning
/// is plain. Never fails: what can't be read is left out.
package struct AuthenticationChallenge: Sendable, Hashable {
    /// The longest field that is read, in bytes.
    package static let maximumLength = 32_768
    /// The most challenges that are read.
    package static let maximumCount = 32
    private static let maximumParameters = 64

    /// The scheme, such as `Bearer`, as it was sent.
    package let scheme: String
    /// The parameters by their names in lower case; of a name that comes twice, the first value.
    package private(set) var parameters: [String: String] = [:]
    /// What stands in place of parameters: `Negotiate <token>`.
    package private(set) var token: String?

    /// Whether this is a challenge of a scheme; case doesn't matter.
    package func isScheme(_ name: String) -> Bool { self.scheme.lowercased() == name.lowercased() }

    /// The challenges in the values of a header field, in order.
    package static func challenges(in values: [String]) -> [AuthenticationChallenge] {
        var challenges: [AuthenticationChallenge] = []
        for value in values where value.utf8.count <= Self.maximumLength {
            var reader = Reader(value)
            while challenges.count < Self.maximumCount, let challenge = reader.challenge(limit: Self.maximumParameters) {
                challenges.append(challenge)
            }
        }
        return challenges
    }

    /// Reads one field from its beginning to its end.
    private struct Reader {
        private let bytes: [UInt8]
        private var position = 0

        init(_ value: String) { self.bytes = Array(value.utf8) }

        /// The next challenge: a scheme, then a token, parameters or nothing.
        mutating func challenge(limit: Int) -> AuthenticationChallenge? {
            while self.position < self.bytes.count {
                self.skip { $0 == UInt8(ascii: ",") || Self.isBlank($0) }
                let name = self.word()
                guard !name.isEmpty else {
                    // Not the beginning of anything: on to the next part of the list.
                    self.skip { $0 != UInt8(ascii: ",") }
                    continue
                }
                if self.isParameter() {
                    // A parameter without a scheme.
                    _ = self.value()
                    continue
                }
                var challenge = AuthenticationChallenge(scheme: name)
                self.skip(Self.isBlank)
                if let token = self.token68() { challenge.token = token } else { self.parameters(of: &challenge, limit: limit) }
                return challenge
            }
            return nil
        }

        private mutating func parameters(of challenge: inout AuthenticationChallenge, limit: Int) {
            while self.position < self.bytes.count {
                let start = self.position
                self.skip { $0 == UInt8(ascii: ",") || Self.isBlank($0) }
                let name = self.word().lowercased()
                guard !name.isEmpty, self.isParameter() else {
                    // The next scheme begins here, or something that is neither.
                    self.position = start
                    return
                }
                let value = self.value()
                if let value, challenge.parameters[name] == nil, challenge.parameters.count < limit {
                    challenge.parameters[name] = value
                }
            }
        }

        /// Whether an equals sign follows, which is read then.
        private mutating func isParameter() -> Bool {
            let start = self.position
            self.skip(Self.isBlank)
            guard self.position < self.bytes.count, self.bytes[self.position] == UInt8(ascii: "=") else {
                self.position = start
                return false
            }
            self.position += 1
            self.skip(Self.isBlank)
            return true
        }

        /// A quoted string without its quotes, or whatever comes up to a comma or a blank; `nil` for quotes that don't end.
        private mutating func value() -> String? {
            guard self.position < self.bytes.count, self.bytes[self.position] == UInt8(ascii: "\"") else {
                return self.text { $0 != UInt8(ascii: ",") && !Self.isBlank($0) }
            }
            var text: [UInt8] = []
            self.position += 1
            while self.position < self.bytes.count {
                var byte = self.bytes[self.position]
                self.position += 1
                if byte == UInt8(ascii: "\"") { return String(decoding: text, as: UTF8.self) }
                if byte == UInt8(ascii: "\\"), self.position < self.bytes.count {
                    byte = self.bytes[self.position]
                    self.position += 1
                }
                text.append(byte)
            }
            return nil
        }

        /// A token in place of parameters: it reaches up to a comma or the end, with equals signs at its end alone.
        private mutating func token68() -> String? {
            let start = self.position
            var text = self.text { Self.isWordByte($0) || $0 == UInt8(ascii: "/") }
            text += self.text { $0 == UInt8(ascii: "=") }
            self.skip(Self.isBlank)
            let isEnd = self.position >= self.bytes.count || self.bytes[self.position] == UInt8(ascii: ",")
            if !text.isEmpty, isEnd { return text }
            self.position = start
            return nil
        }

        private mutating func word() -> String { self.text(Self.isWordByte) }

        private mutating func text(_ isPart: (UInt8) -> Bool) -> String {
            let start = self.position
            self.skip(isPart)
            return String(decoding: self.bytes[start..<self.position], as: UTF8.self)
        }

        private mutating func skip(_ isSkipped: (UInt8) -> Bool) {
            while self.position < self.bytes.count, isSkipped(self.bytes[self.position]) { self.position += 1 }
        }

        private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

        /// A byte of a token (RFC 9110, section 5.6.2).
        private static func isWordByte(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
            }
        }
    }
}
