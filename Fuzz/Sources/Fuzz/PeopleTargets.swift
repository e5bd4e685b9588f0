// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

@testable import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// XML of federation services: their metadata, or an answer.
enum SOAPTarget {
    static func run(_ bytes: [UInt8]) {
        Self.checkEscapes(String(decoding: bytes, as: UTF8.self))
        guard let root = try? SOAPReader.root(of: bytes) else { return }
        Self.check(root, in: bytes, depth: 1)
        if let again = try? SOAPReader.root(of: bytes), again != root { Violation.report("a document is read in two ways") }
        if let endpoint = WSTrustEndpoint.found(in: root), endpoint.url.scheme?.lowercased() != "https" {
            Violation.report("a password would go to \(endpoint.url)")
        }
        for version in WSTrustVersion.allCases {
            guard let answer = try? WSTrustAnswer(bytes, version: version) else { continue }
            if answer.assertion.isEmpty || bytes.firstRange(of: answer.assertion) == nil {
                Violation.report("an assertion that isn't in the answer")
            }
        }
    }

    /// An element begins and ends with its tags, and holds its children in order.
    private static func check(_ element: SOAPElement, in bytes: [UInt8], depth: Int) {
        let range = element.range
        guard range.lowerBound >= 0, range.upperBound <= bytes.count, range.count >= 4, depth <= SOAPReader.maximumDepth,
            bytes[range.lowerBound] == UInt8(ascii: "<"), bytes[range.upperBound - 1] == UInt8(ascii: ">")
        else { Violation.report("an element at \(range), depth \(depth)") }
        var end = range.lowerBound + 1
        for child in element.children {
            guard child.range.lowerBound >= end, child.range.upperBound < range.upperBound else {
                Violation.report("a child at \(child.range) in \(range)")
            }
            end = child.range.upperBound
            Self.check(child, in: bytes, depth: depth + 1)
        }
    }

    /// What is escaped is read as the same, in text and in attributes; nothing of it is a tag.
    private static func checkEscapes(_ text: String) {
        let document = "<a b=\"\(SOAPElement.escaped(text))\">\(SOAPElement.escaped(text))</a>"
        guard let root = try? SOAPReader.root(of: Array(document.utf8)) else {
            // Characters that no XML can hold are refused before they get so far.
            guard text.unicodeScalars.contains(where: { $0.value < 0x20 }) else {
                Violation.report("\(text.debugDescription) is escaped as no XML")
            }
            return
        }
        // Line breaks are read as one newline each. Compares bytes: for `String`, both characters of one are one letter.
        let expected = Array(text.utf8).replacing([0x0D, 0x0A], with: [0x0A]).map { $0 == 0x0D ? 0x0A : $0 }
        guard root.children.isEmpty, Array(root.text.utf8) == expected, Array((root.attribute("b") ?? "").utf8) == expected
        else { Violation.report("\(text.debugDescription) is read as \(root.text.debugDescription)") }
    }
}

/// What the service says when a device asks for a code: JSON, then lines with what it answers to the questions for the token.
enum DeviceCodeTarget {
    static func run(_ bytes: [UInt8]) {
        let end = bytes.firstIndex(of: UInt8(ascii: "\n")) ?? bytes.endIndex
        let body = Array(bytes[..<end])
        if let realm = try? UserRealm(body) { Self.check(realm) }
        guard case .object(var members)? = try? JSONDecoder().decode(JSONValue.self, from: ServiceText.json(body)) else { return }
        for code in [members["device_code"], .string(Promises.secret)] {
            members["device_code"] = code
            guard let answer = try? DeviceCodeAnswer(members, date: Date(timeIntervalSince1970: 0)) else { continue }
            Self.check(answer)
            Self.check(answer, words: lines(of: Array(bytes[end...])))
        }
    }

    private static func check(_ answer: DeviceCodeAnswer) {
        let prompt = answer.prompt
        for text in [prompt.userCode, prompt.verificationURL, prompt.message] where text.isEmpty || text.contains("\n") {
            Violation.report("a person is told \(text.debugDescription)")
        }
        if !prompt.message.contains(prompt.userCode) { Violation.report("the message says nothing of the code") }
        if !prompt.verificationURL.lowercased().hasPrefix("http") { Violation.report("the page is \(prompt.verificationURL)") }
        if !DeviceCodeAnswer.intervals.contains(answer.interval) || !DeviceCodeAnswer.lifetimes.contains(answer.lifetime) {
            Violation.report("asks every \(answer.interval) for \(answer.lifetime)")
        }
        // The code itself is the service's to choose; only the other texts are cleaned of the device's own.
        if Promises.mayShowSecret(Array((prompt.userCode + prompt.verificationURL).utf8)) { return }
        for text in [prompt.userCode, prompt.verificationURL, prompt.message, String(reflecting: answer)] {
            Promises.checkLine(text, "the prompt")
        }
    }

    /// However the service answers, the questions are no faster than it wants, and end.
    private static func check(_ answer: DeviceCodeAnswer, words: [String]) {
        var now = MonotonicTime(nanoseconds: 0)
        let expiry = now + answer.lifetime
        var schedule = DeviceCodeSchedule(interval: answer.interval, expiry: expiry, limit: nil)
        var count = 0
        while case .ask(let delay) = schedule.next(now: now) {
            now = now + delay
            count += 1
            if delay < answer.interval || now > expiry || count > 3600 { Violation.report("asks after \(delay), at \(now)") }
            var error = AuthenticationError(.authenticationFailed, credential: "X", message: "")
            let word = words.isEmpty ? "" : words[count % words.count]
            error.serviceError = .init(error: word, message: "")
            error.isRetryable = word.isEmpty
            guard schedule.note(error) == .pending else { return }
        }
    }

    private static func check(_ realm: UserRealm) {
        let url: URL
        switch realm.account {
        case .managed: return
        case .federated(let metadata): url = metadata
        case .federatedWithoutMetadata(let endpoint): url = endpoint.url
        }
        if url.scheme?.lowercased() != "https" || url.user() != nil { Violation.report("a password would go to \(url)") }
    }
}
