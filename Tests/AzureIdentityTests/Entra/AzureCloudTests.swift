// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import Testing

@testable import AzureIdentity

/// Clouds read from what a resource manager says of itself.
@Suite struct AzureCloudTests {
    private static let list = """
        [{"name":"AzureCloud","authentication":{"loginEndpoint":"https://login.microsoftonline.com/","audiences":[]}},
         {"name":"Private","resourceManager":"https://management.private.example/","microsoftGraphResourceId":"https://graph.microsoft.com",
          "authentication":{"loginEndpoint":"https://login.private.example/","audiences":["https://management.azure.com/"],
                            "tenant":"common"},"suffixes":{"keyVaultDns":"vault.private.example"}}]
        """
    private static let stack = """
        {"galleryEndpoint":"https://portal.local.azurestack.external:30015/","graphEndpoint":"https://graph.local.azurestack.external/",
         "portal Endpoint":"x","authentication":{"loginEndpoint":"https://adfs.local.azurestack.external/adfs/",
         "audiences":["https://management.azurestack.onmicrosoft.com/3cc5febd"]}}
        """

    @Test func aListHasACloudByName() throws {
        let cloud = try AzureCloud(metadata: Array(Self.list.utf8), named: "Private")
        #expect(cloud.name == "Private" && cloud.authorityHost.description == "https://login.private.example")
        #expect(cloud.audiences.contains("https://management.azure.com/"))
        #expect(try AzureCloud(metadata: Array(Self.list.utf8), named: "AzureCloud").authorityHost == .publicCloud)
        #expect(throws: AuthenticationError.self) { try AzureCloud(metadata: Array(Self.list.utf8)) }
    }

    @Test func azureStackWithADFS() throws {
        let cloud = try AzureCloud(metadata: Array(Self.stack.utf8))
        #expect(cloud.authorityHost.description == "https://adfs.local.azurestack.external")
        #expect(cloud.name == "adfs.local.azurestack.external")
    }

    @Test(
        arguments: [
            "", "[]", "{}", "null", "[1]", "<html>", #"{"authentication":{"loginEndpoint":"http://h.example"}}"#,
            #"{"authentication":{"loginEndpoint":""}}"#, #"{"authentication":[]}"#,
        ]
    )
    func documentsThatAreNone(text: String) {
        let error = #expect(throws: AuthenticationError.self) { try AzureCloud(metadata: Array(text.utf8)) }
        #expect(error?.code == .invalidConfiguration)
    }

    @Test func aMissingNameIsAnError() {
        #expect(throws: AuthenticationError.self) { try AzureCloud(metadata: Array(Self.list.utf8), named: "Nowhere") }
    }

    @Test func aResourceManagerIsAsked() async throws {
        let transport = ScriptedTransport { _ in ScriptedTransport.json(Self.list) }
        let cloud = try await AzureCloud.described(
            by: "https://management.private.example/", options: transport.options())
        #expect(cloud.name == "Private" && transport.places == ["GET management.private.example/metadata/endpoints"])
        for bad in ["http://management.private.example", "", "https://h.example/?q"] {
            let error = try await authenticationError { try await AzureCloud.described(by: bad, options: transport.options()) }
            #expect(error.code == .invalidConfiguration)
        }
        let broken = ScriptedTransport { _ in TransportResponse(status: 403) }
        let error = try await authenticationError {
            try await AzureCloud.described(by: "https://management.private.example", options: broken.options())
        }
        #expect(error.code == .authenticationFailed && error.message.contains("403"))
    }
}
