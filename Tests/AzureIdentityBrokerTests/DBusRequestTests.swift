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

/// What is written to a broker on the session bus.
@Suite struct DBusRequestTests {
    static let raw =
        #"{"homeAccountId":"OID.TID","localAccountId":"OID","realm":"TID","username":"ada@contoso.example","x":[1,null]}"#
    static let account = BrokerAccount(
        homeAccountID: "OID.TID",
        localAccountID: "OID",
        realm: "TID",
        environment: "login.windows.net",
        username: "ada@contoso.example",
        raw: Self.raw
    )

    static func request(_ change: (inout BrokerRequest) -> Void = { _ in }) -> BrokerRequest {
        var request = BrokerRequest(
            clientID: "CLIENT",
            authority: "https://login.microsoftonline.com/TID",
            scopes: ["https://vault.azure.net/.default"],
            redirectURL: "https://login.microsoftonline.com/common/oauth2/nativeclient",
            correlationID: "6d0a5d4e-0000-4000-8000-000000000001",
            deadline: MonotonicTime(nanoseconds: .max)
        )
        change(&request)
        return request
    }

    private func value(_ text: String) throws -> JSONValue { try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)) }

    private func tokenRequest(
        account: BrokerAccount? = nil,
        _ authorization: DBusMessages.Authorization = .silent,
        _ change: (inout BrokerRequest) -> Void = { _ in }
    ) throws -> [String: JSONValue] {
        let text = DBusMessages.tokenRequest(Self.request(change), account: account, authorization)
        guard case .object(let root) = try self.value(text), case .object(let members)? = root["authParameters"] else {
            return [:]
        }
        // Beside the parameters stands the account again.
        #expect(root["account"] == members["account"] && root.count == (account == nil ? 1 : 2))
        return members
    }

    @Test func aSilentRequestNamesTheAccountAsItWasGiven() throws {
        let members = try self.tokenRequest(account: Self.account)
        #expect(
            members == [
                "account": try self.value(Self.raw), "authority": .string("https://login.microsoftonline.com/TID"),
                "authorizationType": .integer(1), "clientId": .string("CLIENT"),
                "redirectUri": .string("https://login.microsoftonline.com/common/oauth2/nativeclient"),
                "requestedScopes": .array([.string("https://vault.azure.net/.default")]),
                "username": .string("ada@contoso.example"), "uxContextHandle": .integer(-1),
                "additionalQueryParametersForAuthorization": .object([:]),
            ])
    }

    @Test func aWindowIsForTheAccountForTheHintOrForAChoice() throws {
        let known = try self.tokenRequest(account: Self.account, .interactive)
        #expect(known["authorizationType"] == .integer(6) && known["prompt"] == nil)
        #expect(known["username"] == .string("ada@contoso.example"))
        let hinted = try self.tokenRequest(.interactive) { $0.loginHint = "grace@contoso.example" }
        #expect(hinted["username"] == .string("grace@contoso.example") && hinted["prompt"] == nil && hinted["account"] == nil)
        let open = try self.tokenRequest(.interactive)
        #expect(open["prompt"] == .string("select_account") && open["username"] == nil && open["account"] == nil)
    }

    @Test func claimsAnOldTokenAndAWindowArePassedOn() throws {
        let claims = #"{"access_token":{"nbf":{"essential":true,"value":"1"}}}"#
        let members = try self.tokenRequest(account: Self.account) {
            $0.claims = claims
            $0.tokenToRenew = "OLD"
            $0.window = BrokerWindow(handle: 77)
        }
        #expect(members["decodedClaims"] == .string(claims) && members["accessTokenToRenew"] == .string("OLD"))
        #expect(members["uxContextHandle"] == .integer(77))
        let other = try self.tokenRequest(account: Self.account) { $0.window = BrokerWindow(handle: .max) }
        #expect(other["uxContextHandle"] == .integer(-1))
    }

    @Test(arguments: [
        ("https://service.example/a/b?c=d#e", "service.example", "/a/b"),
        ("https://service.example:8443/", "service.example:8443", "/"),
        ("https://[2001:db8::1]/x", "[2001:db8::1]", "/x"), ("https://[2001:db8::1]:8443/x", "[2001:db8::1]:8443", "/x"),
    ])
    func aProofNamesTheRequest(address: String, host: String, path: String) throws {
        let url = try #require(URL(string: address))
        let members = try self.tokenRequest(account: Self.account) {
            $0.proofOfPossession = ProofOfPossession(nonce: "NONCE", method: "PATCH", url: url)
        }
        let proof: [String: JSONValue] = [
            "authenticationScheme": .string("pop"), "httpMethod": .string("PATCH"), "uriHost": .string(host),
            "uriPath": .string(path), "nonce": .string("NONCE"),
        ]
        #expect(members["popParams"] == .object(proof))
    }

    @Test func theOtherRequestsNameTheApplication() throws {
        let request = Self.request()
        let redirect = JSONValue.string(request.redirectURL)
        #expect(
            try self.value(DBusMessages.accountsRequest(request))
                == .object(["clientId": .string("CLIENT"), "redirectUri": redirect]))
        #expect(
            try self.value(DBusMessages.removalRequest(Self.account, request))
                == .object(["clientId": .string("CLIENT"), "redirectUri": redirect, "account": try self.value(Self.raw)]))
        #expect(try self.value(DBusMessages.cancellationRequest(request)) == .object(["clientId": .string("CLIENT")]))
    }

    /// An account that comes from a record, or whose text can't be read, is written by what is known of it.
    @Test(arguments: [
        "{}", "", "[]", "garbage", #"{"a":"# + String(repeating: "[", count: 100_000), String(repeating: " ", count: 70_000),
    ])
    func anAccountWithoutTheBrokersTextIsWrittenByItsParts(raw: String) throws {
        let account = BrokerAccount(homeAccountID: "OID.TID", realm: "TID", username: "ada\u{0}\"", raw: raw)
        #expect(
            try self.tokenRequest(account: account)["account"]
                == .object(["homeAccountId": .string("OID.TID"), "realm": .string("TID"), "username": .string("ada\u{0}\"")]))
        #expect(!DBusMessages.tokenRequest(Self.request(), account: account, .silent).utf8.contains(0))
    }
}

/// Whose token is meant, where the bus is, and what its errors mean.
@Suite struct DBusChoiceTests {
    private static func account(_ id: String, _ realm: String = "TID", _ username: String = "ada@contoso.example")
        -> BrokerAccount
    {
        BrokerAccount(homeAccountID: id, realm: realm, username: username)
    }

    private func choice(_ accounts: [BrokerAccount], hint: String? = nil) -> Result<BrokerAccount, BrokerFailure> {
        let request = DBusRequestTests.request { $0.loginHint = hint }
        do throws(BrokerFailure) {
            return .success(try DBusMessages.defaultAccount(of: accounts, for: request))
        } catch {
            return .failure(error)
        }
    }

    private func kind(_ result: Result<BrokerAccount, BrokerFailure>) -> BrokerFailure.Kind? {
        if case .failure(let failure) = result { failure.kind } else { nil }
    }

    @Test func theOnlyAccountIsTakenAndOfItsEntriesThatOfTheTenant() throws {
        let (ada, adaElsewhere) = (Self.account("A.T"), Self.account("a.t", "OTHER"))
        let grace = Self.account("G.T", "TID", "grace@contoso.example")
        #expect(try self.choice([ada]).get() == ada)
        #expect(try self.choice([adaElsewhere, ada]).get() == ada)
        #expect(try self.choice([adaElsewhere]).get() == adaElsewhere)
        #expect(try self.choice([ada, grace], hint: "GRACE@contoso.example").get() == grace)
        #expect(self.kind(self.choice([ada, grace])) == .interactionRequired)
        #expect(self.kind(self.choice([ada], hint: "grace@contoso.example")) == .accountNotFound)
        #expect(self.kind(self.choice([])) == .accountNotFound)
    }

    @Test(arguments: [
        ("unix:path=/run/user/1000/bus", "unix:path=/run/user/1000/bus"),
        ("unix:abstract=/tmp/dbus-x,guid=0a", "unix:abstract=/tmp/dbus-x,guid=0a"),
        ("tcp:host=localhost,port=1;unix:path=/a", "unix:path=/a"), ("unix:path=/a;unix:path=/b", "unix:path=/a;unix:path=/b"),
        (";unix:path=/a;", "unix:path=/a"),
    ])
    func socketsOfThisMachineAreTaken(list: String, text: String) throws {
        #expect(try SessionBusAddress(list).text == text)
    }

    @Test(arguments: [
        ("tcp:host=localhost,port=1234", "of the kind tcp"), ("nonce-tcp:host=localhost", "of the kind nonce-tcp"),
        ("unixexec:path=/bin/sh,argv1=-c", "of the kind unixexec"), ("autolaunch:", "of the kind autolaunch"),
        ("launchd:env=X", "of the kind launchd"), ("systemd:", "of the kind systemd"), ("unix:tmpdir=/tmp", "names no socket"),
        ("unix:runtime=yes", "names no socket"), ("unix:", "names no socket"), ("unix:path=", "names no socket"),
        ("unix:path=/a,path=/b", "names no socket"), ("unix:path=/a,abstract=/b", "names no socket"),
        ("unix:path=/a,exec=/b", "names no socket"), ("unix:guid=0a", "names no socket"), ("nonsense", "is none"),
        ("unix:path=/a b", "is none"), ("unix:path=/\u{1B}[31m", "is none"), (";", "is empty"),
        ("unix:path=/" + String(repeating: "a", count: 5000), "longer than"),
    ])
    func everythingElseIsRefusedWithTheReason(list: String, reason: String) {
        do throws(SessionBusProblem) {
            _ = try SessionBusAddress(list)
            Issue.record("taken")
        } catch {
            #expect(error.kind == .noBus && error.message.contains(reason) && !error.message.contains("\u{1B}"), "\(error)")
        }
    }

    @Test func theBusIsTheVariablesElseTheUsualSocket() throws {
        let (name, folder) = ("DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR")
        func text(_ variables: EnvironmentVariables, exists: Bool = true) -> String? {
            try? SessionBusAddress(environment: variables) { $0 == "/run/user/1 0/bus" && exists }.text
        }
        #expect(text([name: "unix:path=/a", folder: "/run/user/1 0"]) == "unix:path=/a")
        #expect(text([folder: "/run/user/1 0"]) == "unix:path=/run/user/1%200/bus")
        // One that is refused is not replaced by another.
        #expect(text([name: "autolaunch:", folder: "/run/user/1 0"]) == nil)
        #expect(text([folder: "/run/user/1 0"], exists: false) == nil)
        #expect(text([folder: "run/user"]) == nil && text([:]) == nil)
    }

    @Test(arguments: [
        ("org.freedesktop.DBus.Error.NoReply", BrokerFailure.Kind.temporary),
        ("org.freedesktop.DBus.Error.Disconnected", .temporary),
        ("org.freedesktop.DBus.Error.LimitsExceeded", .temporary), ("org.freedesktop.DBus.Error.TimedOut", .timedOut),
        ("org.freedesktop.DBus.Error.UnknownMethod", .protocolError), ("org.freedesktop.DBus.Error.InvalidArgs", .configuration),
        ("org.freedesktop.DBus.Error.Failed", .refused), ("org.freedesktop.DBus.Error.AccessDenied", .refused),
        ("org.example.NoReply", .refused), ("", .refused),
    ])
    func errorsOfTheBusHaveKinds(name: String, kind: BrokerFailure.Kind) {
        let failure = BrokerFailure(SessionBusProblem(.remote(name: name), "AADSTS50011: said so"))
        #expect(failure.kind == kind && failure.context.contains("AADSTS50011: said so"), "\(failure)")
    }

    @Test(arguments: [
        SessionBusProblem.Kind.noBus, .noLibrary, .remote(name: "org.freedesktop.DBus.Error.ServiceUnknown"),
        .remote(name: "org.freedesktop.DBus.Error.NameHasNoOwner"), .remote(name: "org.freedesktop.DBus.Error.Spawn.ChildExited"),
    ])
    func whatIsNotThereIsAbsentWithTheReason(kind: SessionBusProblem.Kind) {
        guard case .absent(let reason) = BrokerFailure(SessionBusProblem(kind, "that is why")).kind else {
            Issue.record("not absent")
            return
        }
        #expect(reason.contains("no identity broker on the session bus") || reason.contains("hat is why"))
    }
}
