// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

/// What an application's client id may look like. Pure.
enum ClientID {
    /// Throws unless the text is one word of printable ASCII characters.
    static func check(_ text: String, credential: String) throws {
        guard !text.isEmpty, text.utf8.count <= 256, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw AuthenticationError(
                .invalidConfiguration,
                credential: credential,
                message: """
                    Invalid client ID provided: "\(HostileText.sanitized(text, limit: 100))". It is the id of an application \
                    registered in Microsoft Entra ID, a GUID.
                    """
            )
        }
    }
}
