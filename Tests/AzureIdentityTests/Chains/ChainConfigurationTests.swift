// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureIdentityTesting
import Testing

@testable import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Chains as documents.
@Suite struct ChainConfigurationTests {
    private static let whole = """
        {
          "name": "MyCredential", "keepsWinner": true, "passesOn": "anyFailure",
          "expectedIdentity": {"tenantId": "t", "objectId": "o", "clientId": "c"},
          "members": [
            {"type": "EnvironmentCredential"},
            {"type": "WorkloadIdentityCredential", "tenantId": "t", "clientId": "c", "tokenFilePath": "/f", "isAzureProxyEnabled": true},
            {"type": "ManagedIdentityCredential", "clientId": "c"},
            {"type": "ManagedIdentityCredential", "objectId": "o"},
            {"type": "ManagedIdentityCredential", "resourceId": "/r"},
            {"type": "AzureCLICredential", "tenantId": "t", "subscription": "s", "processTimeoutSeconds": 2.5},
            {"type": "AzurePowerShellCredential", "tenantId": "t", "processTimeoutSeconds": 30},
            {"type": "AzureDeveloperCLICredential", "tenantId": "t", "processTimeoutSeconds": 30},
            {"type": "azid", "tenantId": "t"},
            {"type": "GitHubActionsCredential", "tenantId": "t", "clientId": "c", "audience": "a"},
            {"type": "DefaultAzureCredential", "tenantId": "t", "processTimeoutSeconds": 30,
             "exclusions": ["azureCliCredential"], "inclusions": ["EnvironmentCredential"], "excludesDeveloperToolsOnAzure": true}
          ]
        }
        """

    private static func decode(_ text: String) throws -> ChainConfiguration {
        try JSONDecoder().decode(ChainConfiguration.self, from: Data(text.utf8))
    }

    @Test func theWholeFormThereAndBack() throws {
        let configuration = try Self.decode(Self.whole)
        #expect(configuration.members.map(\.type).count == 11 && configuration.passesOn == .anyFailure)
        #expect(configuration.members[5].processTimeoutSeconds == 2.5 && configuration.expectedIdentity?.clientID == "c")
        let again = try JSONDecoder().decode(ChainConfiguration.self, from: JSONEncoder().encode(configuration))
        #expect(again == configuration)
    }

    @Test func makesAChain() async throws {
        let options = ScriptedTransport { _ in ScriptedTransport.token }.options()
        let chain = ChainedTokenCredential(configuration: try Self.decode(Self.whole), options: options)
        #expect(
            chain.plan().members.map(\.name) == [
                "EnvironmentCredential", "WorkloadIdentityCredential", "ManagedIdentityCredential", "ManagedIdentityCredential",
                "ManagedIdentityCredential", "AzureCLICredential", "AzurePowerShellCredential", "AzureDeveloperCLICredential",
                "AzidCredential", "GitHubActionsCredential", "DefaultAzureCredential",
            ])
        let short = ChainedTokenCredential(
            configuration: try Self.decode(#"{"name":"Mine","members":[{"type":"EnvironmentCredential"}]}"#), options: options)
        let error = try await authenticationError { try await short.token(forScopes: vaultScope) }
        #expect(error.code == .credentialUnavailable && error.credential == "Mine" && error.remedy?.guide == "G06")
    }

    @Test(
        arguments: [
            (#"{}"#, "members"), (#"{"members":[]}"#, "At least one"), (#"[]"#, ""), (#"{"members":{}}"#, ""),
            (#"{"members":[{"type":"EnvironmentCredential"}],"membres":1}"#, "expectedIdentity, keepsWinner, members"),
            (#"{"members":[{}]}"#, "type"), (#"{"members":[{"type":"ClientSecretCredential"}]}"#, "AzureCLICredential"),
            (#"{"members":[{"type":"environmentcredential"}]}"#, "EnvironmentCredential"),
            (#"{"members":[{"type":"EnvironmentCredential","clientSecret":"x"}]}"#, "is not known here"),
            (#"{"members":[{"type":"EnvironmentCredential","tenantId":"x"}]}"#, "doesn't have this; it has: type"),
            (#"{"members":[{"type":"AzureCLICredential","tenantId":7}]}"#, ""),
            (#"{"members":[{"type":"AzureCLICredential","tenantId":""}]}"#, "isn't empty"),
            (#"{"members":[{"type":"AzureCLICredential","processTimeoutSeconds":0}]}"#, "at most 290"),
            (#"{"members":[{"type":"AzureCLICredential","processTimeoutSeconds":1e300}]}"#, "at most 290"),
            (#"{"members":[{"type":"ManagedIdentityCredential","clientId":"c","objectId":"o"}]}"#, "one of"),
            (#"{"members":[{"type":"DefaultAzureCredential","exclusions":["az"]}]}"#, "BrokerCredential"),
            (#"{"members":[{"type":"EnvironmentCredential"}],"passesOn":"all"}"#, "unavailability, anyFailure"),
            (
                #"{"members":[{"type":"EnvironmentCredential"}],"expectedIdentity":{"tenant":"t"}}"#,
                "clientId, objectId, tenantId"
            ),
        ])
    func aBadDocumentIsRefusedWithWhatIsAllowed(text: String, part: String) throws {
        let error = try #require(throws: DecodingError.self) { try Self.decode(text) }
        #expect("\(error)".contains(part), "\(error)")
    }

    /// The schema's file and the code say the same.
    @Test func theSchemaIsTheCodes() throws {
        struct Schema: Decodable {
            struct Rule: Decodable {
                struct Property: Decodable {
                    let const: String?
                    let `enum`: [String]?
                }
                let additionalProperties: Bool?
                let required: [String]?
                let properties: [String: Property]?
                let `enum`: [String]?
            }
            let additionalProperties: Bool, required: [String]
            let properties: [String: Rule]
            let definitions: [String: Rule]
            private enum CodingKeys: String, CodingKey {
                case additionalProperties, required, properties
                case definitions = "$defs"
            }
        }
        var path = #filePath.split(separator: "/").dropLast(4)
        path += ["Schemas", "credential-chain.schema.json"]
        let data = try Data(contentsOf: URL(filePath: "/" + path.joined(separator: "/")))
        let schema = try JSONDecoder().decode(Schema.self, from: data)
        #expect(Set(schema.properties.keys) == Set(ChainConfiguration.CodingKeys.allCases.map(\.stringValue)))
        #expect(!schema.additionalProperties && schema.required == ["members"])
        #expect(schema.properties["passesOn"]?.enum == ChainOptions.Passing.all.map(\.description))
        let kinds = ChainConfiguration.Member.Kind.allCases
        for kind in kinds {
            let rule = try #require(schema.definitions[kind.rawValue])
            #expect(Set((rule.properties ?? [:]).keys) == Set(kind.keys.map(\.stringValue)), "\(kind)")
            #expect(rule.properties?["type"]?.const == kind.rawValue && rule.required == ["type"])
            #expect(rule.additionalProperties == false)
        }
        #expect(Set(schema.definitions.keys) == Set(kinds.map(\.rawValue)).union(["defaultMember", "expectedIdentity"]))
        #expect(schema.definitions["defaultMember"]?.enum == DefaultChainMember.all.map(\.description))
        let identity = try #require(schema.definitions["expectedIdentity"])
        #expect(Set((identity.properties ?? [:]).keys) == Set(ExpectedIdentity.CodingKeys.allCases.map(\.stringValue)))
    }

    /// What a document couldn't say, code can; it doesn't end the program.
    @Test(arguments: [Double.nan, .infinity, 1e300, 0, -1]) func valuesOfCodeAreCheckedToo(seconds: Double) async throws {
        var member = ChainConfiguration.Member(type: .azureCLI)
        member.processTimeoutSeconds = seconds
        let chain = ChainedTokenCredential(configuration: ChainConfiguration(members: [member]))
        let error = try await authenticationError { try await chain.token(forScopes: vaultScope) }
        #expect(error.code == .invalidConfiguration && error.message.contains("processTimeoutSeconds"))
    }

    @Test func aMisspeltExclusionOfCodeIsAnError() async throws {
        var member = ChainConfiguration.Member(type: .default)
        member.exclusions = ["AzureCLIcredentials"]
        let chain = ChainedTokenCredential(configuration: ChainConfiguration(members: [member]))
        let error = try await authenticationError { try await chain.token(forScopes: vaultScope) }
        #expect(error.code == .invalidConfiguration && error.message.contains("AzureCLIcredentials"))
    }
}
