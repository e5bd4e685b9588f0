// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

public import AzureHTTP

#if canImport(FoundationEssentials)
public import struct FoundationEssentials.Date
#else
public import struct Foundation.Date
#endif

/// A request the emulator received.
///
/// It holds what the client sent, secrets included; its ``description`` and dumps show neither headers nor body.
public struct RecordedRequest: Sendable {
    /// The method.
    public var method: String
    /// What it came in through.
    public var listener: EmulatorListener
    /// The host the client meant, with the port if it is not the usual one.
    public var host: String
    /// The path, as it was sent.
    public var path: String
    /// The decoded query; of duplicates the first.
    public var query: [String: String]
    /// The headers.
    public var headers: TransportHeaders
    /// The body.
    public var body: [UInt8]
    /// The decoded parameters of a form; of duplicates the first. Empty if the body is no form.
    public var form: [String: String] { FormBody(self.body)?.values ?? [:] }
    /// When it came, by the emulator's clock without its offset.
    public var date: Date

    init(_ request: EmulatorRequest, date: Date) {
        self.method = request.method
        self.listener = request.listener
        self.host = request.host
        self.path = request.path
        self.query = FormBody(request.query.utf8)?.values ?? [:]
        self.headers = request.headers
        self.body = request.body
        self.date = date
    }
}

extension RecordedRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The method, the path and the length of the body.
    public var description: String { "\(self.method) \(self.path) (\(self.body.count) bytes)" }

    /// The same as ``description``.
    public var debugDescription: String { self.description }

    /// Shows the method, the host, the path and the date.
    public var customMirror: Mirror {
        Mirror(
            self,
            children: ["method": self.method, "host": self.host, "path": self.path, "date": self.date]
                as KeyValuePairs<String, Any>,
            displayStyle: .struct,
            ancestorRepresentation: .suppressed
        )
    }
}
