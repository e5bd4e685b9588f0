// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP
import AzureIdentityTesting
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The token endpoints of the emulated hosts: what they refuse, and in which form; what they grant.
@Suite struct EmulatorHostTests {
    typealias Sample = EmulatorConfiguration.Sample

    static let managed: [EmulatedHost] = [
        .appService, .appService2017, .azureMachineLearning, .cloudShell, .serviceFabric, .virtualMachine, .podIdentity,
    ]

    /// One thing that is wrong with a request.
    struct Refused: Sendable, CustomTestStringConvertible {
        var name: String
        var host: EmulatedHost
        var status: Int
        /// The word of the error, or its message where there is no word.
        var word: String
        var change: @Sendable (inout EmulatorRequest) -> Void
        var testDescription: String { "\(self.host.rawValue): \(self.name)" }

        init(
            _ name: String,
            _ host: EmulatedHost,
            _ status: Int = 400,
            _ word: String = "",
            _ change: @escaping @Sendable (inout EmulatorRequest) -> Void
        ) {
            (self.name, self.host, self.status, self.word, self.change) = (name, host, status, word, change)
        }
    }

    private static func add(_ text: String) -> @Sendable (inout EmulatorRequest) -> Void {
        { request in
            if request.method == "POST" { request.body += Array(("&" + text).utf8) } else { request.query += "&" + text }
        }
    }

    private static func replace(_ text: String, _ by: String) -> @Sendable (inout EmulatorRequest) -> Void {
        { request in
            request.query = request.query.replacing(text, with: by)
            request.body = Array(String(decoding: request.body, as: UTF8.self).replacing(text, with: by).utf8)
        }
    }

    /// What all of them refuse, each in its words.
    static let common: [Refused] = managed.flatMap { host -> [Refused] in
        let encoded = "resource=https%3A%2F%2Fvault.azure.net"
        let method = Refused("another method", host, 405) { $0.method = $0.method == "GET" ? "POST" : "GET" }
        return [
            method,
            Refused("no resource", host, 400, "", replace(encoded, "")),
            Refused("an empty resource", host, 400, "", replace(encoded, "resource=")),
            Refused("a scope as resource", host, 400, "", replace(encoded, encoded + "%2F.default")),
            Refused("a parameter twice", host, 400, "", add("resource=x")),
            Refused("a parameter that is not known", host, 400, "", add("scope=x")),
            Refused("a broken percent sequence", host, 400, "", add("resource2=%")),
            Refused("a principal", host, 400, "", add("principalId=x")),
        ]
    }

    static let versions: [Refused] = managed.filter { $0 != .cloudShell }.flatMap { host -> [Refused] in
        let word = host == .serviceFabric ? "InvalidApiVersion" : ""
        return [
            Refused("no version", host, 400, word) { $0.query = "resource=x" },
            Refused("another version", host, 400, word) { $0.query = "api-version=2016-01-01&resource=x" },
        ]
    }

    static let own: [Refused] = [
        Refused("no header", .virtualMachine, 400, "invalid_request") { $0.headers = [:] },
        Refused("another header", .virtualMachine, 400, "invalid_request") { $0.headers = ["Metadata": "1"] },
        Refused("forwarded", .virtualMachine, 400, "invalid_request") { $0.headers["X-Forwarded-For"] = "10.0.0.1" },
        Refused("App Service's name", .virtualMachine, 400, "invalid_request", add("mi_res_id=x")),
        Refused("no known name", .virtualMachine, 400, "invalid_request", add("resource_id=x")),
        Refused("an unknown identity", .virtualMachine, 400, "invalid_request", add("client_id=x")),
        Refused("two identities", .virtualMachine, 400, "invalid_request", add("client_id=x&object_id=y")),
        Refused("an unknown identity", .podIdentity, 400, "invalid_request", add("msi_res_id=x")),
        Refused("an empty identity", .podIdentity, 400, "invalid_request", add("msi_res_id=")),
        Refused("no header", .appService, 401) { $0.headers = ["Metadata": "true"] },
        Refused("another secret", .appService, 401) { $0.headers["X-IDENTITY-HEADER"] = "x" },
        Refused("the secret twice", .appService, 401) {
            $0.headers.append(name: "x-identity-header", value: Sample.identityHeader)
        },
        Refused("the metadata service's name", .appService, 400, "", add("msi_res_id=x")),
        Refused("an unknown identity", .appService, 400, "", add("mi_res_id=x")),
        Refused("another secret", .appService2017, 401) { $0.headers["Secret"] = "x" },
        Refused("an object id", .appService2017, 400, "", add("object_id=\(Sample.userAssignedObjectID)")),
        Refused("the newer name", .appService2017, 400, "", add("client_id=\(Sample.userAssignedClientID)")),
        Refused("an unknown identity", .appService2017, 400, "", add("clientid=x")),
        Refused("no secret", .azureMachineLearning, 400, "invalid_request") { $0.headers = [:] },
        Refused("another secret", .azureMachineLearning, 401, "unauthorized_client") { $0.headers["Secret"] = "x" },
        Refused("a resource id", .azureMachineLearning, 400, "invalid_request", add("msi_res_id=x")),
        Refused("an unknown identity", .azureMachineLearning, 400, "invalid_request", add("clientid=x")),
        Refused("no header", .cloudShell, 400, "invalid_request") { $0.headers["Metadata"] = nil },
        Refused("JSON", .cloudShell, 415) { $0.headers["Content-Type"] = "application/json" },
        Refused("an identity", .cloudShell, 400, "", add("client_id=\(Sample.userAssignedClientID)")),
        Refused("a query", .cloudShell, 400) { $0.query = "api-version=2018-02-01" },
        Refused("no secret", .serviceFabric, 400, "SecretHeaderNotFound") { $0.headers = [:] },
        Refused("another secret", .serviceFabric, 400, "SecretHeaderNotFound") { $0.headers["Secret"] = "x" },
        Refused("an identity", .serviceFabric, 400, "", add("client_id=\(Sample.userAssignedClientID)")),
        Refused("no resource", .serviceFabric, 400, "ArgumentNullOrEmpty") { $0.query = "api-version=2020-05-01" },
        Refused("no header", .azureArc, 400, "invalid_request") { $0.headers = [:] },
        Refused("a name that real agents pass over", .azureArc, 400, "", add("mi_res_id=x")),
        Refused("another version", .azureArc, 400, "") { $0.query = "api-version=2018-02-01&resource=x" },
    ]

    @Test("refuses", arguments: common + versions + own)
    func refuses(_ refused: Refused) throws {
        var request = HostRequests.good(refused.host)
        refused.change(&request)
        let response = HostRequests.core().response(to: request, at: HostRequests.date)
        #expect(response.status == refused.status)
        let json = try HostRequests.json(response)
        let word: String?
        switch refused.host {
        case .appService, .appService2017:
            #expect(json["statusCode"]?.integer == refused.status)
            #expect(json["correlationId"]?.string != nil)
            word = json["message"]?.string.map { _ in refused.word }
        case .azureMachineLearning, .cloudShell, .serviceFabric:
            #expect(json["error"]?["correlationId"]?.string != nil)
            #expect(json["error"]?["message"]?.string != nil)
            word = json["error"]?["code"]?.string
        default:
            #expect(json["error_description"]?.string != nil)
            word = json["error"]?.string
        }
        if refused.word.isEmpty { #expect(word != nil) } else { #expect(word == refused.word) }
        #expect(json["access_token"] == nil)
    }

    @Test func theMetadataServiceSaysThatAnIdentityIsUnknown() throws {
        var request = HostRequests.good(.virtualMachine)
        request.query += "&object_id=\(Sample.userAssignedClientID)"
        let response = HostRequests.core().response(to: request, at: HostRequests.date)
        let text = String(decoding: response.body, as: UTF8.self)
        #expect(text == #"{"error":"invalid_request","error_description":"Identity not found"}"#)
    }

    // MARK: Served

    @Test("gives tokens of the system-assigned identity", arguments: managed)
    func serves(_ host: EmulatedHost) throws {
        let response = HostRequests.core().response(to: HostRequests.good(host), at: HostRequests.date)
        #expect(response.status == 200)
        let json = try HostRequests.json(response)
        let claims = try HostRequests.claims(json["access_token"])
        #expect(claims["aud"]?.string == HostRequests.resource)
        #expect(claims["oid"]?.string == Sample.systemAssignedObjectID)
        #expect(claims["sub"]?.string == Sample.systemAssignedObjectID)
        #expect(claims["appid"]?.string == Sample.systemAssignedClientID)
        #expect(claims["xms_mirid"]?.string == Sample.systemAssignedResourceID)
        #expect(claims["iss"]?.string == "https://login.microsoftonline.com/\(Sample.tenantID)/v2.0")
        #expect(json["resource"]?.string == HostRequests.resource)
        #expect(json["token_type"]?.string == "Bearer")
        let expiry = Int(HostRequests.date.timeIntervalSince1970) + 3599
        #expect(claims["exp"]?.integer == expiry)
        switch host {
        case .serviceFabric, .azureMachineLearning: #expect(json["expires_on"]?.integer == expiry)
        case .appService2017: #expect(json["expires_on"]?.string == "01/01/2026 00:59:59 +00:00")
        default: #expect(json["expires_on"]?.string == String(expiry))
        }
        if [.virtualMachine, .podIdentity, .cloudShell].contains(host) { #expect(json["expires_in"]?.string == "3599") }
    }

    @Test(
        "knows user-assigned identities by the names of each host",
        arguments: [
            (.virtualMachine, "client_id", Sample.userAssignedClientID),
            (.virtualMachine, "object_id", Sample.userAssignedObjectID),
            (.virtualMachine, "msi_res_id", Sample.userAssignedResourceID.uppercased()),
            (.podIdentity, "msi_res_id", Sample.userAssignedResourceID), (.appService, "client_id", Sample.userAssignedClientID),
            (.appService, "object_id", Sample.userAssignedObjectID), (.appService, "principal_id", Sample.userAssignedObjectID),
            (.appService, "mi_res_id", Sample.userAssignedResourceID), (.appService2017, "clientid", Sample.userAssignedClientID),
            (.azureMachineLearning, "clientid", Sample.userAssignedClientID),
        ] as [(EmulatedHost, String, String)]
    )
    func userAssigned(host: EmulatedHost, name: String, id: String) throws {
        var request = HostRequests.good(host)
        request.query += "&\(name)=\(id)"
        let json = try HostRequests.json(HostRequests.core().response(to: request, at: HostRequests.date))
        #expect(try HostRequests.claims(json["access_token"])["oid"]?.string == Sample.userAssignedObjectID)
    }

    @Test(
        "writes dates in the form that is set",
        arguments: [
            (.number, "2192151478"), (.numericString, #""2192151478""#), (.linuxDate, #""06/20/2039 02:57:58 +00:00""#),
            (.windowsDate, #""6/20/2039 2:57:58 AM +00:00""#),
        ] as [(EmulatorConfiguration.Hosts.ExpiryForm, String)]
    )
    func dates(form: EmulatorConfiguration.Hosts.ExpiryForm, text: String) throws {
        for host in [EmulatedHost.appService2017, .azureMachineLearning] {
            let core = HostRequests.core {
                $0.tokenLifetime = 2_192_151_478 - Int(HostRequests.date.timeIntervalSince1970)
                $0.hosts.appService2017Expiry = form
                $0.hosts.machineLearningExpiry = form
            }
            let json = try HostRequests.json(core.response(to: HostRequests.good(host), at: HostRequests.date))
            #expect(json["expires_on"]?.text == text)
        }
    }

    @Test(
        "writes the hours of Windows dates in halves of the day",
        arguments: [(0, "12:00:00 AM"), (12, "12:00:00 PM"), (13, "1:00:00 PM"), (23, "11:00:00 PM")]
    )
    func halves(hour: Int, text: String) throws {
        let core = HostRequests.core {
            $0.tokenLifetime = hour * 3600
            $0.hosts.appService2017Expiry = .windowsDate
        }
        let json = try HostRequests.json(core.response(to: HostRequests.good(.appService2017), at: HostRequests.date))
        #expect(json["expires_on"]?.string == "1/1/2026 \(text) +00:00")
    }

    @Test func livesWithAnyLifetime() throws {
        for lifetime in [Int.max, Int.min, 0, -1] {
            for host in Self.managed {
                let core = HostRequests.core { $0.tokenLifetime = lifetime }
                #expect(core.response(to: HostRequests.good(host), at: HostRequests.date).status == 200)
            }
        }
    }

    @Test func withoutASystemAssignedIdentityOneHasToBeNamedIfThereAreSeveral() throws {
        func response(_ identities: [EmulatorConfiguration.ManagedIdentity]) throws -> EmulatorJSON {
            let core = HostRequests.core { $0.managedIdentities = identities }
            return try HostRequests.json(core.response(to: HostRequests.good(.virtualMachine), at: HostRequests.date))
        }
        func identity(_ id: String) -> EmulatorConfiguration.ManagedIdentity {
            .init(clientID: id, objectID: id, resourceID: "/subscriptions/\(id)", tenantID: Sample.tenantID)
        }
        #expect(try response([])["error_description"]?.string == "Identity not found")
        #expect(try HostRequests.claims(response([identity("a")])["access_token"])["oid"]?.string == "a")
        let several = try response([identity("a"), identity("b")])["error_description"]?.string
        #expect(several?.hasPrefix("Multiple user assigned identities exist") == true)
    }

    @Test func otherPathsLeadNowhere() throws {
        for (path, listener) in [
            ("/metadata/identity", EmulatorListener.plain), ("/arc/x", .plain), ("/nmi/x", .plain),
            ("/metadata/identity/oauth2/token/", .serviceFabric), ("/\(Sample.tenantID)/oauth2/v2.0/token", .identityBinding),
            ("/msi/token", .entra), ("/metadata/identity/oauth2/token", .entra), ("/msi/token", .serviceFabric),
        ] {
            var request = HostRequests.good(.virtualMachine)
            (request.path, request.listener) = (path, listener)
            #expect(HostRequests.core().response(to: request, at: HostRequests.date).status == 404)
        }
    }
}
