// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureIdentity

/// A handle of the library, and the one release of it: when nobody has this any more.
final class MSALRuntimeHandle: Sendable {
    typealias Address = MSALRuntimeFunctions.Address

    /// Never zero.
    private let number: Int
    private let functions: MSALRuntimeFunctions
    private let release: MSALRuntimeFunctions.Act

    /// - Parameter release: The function for this kind of handle.
    init(_ address: Address, _ functions: MSALRuntimeFunctions, release: @escaping MSALRuntimeFunctions.Act) {
        self.number = Int(bitPattern: address)
        self.functions = functions
        self.release = release
    }

    /// Does something with the handle, which isn't released meanwhile.
    func use<Result>(_ body: (Address) throws(BrokerFailure) -> Result) throws(BrokerFailure) -> Result {
        // So that the last use of this object isn't before that of its handle.
        defer { withExtendedLifetime(self) {} }
        guard let address = Address(bitPattern: self.number) else { throw BrokerFailure(.protocolError) }
        return try body(address)
    }

    deinit {
        if let address = Address(bitPattern: self.number) { self.functions.discard(self.release(address)) }
    }
}

extension MSALRuntimeFunctions {
    /// The longest text that is read, in characters, with the zero behind it.
    static let textLimit = 1 << 20
    /// The status of a buffer that is too small, which is also the answer to the question for a text's size.
    private static let insufficientBuffer: Int32 = 10

    /// Releases an error that nobody wants to read.
    func discard(_ error: Address?) {
        if let error { _ = self.errors.release(error) }
    }

    /// Throws what an error says, and releases it.
    func check(_ error: Address?) throws(BrokerFailure) {
        if let error { throw self.failure(error) }
    }

    /// What an error says. Releases it.
    func failure(_ error: Address) -> BrokerFailure {
        defer { self.discard(error) }
        var status: Int32 = 0
        var code: Int64 = 0
        var tag: Int32 = 0
        self.discard(self.errors.status(error, &status))
        self.discard(self.errors.code(error, &code))
        self.discard(self.errors.tag(error, &tag))
        let context = (try? self.text(of: error, self.errors.context)) ?? ""
        return .from(status: Int(status), context: context, errorCode: code, tag: Int(tag))
    }

    /// The handle that a function puts in its place; `nil` if it puts none there.
    func handle(
        release: @escaping Act,
        _ get: (Place) throws(BrokerFailure) -> Address?
    ) throws(BrokerFailure) -> MSALRuntimeHandle? {
        var address: Address?
        let error = try get(&address)
        // An owner first: it may have been given along with an error.
        let handle = address.map { MSALRuntimeHandle($0, self, release: release) }
        try self.check(error)
        return handle
    }

    /// Throws the error that a result holds, if there is one.
    func checkResult(_ result: Address, _ get: GetHandle) throws(BrokerFailure) {
        var error: Address?
        let problem = get(result, &error)
        if let error {
            self.discard(problem)
            throw self.failure(error)
        }
        try self.check(problem)
    }

    /// A text: asks for its size, then for itself.
    func text(of address: Address, _ get: GetText) throws(BrokerFailure) -> String {
        var count: Int32 = 0
        if let error = get(address, nil, &count) {
            let status = self.status(error)
            guard status == Self.insufficientBuffer else { throw Self.unreadable(status) }
        }
        guard count > 0 else { return "" }
        guard count <= Self.textLimit else {
            throw BrokerFailure(.protocolError, context: "the broker library has a text of \(count) characters")
        }
        // One more than it may fill, so that there is a zero in any case.
        var characters = [OSCharacter](repeating: 0, count: Int(count) + 1)
        let error = characters.withUnsafeMutableBufferPointer { get(address, $0.baseAddress, &count) }
        if let error { throw Self.unreadable(self.status(error)) }
        return OSText.string(characters)
    }

    /// The status of an error. Releases it.
    private func status(_ error: Address) -> Int32 {
        defer { self.discard(error) }
        var status: Int32 = 0
        self.discard(self.errors.status(error, &status))
        return status
    }

    private static func unreadable(_ status: Int32) -> BrokerFailure {
        BrokerFailure(.protocolError, context: "the broker library doesn't give one of its texts", status: Int(status))
    }
}
