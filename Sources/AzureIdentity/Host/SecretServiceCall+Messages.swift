// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if os(Linux)
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Messages to the Secret Service that libsecret has no function for which never prompts.
extension SecretServiceCall {
    private static let name = "org.freedesktop.secrets"
    private static let interface = "org.freedesktop.Secret"

    /// Makes an item in a keyring.
    func create(_ item: SecretItem, value: GLibPointer, in collection: GLibPointer) throws(StorageProblem) {
        guard let service = self.service, let path = self.library.objectPath(collection) else {
            throw StorageProblem(.failed, "libsecret gave no answer")
        }
        guard try self.answer({ self.library.ensureSession(service, self.cancellation, $0) }) != 0 else {
            throw StorageProblem(.failed, "the keyring opened no session")
        }
        let variant = self.library.glib.variant
        let attributes = item.attributes.merging(["xdg:schema": item.schema]) { $1 }.sorted { $0.key < $1.key }
        let properties = self.array([
            self.entry("\(Self.interface).Item.Label", variant.text(item.label)),
            self.entry(
                "\(Self.interface).Item.Attributes",
                self.array(
                    attributes.map { name, value in
                        variant.text(name).flatMap { name in variant.text(value).flatMap { variant.entry(name, $0) } }
                    }
                )
            ),
        ])
        // In the place of an equal one that somebody has made meanwhile.
        guard let properties, let secret = self.library.encodedSecret(service, value), let replaces = variant.boolean(1),
            let arguments = variant.tuple([properties, secret, replaces], 3)
        else { throw StorageProblem(.failed, "libsecret gave no answer") }
        try self.call("Collection", "CreateItem", at: path, arguments)
    }

    /// Sends a message whose answer may end with the path of a prompt. One that comes is dismissed, never shown.
    func call(
        _ object: String,
        _ method: String,
        at path: UnsafePointer<CChar>,
        _ arguments: GLibPointer?
    ) throws(StorageProblem) {
        guard let bus = self.bus else { throw StorageProblem(.failed, "there is no session bus") }
        let reply = try self.answer {
            self.library.glib.call(
                bus, Self.name, path, "\(Self.interface).\(object)", method, arguments, nil, 0, -1, self.cancellation, $0)
        }
        guard let reply else { throw StorageProblem(.failed, "the keyring gave no answer") }
        defer { self.library.glib.variant.release(reply) }
        guard let prompt = self.lastPath(of: reply), prompt != "/" else { return }
        let dismissal = try self.answer {
            self.library.glib.call(
                bus, Self.name, prompt, "\(Self.interface).Prompt", "Dismiss", nil, nil, 0, -1, self.cancellation, $0)
        }
        if let dismissal { self.library.glib.variant.release(dismissal) }
        throw StorageProblem(.unavailable, "the keyring is locked")
    }

    /// The last member of an answer, if it is a path.
    private func lastPath(of reply: GLibPointer) -> String? {
        let variant = self.library.glib.variant
        let count = variant.count(reply)
        guard count > 0, let last = variant.child(reply, count - 1) else { return nil }
        defer { variant.release(last) }
        guard let type = variant.type(last), String(cString: type) == "o" else { return nil }
        var length = 0
        return variant.contents(last, &length).map { String(cString: $0) }
    }

    private func entry(_ name: String, _ value: GLibPointer?) -> GLibPointer? {
        let variant = self.library.glib.variant
        guard let value, let name = variant.text(name), let boxed = variant.boxed(value) else { return nil }
        return variant.entry(name, boxed)
    }

    /// An array of values of one type, at least one.
    private func array(_ values: [GLibPointer?]) -> GLibPointer? {
        let values = values.compactMap(\.self)
        return values.isEmpty ? nil : self.library.glib.variant.array(nil, values, values.count)
    }
}
#endif
