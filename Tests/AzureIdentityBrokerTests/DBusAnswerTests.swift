// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentity
import AzureIdentityBroker
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What is read of a broker on the session bus: what brokers say, and what nobody should.
@Suite struct DBusAnswerTests {
    /// A JSON Web Token with these claims.
    private static func webToken(_ claims: String) -> String {
        [#"{"alg":"none"}"#, claims, "signature"].map { Base64URL.encode($0.utf8) }.joined(separator: ".")
    }

    private func token(_ members: String, isProofWanted: Bool = false) throws(BrokerFailure) -> BrokerAnswer {
        try DBusMessages.token(in: #"{"brokerTokenResponse":{\#(members)}}"#, isProofWanted: isProofWanted)
    }

    private func failure(_ body: () throws(BrokerFailure) -> Void) -> BrokerFailure? {
        do throws(BrokerFailure) {
            try body()
            return nil
        } catch {
            return error
        }
    }

    // MARK: Tokens

    @Test func aTokenComesWithAllThatIsSaidOfIt() throws {
        let id = Self.webToken(#"{"oid":"OID","tid":"TID","preferred_username":"ada@contoso.example"}"#)
        let answer = try self.token(
            """
            "accessToken":"MARKED","accessTokenType":0,"expiresOn":1767225600000,"extendedExpiresOn":1767225600000,
            "grantedScopes":"a b","idToken":"\(id)","account":\(DBusRequestTests.raw)
            """
        )
        #expect(answer.token == Secret("MARKED") && answer.expiresOn == Date(timeIntervalSince1970: 1_767_225_600))
        #expect(answer.scopes == ["a", "b"] && !answer.isProofOfPossession)
        #expect(answer.idTokenClaims?.objectID == "OID" && answer.idTokenClaims?.tenantID == "TID")
        #expect(answer.account?.homeAccountID == "OID.TID" && answer.account?.username == "ada@contoso.example")
        #expect(!"\(answer)".contains("MARKED"))
    }

    @Test func theRootWillDoToo() throws {
        let text = #"{"accessToken":"MARKED","grantedScopes":["a","b",3],"account":{"homeAccountId":"OID.TID"}}"#
        let answer = try DBusMessages.token(in: text, isProofWanted: false)
        #expect(answer.token == Secret("MARKED") && answer.scopes == ["a", "b"] && answer.account?.homeAccountID == "OID.TID")
        #expect(answer.expiresOn == nil && answer.idTokenClaims == nil)
    }

    @Test(arguments: [
        ("1767225600000", 1_767_225_600.0), ("1767225600", 1_767_225_600), (#""1767225600000""#, 1_767_225_600),
        (#""1767225600""#, 1_767_225_600), ("1767225600000.0", 1_767_225_600), ("1.7672256e12", 1_767_225_600),
    ])
    func datesAreMillisecondsOrSeconds(value: String, seconds: Double) throws {
        let answer = try self.token(#""accessToken":"opaque","expiresOn":\#(value)"#)
        #expect(answer.expiresOn == Date(timeIntervalSince1970: seconds))
    }

    @Test(arguments: [
        "null", "true", "0", "-1", "-1767225600000", #""nan""#, #""inf""#, #""0x1p9""#, #""soon""#, "1e300",
        "9223372036854775807",
        "[1767225600]", #"{"a":1}"#,
    ])
    func whatIsNoDateIsNone(value: String) throws {
        #expect(try self.token(#""accessToken":"opaque","expiresOn":\#(value)"#).expiresOn == nil)
    }

    /// Some brokers add seconds to milliseconds, so what the token says itself is better.
    @Test func theTokensOwnExpiryCountsBeforeTheBrokers() throws {
        let token = Self.webToken(#"{"exp":1767229200}"#)
        let answer = try self.token(#""accessToken":"\#(token)","expiresOn":1767225603599"#)
        #expect(answer.expiresOn == Date(timeIntervalSince1970: 1_767_229_200))
    }

    @Test(arguments: [
        (#""grantedScopes":"a  b ""#, ["a", "b"]), (#""grantedScopes":["a b","c"]"#, ["a b", "c"]),
        (#""grantedScopes":null"#, []),
        (#""grantedScopes":7"#, []), (#""grantedScopes":"""#, []),
    ])
    func scopesAreATextOrAList(member: String, scopes: [String]) throws {
        #expect(try self.token(#""accessToken":"opaque",\#(member)"#).scopes == scopes)
    }

    @Test(arguments: [
        (#""accessTokenType":0"#, false), (#""accessTokenType":"Bearer""#, false), (#""accessTokenType":null"#, false),
        (#""accessTokenType":1"#, true), (#""accessTokenType":"1""#, true), (#""accessTokenType":"PoP""#, true),
    ])
    func aTokenIsBoundIfAskedFor(member: String, isProof: Bool) throws {
        let members = #""accessToken":"PoP.MARKED",\#(member)"#
        #expect(try self.token(members, isProofWanted: isProof).isProofOfPossession == isProof)
        let other = self.failure { () throws(BrokerFailure) in _ = try self.token(members, isProofWanted: !isProof) }
        #expect(other?.kind == .protocolError && other?.context.contains("MARKED") == false)
    }

    @Test func theWordBeforeASignedRequestIsLeftAway() throws {
        let answer = try self.token(#""accessToken":"PoP a.b.c","accessTokenType":1"#, isProofWanted: true)
        #expect(answer.token == Secret("a.b.c"))
    }

    @Test(arguments: [
        "", " ", "garbage", "null", "[]", "7", #""text""#, "{", "{}", #"{"brokerTokenResponse":{}}"#,
        #"{"brokerTokenResponse":[]}"#, #"{"brokerTokenResponse":{"accessToken":null}}"#,
        #"{"brokerTokenResponse":{"accessToken":7}}"#, #"{"brokerTokenResponse":{"accessToken":""}}"#,
        #"{"brokerTokenResponse":{"accessToken":"two words"}}"#, #"{"brokerTokenResponse":{"accessToken":"a\u000d\u000aX: y"}}"#,
        #"{"brokerTokenResponse":{"accessToken":"ü"}}"#,
        #"{"brokerTokenResponse":{"accessToken":""# + String(repeating: "a", count: 70_000) + #""}}"#,
        #"{"brokerTokenResponse":{"accessToken":NaN}}"#, #"{"brokerTokenResponse":{"error":7}}"#,
        #"{"error":[]}"#, "{\"a\":" + String(repeating: "[", count: 500_000),
        String(repeating: #"{"a":"#, count: 40) + "1"
            + String(repeating: "}", count: 40), "\u{0}{}",
    ])
    func whatIsNoAnswerIsAnError(text: String) {
        let failure = self.failure { () throws(BrokerFailure) in _ = try DBusMessages.token(in: text, isProofWanted: false) }
        #expect(failure?.kind == .protocolError && failure?.context.isEmpty == false, "\(text.prefix(100)): \(failure as Any)")
    }

    @Test func aNameThatComesTwiceEndsNothing() throws {
        let answer = try self.token(#""accessToken":"one","accessToken":"two","expiresOn":1,"expiresOn":2"#)
        #expect(["one", "two"].contains(answer.token.revealed))
    }

    /// Whom an answer is for that names somebody who can't be read, isn't known: least of all is it whoever was asked for.
    @Test(arguments: ["7", "\"\"", "{}", "[]", #"{"homeAccountId":""}"#, #"{"homeAccountId":7}"#, #"{"username":"ada"}"#])
    func anAccountThatCannotBeReadSpoilsTheAnswer(account: String) {
        let failure = self.failure { () throws(BrokerFailure) in
            _ = try self.token(#""accessToken":"opaque","account":\#(account)"#)
        }
        #expect(failure?.kind == .protocolError && failure?.context.contains("account") == true)
    }

    @Test func withoutAnAccountTheClientInfoIsReadOn() throws {
        let answer = try self.token(#""accessToken":"opaque","account":null,"clientInfo":"eyJ1aWQiOiJhIn0""#)
        #expect(answer.account == nil && answer.clientInfo == "eyJ1aWQiOiJhIn0")
        #expect(try self.token(#""accessToken":"opaque","clientInfo":7"#).clientInfo == nil)
    }

    // MARK: Errors

    @Test(arguments: [
        (2, BrokerFailure.Kind.interactionRequired), (3, .noNetwork), (5, .temporary), (7, .userCanceled), (9, .configuration),
        (13, .interactionRequired), (16, .accountNotFound), (0, .refused), (99, .refused), (-1, .refused),
    ])
    func anErrorSaysWhy(status: Int, kind: BrokerFailure.Kind) {
        let error = #"{"error":{"context":"AADSTS50011: \u001b[31mred","status":\#(status),"errorCode":-5,"tag":508}}"#
        for text in [error, #"{"brokerTokenResponse":\#(error)}"#] {
            let failure = self.failure { () throws(BrokerFailure) in _ = try DBusMessages.token(in: text, isProofWanted: false) }
            #expect(failure?.kind == kind && failure?.status == status && failure?.errorCode == -5 && failure?.tag == 508)
            #expect(failure?.context == "AADSTS50011: red")
        }
        let other = self.failure { () throws(BrokerFailure) in _ = try DBusMessages.accounts(in: error) }
        #expect(other?.kind == kind)
        let removal = self.failure { () throws(BrokerFailure) in try DBusMessages.confirm(error) }
        #expect(removal?.kind == kind)
    }

    @Test(arguments: [
        (#"{"error":{}}"#, ""), (#"{"error":"AADSTS1"}"#, "AADSTS1"), (#"{"error":{"status":"many","context":7}}"#, ""),
        (#"{"error":{"status":1e300,"errorCode":1e300,"tag":"nan","context":"c"}}"#, "c"),
        (#"{"error":{"context":"c","subStatus":12}}"#, "c"),
    ])
    func anErrorWithoutANumberIsARefusal(text: String, context: String) {
        let failure = self.failure { () throws(BrokerFailure) in _ = try DBusMessages.token(in: text, isProofWanted: false) }
        #expect(failure?.kind == .refused && failure?.context == context && failure?.status == nil && failure?.tag == nil)
        #expect(failure?.errorCode == (text.contains("subStatus") ? 12 : nil))
    }

    @Test func aLongErrorIsCut() {
        let text = #"{"error":{"status":2,"context":""# + String(repeating: "a", count: 900_000) + #""}}"#
        let failure = self.failure { () throws(BrokerFailure) in _ = try DBusMessages.token(in: text, isProofWanted: false) }
        #expect(failure?.kind == .interactionRequired && (failure?.context.count ?? .max) <= BrokerFailure.contextLimit + 1)
    }

    // MARK: Accounts

    @Test func accountsAreReadAsFarAsTheyAreSome() throws {
        let accounts = try DBusMessages.accounts(
            in: """
                {"accounts":[\(DBusRequestTests.raw),7,null,{},{"homeAccountId":""},{"homeAccountId":7},\(DBusRequestTests.raw),
                {"homeAccountId":"OID.TID","realm":"OTHER","username":null}]}
                """)
        #expect(accounts.map(\.realm) == ["TID", "OTHER"] && accounts.allSatisfy { $0.homeAccountID == "OID.TID" })
        #expect(accounts.map(\.username) == ["ada@contoso.example", ""])
        #expect(accounts.first?.localAccountID == "OID" && accounts.first?.raw == DBusRequestTests.raw)
        #expect(try DBusMessages.accounts(in: #"{"accounts":[]}"#).isEmpty)
        #expect(try DBusMessages.accounts(in: #"{"accounts":null}"#).isEmpty)
    }

    @Test(arguments: ["", "{}", "[]", #"{"accounts":{}}"#, #"{"accounts":"none"}"#, #"{"accounts":7}"#, "garbage"])
    func withoutAListThereAreNoAccounts(text: String) {
        let failure = self.failure { () throws(BrokerFailure) in _ = try DBusMessages.accounts(in: text) }
        #expect(failure?.kind == .protocolError)
    }

    @Test func accountsAreBounded() throws {
        let many = (0..<3000).map { #"{"homeAccountId":"\#($0)"}"# }.joined(separator: ",")
        #expect(try DBusMessages.accounts(in: #"{"accounts":[\#(many)]}"#).count == 1000)
        let large = #"{"homeAccountId":"a","x":""# + String(repeating: "a", count: 70_000) + #""}"#
        let long = #"{"homeAccountId":""# + String(repeating: "a", count: 2000) + #""}"#
        #expect(try DBusMessages.accounts(in: #"{"accounts":[\#(large),\#(long)]}"#).isEmpty)
    }

    @Test(arguments: ["", " \n", "{}", #"{"error":null}"#, #"{"removed":true}"#])
    func aRemovalIsConfirmed(text: String) {
        let failure = self.failure { () throws(BrokerFailure) in try DBusMessages.confirm(text) }
        #expect(failure == nil)
    }

    @Test(arguments: ["garbage", "[]", "null", #"{"error":{"status":16}}"#])
    func aRemovalThatFailsIsAnError(text: String) {
        let failure = self.failure { () throws(BrokerFailure) in try DBusMessages.confirm(text) }
        #expect(failure?.kind == (text.contains("16") ? .accountNotFound : .protocolError))
    }
}
