// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import AzureIdentityTesting

/// How the emulated broker reads what it is asked.
@Suite struct BrokerQuestionTests {
    /// Microsoft's client library sends empty texts for what there is none of.
    @Test(arguments: ["", "somebody"]) func anEmptyTextIsNone(text: String) throws {
        let question = try BrokerQuestion(
            """
            {"account":{"homeAccountId":"\(text)","username":"\(text)"},"authParameters":{"authorizationType":1,"clientId":"c",
            "authority":"a","redirectUri":"r","requestedScopes":["s"],"decodedClaims":"\(text)","username":"\(text)"}}
            """,
            correlationID: "id"
        )
        let expected = text.isEmpty ? nil : text
        #expect(question.userName == expected && question.accountID == expected)
        let wish = try question.wish(type: 1)
        #expect(wish.claims == expected && wish.scopes == ["s"])
    }
}
