// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct UnverifiedClaimsTests {
    /// A token whose middle part is a text.
    private func token(_ payload: String) -> AccessToken {
        let middle = Data(payload.utf8).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        return AccessToken(token: "e30.\(middle).c2ln", expiresOn: .distantFuture)
    }

    @Test func theUsualClaimsHaveNames() throws {
        let claims = try #require(
            self.token(
                """
                {"aud":"https://vault.azure.net","iss":"https://sts.windows.net/t/","tid":"t-1","oid":"o-1","appid":"a-1","azp":"a-2",
                 "upn":"ada@contoso.example","roles":["Reader","Writer"],"scp":"user_impersonation Files.Read","exp":1893456000,
                 "nbf":1893452100,"iat":1893452100,"idtyp":"user","xms_cc":["CP1"],"ver":"1.0","rh":{"a":[1,true,null]}}
                """
            ).unverifiedClaims)
        #expect(claims.audience == ["https://vault.azure.net"] && claims.issuer == "https://sts.windows.net/t/")
        #expect(claims.tenantID == "t-1" && claims.objectID == "o-1" && claims.clientID == "a-1")
        #expect(claims.userName == "ada@contoso.example" && claims.identityType == "user")
        #expect(claims.roles == ["Reader", "Writer"] && claims.scopes == ["user_impersonation", "Files.Read"])
        #expect(claims.expiresOn == Date(timeIntervalSince1970: 1_893_456_000))
        #expect(claims.notBefore == Date(timeIntervalSince1970: 1_893_452_100) && claims.issuedAt == claims.notBefore)
        #expect(claims.isCAEToken && claims.clientCapabilities == ["CP1"])
        #expect(claims["ver"] == .string("1.0") && claims["nothing"] == nil)
        #expect(claims["rh"] == .object(["a": .array([.number(1), .bool(true), .null])]))
        #expect(claims.names.first == "appid" && claims.names.count == 16)
    }

    @Test func whatIsMissingOrOfAnotherTypeIsNothing() throws {
        let payloads = [
            "{}",
            #"{"aud":5,"iss":[],"tid":{},"oid":null,"appid":true,"upn":1,"roles":"","scp":{},"exp":"1","nbf":-1,"iat":1e300,"xms_cc":5}"#,
        ]
        for payload in payloads {
            let claims = try #require(self.token(payload).unverifiedClaims)
            #expect(claims.audience.isEmpty && claims.roles.isEmpty && claims.scopes.isEmpty && claims.clientCapabilities.isEmpty)
            #expect(
                [claims.issuer, claims.tenantID, claims.objectID, claims.clientID, claims.userName] == [nil, nil, nil, nil, nil])
            #expect(claims.expiresOn == nil && claims.notBefore == nil && claims.issuedAt == nil && !claims.isCAEToken)
        }
        #expect(self.token(#"{"azp":"a-2","aud":["x",5,"y"]}"#).unverifiedClaims?.clientID == "a-2")
        #expect(self.token(#"{"aud":["x",5,"y"]}"#).unverifiedClaims?.audience == ["x", "y"])
    }

    @Test(arguments: [
        "", "opaque", "a.b", "a.b.c.d", "a.!!!.c", "e30.W10.c2ln", "e30.Zm9v.c2ln", String(repeating: "x", count: 100_000),
    ])
    func whatIsNoJSONWebTokenHasNone(text: String) {
        #expect(AccessToken(token: text, expiresOn: .distantFuture).unverifiedClaims == nil)
    }

    @Test func hostileTokensCostLittle() {
        for depth in [17, 10_000] {
            let nested = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
            #expect(self.token("{\"a\":\(nested)}").unverifiedClaims == nil)
        }
        // Brackets in a text nest nothing.
        let text = String(repeating: "[{\\\"", count: 100)
        #expect(self.token("{\"a\":\"\(text)\"}").unverifiedClaims != nil)
        #expect(self.token("{\"oid\":\"a\\u001b[31mb\\n\"}").unverifiedClaims?.objectID == "ab")
        #expect(
            self.token("{\"oid\":\"\(String(repeating: "a", count: 5000))\"}").unverifiedClaims?.objectID?.count ?? 5000 <= 257)
    }

    @Test func descriptionsHaveIdsAndNoName() throws {
        let token = self.token(#"{"aud":"x","oid":"o-1","upn":"MARKED@contoso.example","name":"MARKED","exp":0}"#)
        let claims = try #require(token.unverifiedClaims)
        var dumped = ""
        dump(claims, to: &dumped)
        for text in [dumped, "\(claims)", String(reflecting: claims), String(describing: [claims])] {
            #expect(text.contains("o-1") && !text.contains("MARKED"), "\(text)")
        }
        #expect(claims.description == "UnverifiedClaims(audience: x, objectID: o-1, expiresOn: 1970-01-01T00:00:00Z)")
    }
}
