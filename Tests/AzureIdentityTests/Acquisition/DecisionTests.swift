// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import Testing

@testable import AzureIdentity

@Suite struct DecisionTests {
    @Test(arguments: [
        (3600, nil as Int?, 3300), (3599, nil, 3299), (7199, nil, 6899), (7200, nil, 3600), (86_400, nil, 43_200),
        (600, nil, 300), (400, nil, 200), (60, nil, 30), (1, nil, 0),
        (3600, 1800, 1800), (86_400, 1000, 1000), (3600, 3600, 3300), (3600, 9999, 3300), (3600, 0, 3300), (3600, -1, 3300),
    ])
    func renewsWhenItShould(lifetime: Int, refreshIn: Int?, expected: Int64) {
        let delay = RefreshSchedule.refreshDelay(lifetime: .seconds(lifetime), refreshIn: refreshIn.map { .seconds($0) })
        #expect(delay.components.seconds == expected)
        for chance in [0, 0.5, 0.999] {
            let jittered = RefreshSchedule.jittered(delay, lifetime: .seconds(lifetime), chance: chance)
            #expect(jittered >= delay && jittered <= delay + .seconds(60) && jittered < .seconds(lifetime))
        }
    }

    private static let own = "11111111-1111-1111-1111-111111111111"
    private static let other = "22222222-2222-2222-2222-222222222222"

    private static let tenantTable:
        [(own: String, allowed: [TenantFilter], isDisabled: Bool, requested: String?, expected: String)] = [
            (Self.own, [], false, nil, Self.own), (Self.own, [], false, Self.own, Self.own),
            ("ABCD.example", [], false, "abcd.EXAMPLE", "ABCD.example"),
            (Self.own, ["*"], false, Self.other, Self.other),
            (Self.own, [.tenant(Self.other.uppercased())], false, Self.other, Self.other),
            (Self.own, [.tenant(Self.other)], false, Self.other.uppercased(), Self.other),
            (Self.own, [], true, Self.other, Self.own), ("adfs", [], false, Self.other, "adfs"),
            ("ADFS", ["*"], false, Self.other, "ADFS"),
            ("", [], false, Self.other, Self.other), ("organizations", [], false, Self.other, Self.other),
        ]

    @Test(arguments: tenantTable)
    func asksTheRightTenant(own: String, allowed: [TenantFilter], isDisabled: Bool, requested: String?, expected: String) throws {
        let policy = TenantPolicy(configured: own, allowed: Set(allowed), isMultiTenantDisabled: isDisabled)
        #expect(try policy.tenant(requested: requested, credential: "X") == expected)
    }

    @Test(
        arguments: [(Self.own, []), (Self.own, ["contoso.example"]), ("common", []), ("organizations", ["contoso.example"])]
            as [(String, [TenantFilter])])
    func G48_refusesATenantThatIsNotAllowed(own: String, allowed: [TenantFilter]) throws {
        let policy = TenantPolicy(configured: own, allowed: Set(allowed), isMultiTenantDisabled: false)
        let error = #expect(throws: AuthenticationError.self) { try policy.tenant(requested: Self.other, credential: "X") }
        #expect(error?.code == .authenticationFailed && error?.isUnavailable == false)
        #expect(error?.message.contains("is not configured to acquire tokens for tenant \(Self.other)") == true)
        #expect(error?.remedy?.guide == "G48")
    }

    @Test(arguments: ["adfs", "ADFS"])
    func aRequestCannotChooseActiveDirectoryFederationServices(requested: String) {
        let policy = TenantPolicy(configured: Self.own, allowed: [.any], isMultiTenantDisabled: false)
        #expect(throws: AuthenticationError.self) { try policy.tenant(requested: requested, credential: "X") }
    }

    @Test func aSingleTenantStaysAlone() throws {
        let policy = TenantPolicy(
            configured: "organizations", allowed: [.any], isSingleTenant: true, isMultiTenantDisabled: false)
        #expect(throws: AuthenticationError.self) { try policy.tenant(requested: Self.other, credential: "X") }
        #expect(try policy.tenant(requested: nil, credential: "X") == "organizations")
    }

    @Test(arguments: ["", " ", "a/b", "..", ".", "a b", "ü", "a\n", "%2e", String(repeating: "a", count: 257)])
    func refusesATenantThatCannotBeOne(requested: String) {
        let policy = TenantPolicy(configured: Self.own, allowed: [.any], isMultiTenantDisabled: false)
        let error = #expect(throws: AuthenticationError.self) { try policy.tenant(requested: requested, credential: "X") }
        #expect(error?.code == .invalidConfiguration)
    }

    @Test func partitionsDiffer() {
        let lists = [["a", "b"], ["ab"], ["a", "b", ""], ["", "a", "b"], ["b", "a"], []]
        #expect(Set(lists.map { KeyedDigest.partition($0) }).count == lists.count)
        #expect(KeyedDigest.partition(["a", "b"]) == KeyedDigest.partition(["a", "b"]))
    }

    @Test(arguments: [
        ("login.microsoftonline.us", "https://login.microsoftonline.us"),
        (" https://login.microsoftonline.com// ", "https://login.microsoftonline.com"),
        ("HTTPS://Login.Microsoftonline.COM", "https://login.microsoftonline.com"), ("localhost:8443", "https://localhost:8443"),
        ("https://localhost:8443/", "https://localhost:8443"), ("https://[::1]:8443/", "https://[::1]:8443"),
        ("https://127.0.0.1:1", "https://127.0.0.1:1"),
        ("https://adfs.contoso.example/some/path/", "https://adfs.contoso.example/some/path"),
    ])
    func readsAuthorityHosts(text: String, expected: String) throws {
        #expect(try AuthorityHost(text).description == expected)
    }

    @Test(arguments: [
        "", " ", "http://login.microsoftonline.com", "ftp://x", "https://", "https://u:p@host", "https://u@host",
        "https://host?x=1",
        "https://host#f", "https://ho st", "https://host/a b", "https://host/../x", "javascript:alert(1)", "https://h\nx",
        "https://ü.example", "https://host:99999999999", "https://host:99999999999999999999", "https://host:", "host:",
        "https://[::1]:", "https://host:0", String(repeating: "a", count: 400),
    ])
    func refusesBadAuthorityHosts(text: String) {
        let error = #expect(throws: AuthenticationError.self) { try AuthorityHost(text) }
        #expect(error?.code == .invalidConfiguration)
    }

    private static let variableTable: [(environment: EnvironmentVariables, missing: [String]?)] = [
        ([:], nil), (["AZURE_CLIENT_ID": "c"], ["AZURE_TENANT_ID", "AZURE_CLIENT_SECRET"]),
        (["AZURE_CLIENT_SECRET": "s"], ["AZURE_TENANT_ID", "AZURE_CLIENT_ID"]),
        (["AZURE_TENANT_ID": "t", "AZURE_CLIENT_ID": "", "AZURE_CLIENT_SECRET": "s"], ["AZURE_CLIENT_ID"]),
        (["AZURE_CLIENT_CERTIFICATE_PATH": "/p"], ["AZURE_TENANT_ID", "AZURE_CLIENT_ID"]),
        (["AZURE_USERNAME": "u"], nil),
    ]

    @Test(arguments: variableTable)
    func namesMissingVariables(environment: EnvironmentVariables, missing: [String]?) throws {
        guard case .incomplete(_, let found) = EnvironmentPlan(environment: environment) else {
            Issue.record("a set was found in \(environment)")
            return
        }
        #expect(found == missing ?? ["AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"])
    }

    @Test(arguments: ["1", "true", "TRUE", "yes", "anything"])
    func aSwitchIsOn(value: String) { #expect(EnvironmentVariables(["X": value]).isOn("X")) }

    @Test(arguments: ["", "0", "false", "FALSE", "no", "off"])
    func aSwitchIsOff(value: String) {
        let variables = EnvironmentVariables(["X": value])
        #expect(!variables.isOn("X") && !variables.isOn("Y"))
    }
}
