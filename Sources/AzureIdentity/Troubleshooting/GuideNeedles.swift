// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

/// Everything that is looked for in a text, found in one pass over its bytes. Pure.
struct GuideNeedles: Sendable {
    enum Kind: Sendable {
        case phrase(GuidePhrase)
        /// The name of a credential: this library's, and how the application proves who it is.
        case credential(String, GuideFacts.Proof?)
        /// What comes before a code of Microsoft Entra ID, or before several.
        case code
        /// What comes before a row's two digits, and the byte that has to follow those.
        case row(end: Set<UInt8>)
        /// What comes before the cause that an error itself takes for the likeliest, and within how many bytes that has to follow.
        case cause(within: Int)
    }

    struct Hit: Sendable {
        let position: Int
        let end: Int
        let kind: Kind
    }

    private struct Needle: Sendable {
        let bytes: [UInt8]
        let kind: Kind
    }

    static let shared = GuideNeedles()

    /// The needles by their first byte.
    private let table: [[Needle]]

    private init() {
        var table = [[Needle]](repeating: [], count: 256)
        func add(_ text: String, _ kind: Kind) {
            let bytes = Array(text.utf8)
            if let first = bytes.first { table[Int(first)].append(Needle(bytes: bytes, kind: kind)) }
        }
        for phrase in GuidePhrase.all { add(phrase.words, .phrase(phrase)) }
        for (name, own, proof) in Self.credentials { add(name, .credential(own, proof)) }
        for text in [
            "aadsts", "'error_codes':[", "'error_codes': [", "'aadsts':[", "error?code=", "_client: ", "invalid_grant: ",
        ] {
            add(text, .code)
        }
        add("remedy (g", .row(end: [UInt8(ascii: ")")]))
        add(" (g", .row(end: [UInt8(ascii: ":")]))
        for text in ["'guide':'g", "'guide': 'g", "'guide' : 'g"] { add(text, .row(end: [UInt8(ascii: "'")])) }
        add("likeliest cause: ", .cause(within: 260))
        for text in ["'remedy':{", "'remedy': {", "'remedy' : {"] { add(text, .cause(within: 8000)) }
        self.table = table
    }

    /// Names that credentials have in the libraries, in lower case, and here.
    private static let credentials: [(String, String, GuideFacts.Proof?)] = [
        ("defaultazurecredential", "DefaultAzureCredential", nil), ("chainedtokencredential", "ChainedTokenCredential", nil),
        ("environmentcredential", "EnvironmentCredential", nil),
        ("workloadidentitycredential", "WorkloadIdentityCredential", .workloadIdentity),
        ("managedidentitycredential", "ManagedIdentityCredential", nil), ("azureclicredential", "AzureCLICredential", nil),
        ("azuredeveloperclicredential", "AzureDeveloperCLICredential", nil),
        ("azurepowershellcredential", "AzurePowerShellCredential", nil),
        ("visualstudiocodecredential", "VisualStudioCodeCredential", nil),
        ("azurepipelinescredential", "AzurePipelinesCredential", .pipelines),
        ("githubactionscredential", "GitHubActionsCredential", .assertion),
        ("clientsecretcredential", "ClientSecretCredential", .secret),
        ("clientcertificatecredential", "ClientCertificateCredential", .certificate),
        ("certificatecredential", "ClientCertificateCredential", .certificate),
        ("clientassertioncredential", "ClientAssertionCredential", .assertion),
        ("onbehalfofcredential", "OnBehalfOfCredential", nil),
        ("usernamepasswordcredential", "UsernamePasswordCredential", .password),
        ("interactivebrowsercredential", "InteractiveBrowserCredential", .person),
        ("devicecodecredential", "DeviceCodeCredential", .person),
        ("authorizationcodecredential", "AuthorizationCodeCredential", nil),
        ("sharedtokencachecredential", "SharedTokenCacheCredential", .person),
        ("interactivebrowserbrokercredential", "BrokerCredential", .person), ("brokercredential", "BrokerCredential", .person),
        ("azidcredential", "AzidCredential", .person),
    ]

    /// What is in a text, in its order.
    ///
    /// - Parameter text: The text, as ``normalized(_:)`` makes it.
    func hits(in text: [UInt8]) -> [Hit] {
        var hits: [Hit] = []
        for position in text.indices {
            for needle in self.table[Int(text[position])] where Self.matches(needle.bytes, in: text, at: position) {
                let end = position + needle.bytes.count
                if case .credential = needle.kind, !Self.isWord(text, position, end) { continue }
                hits.append(Hit(position: position, end: end, kind: needle.kind))
            }
        }
        return hits
    }

    private static func matches(_ needle: [UInt8], in text: [UInt8], at position: Int) -> Bool {
        guard position + needle.count <= text.count else { return false }
        for offset in needle.indices where text[position + offset] != needle[offset] { return false }
        return true
    }

    private static func isWord(_ text: [UInt8], _ start: Int, _ end: Int) -> Bool {
        (start == 0 || !Self.isLetter(text[start - 1])) && (end == text.count || !Self.isLetter(text[end]))
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }

    /// The numbers of five to eight digits that begin at a position, with commas between them.
    static func codes(in text: [UInt8], at position: Int) -> [Int] {
        var codes: [Int] = []
        var index = position
        while codes.count < 20 {
            while index < text.count, text[index] == UInt8(ascii: " ") || text[index] == UInt8(ascii: ",") { index += 1 }
            let digits = text[index..<min(index + 9, text.count)].prefix(while: { (0x30...0x39).contains($0) })
            guard (5...8).contains(digits.count) else { return codes }
            codes.append(digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) })
            index = digits.endIndex
            guard index < text.count, text[index] == UInt8(ascii: ",") else { return codes }
        }
        return codes
    }
}

extension GuideNeedles {
    /// A text from outside in one line and one way of writing, at most ``TroubleshootingGuide/explainedLength`` bytes of it: lower case, one blank for
    /// several, `'` for all quotes, `not` for `n't`, and the escapes of JSON resolved.
    static func normalized(_ text: String) -> [UInt8] {
        let half = TroubleshootingGuide.explainedLength / 2
        var bytes = Array(text.utf8.prefix(2 * half))
        // Of a longer text, its beginning and its end: the last error of a log stands there.
        if text.utf8.count > bytes.count {
            // Half a code would be another code.
            let end = text.utf8.suffix(half - 1)
            let lost = bytes.prefix(half).reversed().prefix(Self.cutLength).prefix(while: Self.isOfWord).count
            let skipped = end.prefix(Self.cutLength).prefix(while: Self.isOfWord).count
            bytes.removeLast(half + lost)
            bytes.append(UInt8(ascii: " "))
            bytes.append(contentsOf: end.dropFirst(skipped))
        }
        let unescaped = Self.unescaped(bytes)
        let line = HostileText.sanitized(String(decoding: unescaped, as: UTF8.self), limit: TroubleshootingGuide.explainedLength)
        var result: [UInt8] = []
        var rest = Array(line.utf8)[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): result.append(byte | 0x20)
            case UInt8(ascii: "\""), UInt8(ascii: "`"): result.append(UInt8(ascii: "'"))
            // The quotes of typography, U+2018 to U+201F.
            case 0xE2 where rest.first == 0x80 && rest.dropFirst().first.map { (0x98...0x9F).contains($0) } == true:
                rest = rest.dropFirst(2)
                result.append(UInt8(ascii: "'"))
            default: result.append(byte)
            }
            if result.last == UInt8(ascii: "t"), result.count > 3, result.suffix(3).elementsEqual("n't".utf8) {
                result.replaceSubrange((result.count - 3)..., with: " not".utf8)
            }
        }
        return result
    }

    /// The longest part of a word that is left out where a text is cut, in bytes; no code is longer.
    private static let cutLength = 64

    /// Whether a byte is part of a word, or of a character outside of ASCII.
    private static func isOfWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        default: Self.isLetter(byte) || byte >= 0x80
        }
    }

    /// Without the backslashes of JSON: `\n` is a blank, `\"` a quote, `\u0027` an apostrophe. Others stay.
    private static func unescaped(_ text: [UInt8]) -> [UInt8] {
        guard text.contains(UInt8(ascii: "\\")) else { return text }
        var result: [UInt8] = []
        var rest = text[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\"), let next = rest.first else {
                result.append(byte)
                continue
            }
            switch next {
            case UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"): result.append(UInt8(ascii: " "))
            case UInt8(ascii: "\""), UInt8(ascii: "/"), UInt8(ascii: "'"), UInt8(ascii: "\\"): result.append(next)
            case UInt8(ascii: "u") where rest.dropFirst().starts(with: "0027".utf8) || rest.dropFirst().starts(with: "0022".utf8):
                result.append(UInt8(ascii: "'"))
                rest = rest.dropFirst(4)
            default:
                result.append(byte)
                continue
            }
            rest = rest.dropFirst()
        }
        return result
    }
}
