// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

/// Makes what a tool has written fit to be shown: no token, no control characters, of bounded length. Pure.
enum OutputRedaction {
    private static let mark = "<redacted>"
    /// No more of a text is looked at.
    private static let readLimit = 32_768

    /// The text in one line, without tokens.
    ///
    /// Hidden are the given secrets; the values of members and options that are named like tokens, keys and passwords; what begins like a
    /// JWT; and long runs of letters and digits. Escapes of JSON are resolved first, so that none hides a token.
    ///
    /// - Parameters:
    ///   - text: What the tool has written.
    ///   - secrets: Tokens that are known.
    ///   - limit: The most characters to keep.
    static func shown(_ text: String, removing secrets: [String] = [], limit: Int = 1000) -> String {
        var cleaned = HostileText.sanitized(text, limit: Self.readLimit)
        let isCut = cleaned.last == "…"
        for _ in 0..<3 where cleaned.contains("\\") {
            cleaned = HostileText.sanitized(Self.unescaped(cleaned), limit: Self.readLimit)
        }
        cleaned = HostileText.sanitized(cleaned, removing: secrets, limit: Self.readLimit)
        var bytes = Self.withoutNamedSecrets(Array(cleaned.utf8))
        // The end may be the beginning of a token.
        if isCut, let blank = bytes.lastIndex(of: UInt8(ascii: " ")) { bytes.removeSubrange(blank...) }
        return HostileText.sanitized(String(decoding: Self.withoutRuns(bytes), as: UTF8.self), limit: limit)
    }

    private static func unescaped(_ text: String) -> String {
        var result: [UInt8] = []
        var bytes = Array(text.utf8)[...]
        while let byte = bytes.popFirst() {
            guard byte == UInt8(ascii: "\\"), let kind = bytes.first else {
                result.append(byte)
                continue
            }
            switch kind {
            case UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"): result.append(UInt8(ascii: " "))
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(kind)
            case UInt8(ascii: "u"):
                let digits = bytes.dropFirst().prefix(4)
                if digits.count == 4, let code = UInt32(String(decoding: digits, as: UTF8.self), radix: 16),
                    let scalar = Unicode.Scalar(code)
                {
                    result += Array(String(Character(scalar)).utf8)
                    bytes = bytes.dropFirst(4)
                }
            default:
                result.append(byte)
                continue
            }
            bytes = bytes.dropFirst()
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// Names that end so are followed by what must not be shown. In lower case, without hyphens and underscores.
    private static let secretNames = [
        "token", "secret", "password", "assertion", "authorization", "credential", "bearer", "accountkey",
        "accesskey", "apikey", "privatekey", "sig",
    ]

    /// Masks what follows a name and `:`, `=` or, for an authorization header, a blank: up to the closing quote, or the next blank.
    private static func withoutNamedSecrets(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var name: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if TenantID.isLetterOrDigit(byte) {
                name.append(byte | 0x20)
            } else if byte == UInt8(ascii: ":") || byte == UInt8(ascii: "="), Self.isSecret(name) {
                index = Self.copySeparator(bytes, from: index, to: &result)
                index = Self.skipValue(bytes, from: index, isSentence: result.suffix(2).elementsEqual(": ".utf8), to: &result)
                name = []
                continue
            } else if byte == UInt8(ascii: " "), ["bearer", "basic"].contains(where: { name == Array($0.utf8) }) {
                result.append(byte)
                index = Self.skipValue(bytes, from: index + 1, isSentence: false, to: &result)
                name = []
                continue
            } else if byte != UInt8(ascii: "_"), byte != UInt8(ascii: "-"), byte != UInt8(ascii: "\""), byte != UInt8(ascii: "'"),
                !(byte == UInt8(ascii: " ") && Self.isSeparator(bytes, after: index))
            {
                name = []
            }
            result.append(byte)
            index += 1
        }
        return result
    }

    private static func isSecret(_ name: [UInt8]) -> Bool {
        // The cmdlet's own name stands before its errors.
        guard !name.isEmpty, !name.suffix(16).elementsEqual("getazaccesstoken".utf8) else { return false }
        return Self.secretNames.contains { name.count >= $0.utf8.count && name.suffix($0.utf8.count).elementsEqual($0.utf8) }
    }

    /// Whether nothing but one more blank is between here and a colon or an equals sign.
    private static func isSeparator(_ bytes: [UInt8], after index: Int) -> Bool {
        guard index + 1 < bytes.count else { return false }
        return bytes[index + 1] == UInt8(ascii: ":") || bytes[index + 1] == UInt8(ascii: "=")
    }

    private static func copySeparator(_ bytes: [UInt8], from start: Int, to result: inout [UInt8]) -> Int {
        var index = start
        repeat {
            result.append(bytes[index])
            index += 1
        } while index < bytes.count && bytes[index] == UInt8(ascii: " ")
        return index
    }

    /// Masks one value. The next word of a sentence is none: "fetching token: failed to …".
    private static func skipValue(_ bytes: [UInt8], from start: Int, isSentence: Bool, to result: inout [UInt8]) -> Int {
        guard start < bytes.count else { return start }
        let quote = bytes[start]
        let isQuoted = quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'")
        let value = bytes[(isQuoted ? start + 1 : start)...]
        let end = value.firstIndex { isQuoted ? $0 == quote : Self.isValuesEnd($0) } ?? bytes.count
        if isSentence, !isQuoted, Self.isPlainWord(bytes[start..<end]) { return start }
        if isQuoted { result.append(quote) }
        result += Array(Self.mark.utf8)
        return end
    }

    private static func isValuesEnd(_ byte: UInt8) -> Bool { " ,;&}\"".utf8.contains(byte) }

    /// Short and of small letters, as a word of a sentence is; an OAuth error in parentheses, a code such as AADSTS700082, or `Bearer`.
    private static func isPlainWord(_ word: ArraySlice<UInt8>) -> Bool {
        guard word.count <= 24 else { return false }
        if word.starts(with: "AADSTS".utf8) || word.elementsEqual("Bearer".utf8) { return true }
        let isError = word.first == UInt8(ascii: "(") && word.last == UInt8(ascii: ")")
        return word.allSatisfy { (0x61...0x7A).contains($0) || ".'():".utf8.contains($0) || (isError && $0 == UInt8(ascii: "_")) }
    }

    /// Masks JWTs from their `eyJ` on, with the dots, and runs that are long enough to be a token and no word.
    private static func withoutRuns(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        var wasMasked = false
        while index < bytes.count {
            guard Self.isInRun(bytes[index]) else {
                // A token that was broken into lines goes on after the blank.
                if bytes[index] != UInt8(ascii: " ") { wasMasked = false }
                result.append(bytes[index])
                index += 1
                continue
            }
            let end = bytes[index...].firstIndex { !Self.isInRun($0) } ?? bytes.count
            let masked = Self.masked(bytes[index..<end], afterToken: wasMasked)
            wasMasked = masked != nil
            result += masked ?? Array(bytes[index..<end])
            index = end
        }
        return result
    }

    private static func isInRun(_ byte: UInt8) -> Bool {
        TenantID.isLetterOrDigit(byte) || "-_.+/=~*!$%".utf8.contains(byte)
    }

    /// What to show in place of a run; `nil`: the run itself.
    private static func masked(_ run: ArraySlice<UInt8>, afterToken: Bool) -> [UInt8]? {
        if run.count >= 12, let start = run.firstRange(of: "eyJ".utf8)?.lowerBound {
            return Array(run[..<start]) + Array(Self.mark.utf8)
        }
        let isMixed = run.contains { (0x30...0x39).contains($0) } && run.contains { (0x41...0x5A).contains($0) }
        if afterToken, isMixed, run.count >= 8 { return Array(Self.mark.utf8) }
        // Words of paths, addresses and versions are shorter than tokens are between their dots.
        let isLong = run.split { "./".utf8.contains($0) }.contains { $0.count >= 40 && Self.isNoWord($0) }
        return isLong || run.count >= 200 ? Array(Self.mark.utf8) : nil
    }

    private static func isNoWord(_ part: ArraySlice<UInt8>) -> Bool {
        part.contains { (0x30...0x39).contains($0) }
            || (part.contains { (0x41...0x5A).contains($0) } && part.contains { (0x61...0x7A).contains($0) })
    }
}
