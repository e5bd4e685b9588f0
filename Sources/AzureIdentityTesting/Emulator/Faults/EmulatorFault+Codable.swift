// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension EmulatorFault: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case kind, status, retryAfter, headers, body, bodyBase64, seconds, bytes, bytesPerSecond
    }

    private enum Name: String, Codable {
        case status, delay, reset, refusal, truncation, garbage, hugeBody, slowBody, endlessBody, clockOffset, response
    }

    /// Reads the JSON form, such as `{"kind": "delay", "seconds": 1.5}`; names it doesn't know are refused.
    ///
    /// The kinds are named as the factories. `delay` and `clockOffset` take `seconds`, `truncation` and `hugeBody` take `bytes`,
    /// `slowBody` takes `bytesPerSecond`, and a body may be given as `body` or `bodyBase64`.
    ///
    /// - Parameter decoder: The decoder.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        func required<Value>(_ value: Value?, _ key: CodingKeys) throws -> Value {
            if let value { return value }
            let context = DecodingError.Context(codingPath: container.codingPath, debugDescription: "")
            throw DecodingError.keyNotFound(key, context)
        }
        func status() throws -> Int {
            let status = try container.decode(Int.self, forKey: .status)
            guard (200...999).contains(status) else {
                throw DecodingError.dataCorruptedError(
                    forKey: .status, in: container, debugDescription: "A status is 200 to 999.")
            }
            return status
        }
        func seconds() throws -> Duration { try required(container.decodeSeconds(forKey: .seconds), .seconds) }
        func bytes() throws -> Int { try required(container.decodeCount(forKey: .bytes), .bytes) }
        func body() throws -> [UInt8]? {
            if let data = try container.decodeIfPresent(Data.self, forKey: .bodyBase64) { return Array(data) }
            return try container.decodeIfPresent(String.self, forKey: .body).map { Array($0.utf8) }
        }
        switch try container.decode(Name.self, forKey: .kind) {
        case .status:
            let retryAfter = try container.decodeIfPresent(String.self, forKey: .retryAfter)
            self.init(.status(try status(), retryAfter: retryAfter, body: try body()))
        case .delay: self = .delay(try seconds())
        case .reset: self = .reset
        case .refusal: self = .refusal
        case .truncation: self = .truncation(afterBytes: try bytes())
        case .garbage: self = .garbage
        case .hugeBody: self = .hugeBody(bytes: try bytes())
        case .slowBody:
            self = .slowBody(bytesPerSecond: try required(container.decodeCount(forKey: .bytesPerSecond), .bytesPerSecond))
        case .endlessBody: self = .endlessBody
        case .clockOffset: self = .clockOffset(try seconds())
        case .response:
            let headers = try container.decodeIfPresent([String: String].self, forKey: .headers) ?? [:]
            self = .response(status: try status(), headers: headers, body: try body() ?? [])
        }
    }

    /// Writes the JSON form.
    ///
    /// - Parameter encoder: The encoder.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        func encode(_ name: Name) throws { try container.encode(name, forKey: .kind) }
        func encodeBody(_ body: [UInt8]) throws {
            if let text = String(validating: body, as: UTF8.self) {
                try container.encode(text, forKey: .body)
            } else {
                try container.encode(Data(body), forKey: .bodyBase64)
            }
        }
        switch self.kind {
        case .status(let status, let retryAfter, let body):
            try encode(.status)
            try container.encode(status, forKey: .status)
            try container.encodeIfPresent(retryAfter, forKey: .retryAfter)
            if let body { try encodeBody(body) }
        case .delay(let duration):
            try encode(.delay)
            try container.encodeSeconds(duration, forKey: .seconds)
        case .reset: try encode(.reset)
        case .refusal: try encode(.refusal)
        case .truncation(let bytes):
            try encode(.truncation)
            try container.encode(bytes, forKey: .bytes)
        case .garbage: try encode(.garbage)
        case .hugeBody(let bytes):
            try encode(.hugeBody)
            try container.encode(bytes, forKey: .bytes)
        case .slowBody(let bytesPerSecond):
            try encode(.slowBody)
            try container.encode(bytesPerSecond, forKey: .bytesPerSecond)
        case .endlessBody: try encode(.endlessBody)
        case .clockOffset(let offset):
            try encode(.clockOffset)
            try container.encodeSeconds(offset, forKey: .seconds)
        case .response(let status, let headers, let body):
            try encode(.response)
            try container.encode(status, forKey: .status)
            if !headers.isEmpty { try container.encode(headers, forKey: .headers) }
            try encodeBody(body)
        }
    }
}
