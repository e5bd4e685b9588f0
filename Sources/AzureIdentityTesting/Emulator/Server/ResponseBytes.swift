// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureHTTP
import NIOHTTP1

/// The bytes of an HTTP/1.1 response. Written by hand, since faults need more freedom than an encoder gives.
enum ResponseBytes {
    /// How the client knows where the body ends.
    enum Framing {
        case length(Int)
        case chunked
    }

    /// The status line and the headers. Headers that frame the body replace those of the response.
    static func head(_ response: EmulatorResponse, framing: Framing, isKeptAlive: Bool) -> [UInt8] {
        let reason = HTTPResponseStatus(statusCode: response.status).reasonPhrase
        var lines = ["HTTP/1.1 \(response.status) \(reason)"]
        for field in response.headers.fields {
            if ["content-length", "transfer-encoding", "connection"].contains(field.name.lowercased()) { continue }
            lines.append("\(field.name): \(field.value)")
        }
        switch framing {
        case .length(let length):
            if Self.mayHaveBody(status: response.status) { lines.append("Content-Length: \(length)") }
        case .chunked: lines.append("Transfer-Encoding: chunked")
        }
        if !isKeptAlive { lines.append("Connection: close") }
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    }

    /// A response with its body.
    static func whole(_ response: EmulatorResponse, isHead: Bool, isKeptAlive: Bool) -> [UInt8] {
        let head = Self.head(response, framing: .length(response.body.count), isKeptAlive: isKeptAlive)
        return isHead || !Self.mayHaveBody(status: response.status) ? head : head + response.body
    }

    /// A chunk of a body; an empty one ends it.
    static func chunk(_ bytes: [UInt8]) -> [UInt8] {
        Array("\(String(bytes.count, radix: 16))\r\n".utf8) + bytes + Array("\r\n".utf8)
    }

    /// Bytes that no client takes for HTTP.
    static let garbage: [UInt8] = [0x00, 0xFF, 0x80, 0x0D, 0x07, 0x1B, 0x5B, 0x32, 0x4A] + Array("\r\nnot HTTP\r\n\r\n".utf8)

    private static func mayHaveBody(status: Int) -> Bool { status >= 200 && status != 204 && status != 304 }
}
#endif
