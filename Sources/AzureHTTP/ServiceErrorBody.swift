// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What the body of a service's error says. Pure; nothing where it isn't an error as Azure's services write them. Not cleaned.
struct ServiceErrorBody: Sendable, Hashable {
    private(set) var code: String?
    private(set) var innerCode: String?
    private(set) var message: String?

    /// The largest body that is read.
    private static let maximumSize = 256 << 10

    init(_ body: [UInt8]) {
        guard body.count <= Self.maximumSize, let document = try? JSONDecoder().decode(Document.self, from: Data(body)) else {
            return
        }
        let error = document.error?.detail ?? document.detail
        self.code = error.code?.text ?? document.error?.word
        self.message = error.message?.text ?? document.error_description?.text
        self.innerCode = error.innererror?.code?.text
    }

    /// `{"error": {…}}`, `{"error": "word", "error_description": …}` or the error by itself.
    private struct Document: Decodable {
        var error: Outer?
        var error_description: LenientText?
        var detail: Detail

        private enum CodingKeys: String, CodingKey { case error, error_description }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            self.error = try container.decodeIfPresent(Outer.self, forKey: .error)
            self.error_description = try container.decodeIfPresent(LenientText.self, forKey: .error_description)
            self.detail = (try? Detail(from: decoder)) ?? Detail()
        }
    }

    private struct Outer: Decodable {
        var detail: Detail?
        var word: String?

        init(from decoder: any Decoder) throws {
            self.detail = try? Detail(from: decoder)
            self.word = try? decoder.singleValueContainer().decode(String.self)
        }
    }

    private struct Detail: Decodable {
        var code: LenientText?
        var message: LenientText?
        var innererror: Inner?
    }

    private struct Inner: Decodable {
        var code: LenientText?

        private enum CodingKeys: String, CodingKey { case code }

        init(from decoder: any Decoder) throws {
            self.code = try? decoder.container(keyedBy: CodingKeys.self).decodeIfPresent(LenientText.self, forKey: .code)
        }
    }

    /// A text, by itself or as `{"lang": …, "value": …}`; or something else that is of no interest.
    private struct LenientText: Decodable {
        var text: String?

        private enum CodingKeys: String, CodingKey { case value }

        init(from decoder: any Decoder) throws {
            self.text =
                (try? decoder.singleValueContainer().decode(String.self))
                ?? (try? decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .value))
        }
    }
}
