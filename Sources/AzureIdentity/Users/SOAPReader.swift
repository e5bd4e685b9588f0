// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// Reads XML as SOAP allows it (SOAP 1.2, section 5): no document type, and so no entities but the five of XML itself. Strict, and bounded in
/// depth, elements and attributes; what is no well-formed document in UTF-8 is a ``Problem``. Pure.
struct SOAPReader {
    static let maximumDepth = 64
    static let maximumElements = 50_000
    static let maximumAttributes = 64

    /// Why a document can't be read.
    struct Problem: Error, Equatable {
        let message: String
    }

    /// The prefixes that a start tag declares; an inner one hides an outer one.
    private typealias Prefixes = [String: String]

    /// An element whose end tag hasn't come.
    private struct Open {
        var element: SOAPElement
        /// As it is written, which the end tag repeats.
        let qualifiedName: String
        let prefixes: Prefixes
    }

    private var scanner: SOAPScanner
    private var open: [Open] = []
    private var root: SOAPElement?
    private var count = 0

    /// The root of a document.
    static func root(of bytes: [UInt8]) throws(Problem) -> SOAPElement {
        guard String(validating: bytes, as: UTF8.self) != nil else { throw Problem(message: "it is not in UTF-8") }
        let hasControl = bytes.contains { $0 < 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
        guard !hasControl else { throw Problem(message: "it has control characters") }
        var reader = SOAPReader(scanner: SOAPScanner(bytes))
        return try reader.read()
    }

    private init(scanner: SOAPScanner) { self.scanner = scanner }

    private mutating func read() throws(Problem) -> SOAPElement {
        self.scanner.skipMark()
        if self.scanner.skip("<?xml"), self.scanner.isAtBlank { try self.skipBehind("?>") }
        while !self.scanner.isAtEnd {
            if self.scanner.skip("<![CDATA[") {
                try self.data()
            } else if self.scanner.skip("<!--") {
                try self.skipBehind("--")
                guard self.scanner.skip(">") else { throw Problem(message: "a comment holds --") }
            } else if self.scanner.skip("<!") {
                throw Problem(message: "it has a document type, which is not read")
            } else if self.scanner.skip("<?") {
                try self.skipBehind("?>")
            } else if self.scanner.skip("</") {
                try self.endTag()
            } else if self.scanner.next == UInt8(ascii: "<") {
                try self.startTag()
            } else {
                try self.characters()
            }
        }
        guard let root = self.root, self.open.isEmpty else { throw Problem(message: "it ends in the middle") }
        return root
    }

    private mutating func skipBehind(_ mark: String) throws(Problem) {
        guard self.scanner.read(upTo: mark) != nil else { throw Problem(message: "it ends in the middle") }
        _ = self.scanner.skip(mark)
    }

    private mutating func data() throws(Problem) {
        guard !self.open.isEmpty, let range = self.scanner.read(upTo: "]]>") else {
            throw Problem(message: "it ends in the middle, or has text outside of its root")
        }
        self.open[self.open.count - 1].element.text += self.scanner.text(range)
        _ = self.scanner.skip("]]>")
    }

    private mutating func characters() throws(Problem) {
        let range = self.scanner.read { $0 != UInt8(ascii: "<") }
        guard !self.open.isEmpty else {
            guard self.scanner.isBlank(range) else { throw Problem(message: "it has text outside of its root") }
            return
        }
        self.open[self.open.count - 1].element.text += try self.scanner.resolved(range)
    }

    private mutating func startTag() throws(Problem) {
        let start = self.scanner.position
        _ = self.scanner.skip("<")
        self.count += 1
        guard self.open.count < Self.maximumDepth, self.count <= Self.maximumElements else {
            throw Problem(message: "it has too many elements")
        }
        guard self.root == nil else { throw Problem(message: "it has several roots") }
        guard let name = self.scanner.name() else { throw Problem(message: "a tag has no name") }
        let written = try self.attributes()
        var prefixes = self.open.last?.prefixes ?? ["xml": "http://www.w3.org/XML/1998/namespace"]
        for (name, value) in written {
            if name == "xmlns" { prefixes[""] = value }
            if name.hasPrefix("xmlns:") { prefixes[String(name.dropFirst(6))] = value }
        }
        var attributes: [SOAPElement.Name: String] = [:]
        for (name, value) in written where name != "xmlns" && !name.hasPrefix("xmlns:") {
            let resolved = try Self.resolved(name, prefixes: prefixes, isAttribute: true)
            guard attributes.updateValue(value, forKey: resolved) == nil else {
                throw Problem(message: "an attribute is there twice")
            }
        }
        let isEmpty = self.scanner.skip("/")
        guard self.scanner.skip(">") else { throw Problem(message: "a tag isn't closed") }
        let element = SOAPElement(
            name: try Self.resolved(name, prefixes: prefixes, isAttribute: false),
            attributes: attributes,
            range: start..<self.scanner.position
        )
        self.open.append(Open(element: element, qualifiedName: name, prefixes: prefixes))
        if isEmpty { self.close() }
    }

    private mutating func attributes() throws(Problem) -> [(name: String, value: String)] {
        var attributes: [(name: String, value: String)] = []
        while true {
            let hasBlank = self.scanner.isAtBlank
            self.scanner.skipBlanks()
            guard let next = self.scanner.next, next != UInt8(ascii: ">"), next != UInt8(ascii: "/") else { return attributes }
            guard hasBlank, attributes.count < Self.maximumAttributes, let name = self.scanner.name() else {
                throw Problem(message: "a tag isn't well-formed, or has too many attributes")
            }
            guard !attributes.contains(where: { $0.name == name }) else { throw Problem(message: "an attribute is there twice") }
            self.scanner.skipBlanks()
            guard self.scanner.skip("=") else { throw Problem(message: "an attribute has no value") }
            self.scanner.skipBlanks()
            guard let quote = self.scanner.next, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
                throw Problem(message: "an attribute has no value in quotes")
            }
            self.scanner.advance()
            let range = self.scanner.read { $0 != quote && $0 != UInt8(ascii: "<") }
            guard self.scanner.next == quote else { throw Problem(message: "an attribute isn't closed") }
            attributes.append((name, try self.scanner.resolved(range)))
            self.scanner.advance()
        }
    }

    private mutating func endTag() throws(Problem) {
        guard let name = self.scanner.name(), name == self.open.last?.qualifiedName else {
            throw Problem(message: "an end tag isn't that of the open element")
        }
        self.scanner.skipBlanks()
        guard self.scanner.skip(">") else { throw Problem(message: "a tag isn't closed") }
        self.close()
    }

    private mutating func close() {
        guard var element = self.open.popLast()?.element else { return }
        element.range = element.range.lowerBound..<self.scanner.position
        if self.open.isEmpty {
            self.root = element
        } else {
            self.open[self.open.count - 1].element.children.append(element)
        }
    }

    private static func resolved(_ name: String, prefixes: Prefixes, isAttribute: Bool) throws(Problem) -> SOAPElement.Name {
        let parts = name.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty }) else { throw Problem(message: "a name has too many colons") }
        guard parts.count == 2 else {
            // The default namespace isn't that of attributes.
            return SOAPElement.Name(namespace: isAttribute ? "" : prefixes[""] ?? "", local: name)
        }
        guard let namespace = prefixes[String(parts[0])], !namespace.isEmpty else {
            throw Problem(message: "a prefix isn't declared")
        }
        return SOAPElement.Name(namespace: namespace, local: String(parts[1]))
    }
}
