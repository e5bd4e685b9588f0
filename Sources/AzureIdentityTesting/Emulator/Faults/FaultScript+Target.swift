// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

extension FaultScript {
    /// Which part of the emulator a step of a script is about.
    public struct Target: Sendable, Hashable {
        package enum Kind: Sendable, Hashable {
            case host(EmulatedHost)
            case listener(EmulatorListener)
            case path(String)
        }

        package var kind: Kind

        /// The endpoint of a host.
        ///
        /// Of Azure Pipelines and GitHub that is their issuer; of workload identity it is Microsoft Entra ID, for which the
        /// assertions of those two are made out as well.
        ///
        /// - Parameter host: The host.
        /// - Returns: The target.
        public static func host(_ host: EmulatedHost) -> Target { Target(kind: .host(host)) }

        /// Whatever comes in through one listener.
        ///
        /// - Parameter listener: The listener.
        /// - Returns: The target.
        public static func listener(_ listener: EmulatorListener) -> Target { Target(kind: .listener(listener)) }

        /// The paths that begin with a text, on all listeners.
        ///
        /// - Parameter prefix: The beginning of the paths, with its slash.
        /// - Returns: The target.
        public static func path(_ prefix: String) -> Target { Target(kind: .path(prefix)) }

        /// Whether a request goes there.
        func matches(_ destination: EmulatorDestination, path: String) -> Bool {
            switch self.kind {
            case .host(let host): destination.host == host
            case .listener(let listener): destination.request.listener == listener
            case .path(let prefix): path.hasPrefix(prefix)
            }
        }
    }
}

extension FaultScript.Target: Codable {
    /// Reads the JSON form, a string: the name of a host or a listener, or the beginning of paths.
    ///
    /// - Parameter decoder: The decoder.
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        if text.hasPrefix("/") {
            self = .path(text)
        } else if let host = EmulatedHost(rawValue: text) {
            self = .host(host)
        } else if let listener = EmulatorListener(rawValue: text) {
            self = .listener(listener)
        } else {
            let names = EmulatedHost.allCases.map(\.rawValue) + EmulatorListener.allCases.map(\.rawValue)
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "A path or one of these is expected: \(names.joined(separator: ", "))."
                )
            )
        }
    }

    /// Writes the JSON form.
    ///
    /// - Parameter encoder: The encoder.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self.kind {
        case .host(let host): try container.encode(host.rawValue)
        case .listener(let listener): try container.encode(listener.rawValue)
        case .path(let prefix): try container.encode(prefix)
        }
    }
}
