// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// Makes text from outside fit to be shown: error descriptions, tool output, responses, variables.
///
/// The one place for it. Pure.
package enum HostileText {
    /// The longest text that is kept by default, in characters.
    package static let defaultLimit = 2000

    /// Returns the text in one line, without control characters, terminal sequences and direction overrides, at most `limit` scalars long.
    ///
    /// Reads no more of a long text than it keeps.
    ///
    /// - Parameters:
    ///   - text: The text from outside.
    ///   - limit: The most scalars to keep; what is cut off is shown by an ellipsis.
    /// - Returns: Text that is safe to print.
    package static func sanitized(_ text: some StringProtocol, limit: Int = defaultLimit) -> String {
        let (cleaned, isCut) = Self.cleaned(text, limit: limit)
        return isCut ? cleaned + "…" : cleaned
    }

    /// The text as it may be shown, without an ellipsis, and whether something was cut off.
    private static func cleaned(_ text: some StringProtocol, limit: Int) -> (text: String, isCut: Bool) {
        var result = String.UnicodeScalarView()
        var count = 0
        var pendingSpace = false
        var scalars = text.unicodeScalars.makeIterator()
        while let scalar = scalars.next() {
            // Printable ASCII, which most text is, needs no look at the tables of Unicode.
            let isPlain = scalar.value > 0x20 && scalar.value < 0x7F
            if isPlain, !pendingSpace, count < limit {
                result.append(scalar)
                count += 1
                continue
            }
            if scalar == "\u{1B}" || scalar == "\u{9B}" {
                Self.skipTerminalSequence(&scalars, isIntroduced: scalar == "\u{9B}")
                continue
            }
            if !isPlain, Self.isBlank(scalar) {
                pendingSpace = count > 0
                continue
            }
            if !isPlain, Self.isDropped(scalar) { continue }
            if count + (pendingSpace ? 2 : 1) > limit { return (String(result), true) }
            if pendingSpace {
                result.append(" ")
                count += 1
                pendingSpace = false
            }
            result.append(scalar)
            count += 1
        }
        return (String(result), false)
    }

    /// Returns the text in one line, cleaned as by ``sanitized(_:limit:)``, without the given secrets.
    ///
    /// Cleans first, so that no invisible character hides a secret from the search; compares bytes, so that no combining mark does; and
    /// shortens last, so that no half of a secret is left over.
    ///
    /// - Parameters:
    ///   - text: Text that may hold a secret, because whoever wrote it was sent one.
    ///   - secrets: What must not be shown. Values shorter than 4 bytes are left alone: they would blank ordinary words.
    ///   - limit: The most scalars to keep.
    /// - Returns: Text that is safe to print, with `<redacted>` in place of the secrets.
    package static func sanitized(_ text: some StringProtocol, removing secrets: [String], limit: Int = defaultLimit) -> String {
        let hidden = Set(secrets.flatMap { [$0, Self.sanitized($0, limit: .max - 2)] }).filter { $0.utf8.count >= 4 }
            .sorted { $0.utf8.count > $1.utf8.count }
        guard let longest = hidden.first?.unicodeScalars.count else { return Self.sanitized(text, limit: limit) }
        let (cleaned, isCut) = Self.cleaned(text, limit: 4 * limit + longest)
        let mark = Array("<redacted>".utf8)
        let bytes = hidden.reduce(Array(cleaned.utf8)) { $0.replacing(Array($1.utf8), with: mark) }
        let ellipsis = Array("…".utf8)
        guard isCut || bytes.suffix(ellipsis.count).elementsEqual(ellipsis) else {
            return Self.sanitized(String(decoding: bytes, as: UTF8.self), limit: limit)
        }
        // Where the text was cut, here or before, its end may be the beginning of a secret. No more than that is left out: how much of the
        // text were gone would tell how long the secret is.
        let text = isCut ? bytes[...] : bytes.dropLast(ellipsis.count)
        let overlap = hidden.map { Self.overlap(text, Array($0.utf8)) }.max() ?? 0
        return Self.sanitized(String(decoding: text.dropLast(overlap), as: UTF8.self) + "…", limit: limit)
    }

    /// How many bytes at the end of a text are the beginning of a secret; fewer than 3 tell nothing.
    private static func overlap(_ text: ArraySlice<UInt8>, _ secret: [UInt8]) -> Int {
        let most = min(text.count, secret.count - 1)
        guard most >= 3 else { return 0 }
        return stride(from: most, through: 3, by: -1).first { text.suffix($0).elementsEqual(secret.prefix($0)) } ?? 0
    }

    /// Returns the text without the blanks and line breaks around it.
    package static func trimmed(_ text: some StringProtocol) -> String {
        let start = text.drop { $0.isWhitespace }
        guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...end])
    }

    /// Skips what follows an escape: parameters up to a final byte, bounded so that a lone escape can't swallow a text.
    private static func skipTerminalSequence(_ scalars: inout some IteratorProtocol<Unicode.Scalar>, isIntroduced: Bool) {
        var endsWithBell = false
        if !isIntroduced {
            guard let next = scalars.next(), next == "[" || next == "]" || next == "P" else { return }
            endsWithBell = next != "["
        }
        for _ in 0..<64 {
            guard let scalar = scalars.next() else { return }
            if scalar.value == 0x07 || scalar.value == 0x9C { return }
            if !endsWithBell, (0x40...0x7E).contains(scalar.value) { return }
        }
    }

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09...0x0D, 0x20, 0x85, 0xA0, 0x2028, 0x2029: true
        default: false
        }
    }

    private static func isDropped(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.properties.isDefaultIgnorableCodePoint { return true }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: return true
        default: return false
        }
    }
}
