// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Who checks a user's password: Microsoft Entra ID, or the organisation's own federation service. Pure.
struct UserRealm: Sendable, Equatable {
    /// Who checks the password.
    enum Account: Sendable, Equatable {
        /// The token endpoint.
        case managed
        /// A federation service, which describes itself at an address; of some, only where they check passwords is known.
        case federated(metadata: URL)
        case federatedWithoutMetadata(WSTrustEndpoint)
    }

    let account: Account
    /// Whom the federation service's assertion is for.
    let audience: String

    /// The audience of the public cloud.
    static let defaultAudience = "urn:federation:MicrosoftOnline"

    /// What a host says that knows nothing of realms.
    static let unknown = UserRealm(account: .managed, audience: defaultAudience)

    /// Why an answer can't be used.
    struct Problem: Error, Equatable {
        let message: String
    }

    private struct Answer: Decodable {
        let account_type: String
        let federation_metadata_url: String?
        let federation_active_auth_url: String?
        let cloud_audience_urn: String?
    }

    private init(account: Account, audience: String) {
        self.account = account
        self.audience = audience
    }

    /// - Parameter body: The answer, JSON.
    init(_ body: [UInt8]) throws(Problem) {
        guard let answer = try? JSONDecoder().decode(Answer.self, from: ServiceText.json(body)) else {
            throw Problem(message: "it doesn't say who checks the password")
        }
        let audience = answer.cloud_audience_urn ?? ""
        let isGood = !audience.isEmpty && audience.utf8.count <= 256 && audience.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        self.audience = isGood ? audience : Self.defaultAudience
        guard answer.account_type.lowercased() == "federated" else {
            self.account = .managed
            return
        }
        if let metadata = answer.federation_metadata_url, !metadata.isEmpty {
            guard let url = WSTrustEndpoint.url(metadata) else {
                throw Problem(message: "the metadata of the federation service is at no https address")
            }
            self.account = .federated(metadata: url)
        } else {
            guard let endpoint = answer.federation_active_auth_url.flatMap({ WSTrustEndpoint(active: $0) }) else {
                throw Problem(message: "it doesn't say where the federation service is")
            }
            self.account = .federatedWithoutMetadata(endpoint)
        }
    }

    /// Where an authority is asked.
    ///
    /// - Parameters:
    ///   - username: The user's name; all but letters, digits and `-._~` is percent-encoded.
    ///   - endpoint: An address at the authority, whose host and port are used.
    static func url(of username: String, at endpoint: URL) -> URL? {
        guard let scheme = endpoint.scheme, let host = endpoint.host() else { return nil }
        let place = "\(host.contains(":") ? "[\(host)]" : host)\(endpoint.port.map { ":\($0)" } ?? "")"
        return URL(string: "\(scheme)://\(place)/common/userrealm/\(Self.encoded(username))?api-version=1.0")
    }

    /// A name as it stands in the address.
    static func encoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var result: [UInt8] = []
        for byte in text.utf8 {
            if TenantID.isLetterOrDigit(byte) || "-._~".utf8.contains(byte) {
                result.append(byte)
            } else {
                result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 0xF)]]
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
