// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// Where the emulator's parts are reached.
public struct EmulatorEndpoints: Sendable, Hashable {
    /// The base address of Microsoft Entra ID, with https and without a slash at the end.
    public var entra: String
    /// The base address of the identity endpoints over plain http, without a slash at the end.
    public var plain: String
    /// The base address of Service Fabric, with https and without a slash at the end.
    public var serviceFabric: String
    /// The SHA-1 thumbprint of Service Fabric's certificate: 40 hexadecimal digits, in lower case.
    public var serviceFabricThumbprint: String
    /// The address of the proxy of identity binding, with https, its path and without a slash at the end.
    public var identityBinding: String
    /// The server name that a client of the proxy has to ask for.
    public var identityBindingServerName: String
    /// The authority that has issued the certificate of the proxy, in PEM.
    public var identityBindingCAPEM: String
    /// Where files such as the service account token are written. `nil`: the variables name the paths of a pod.
    public var folder: String?

    /// Creates endpoints.
    ///
    /// - Parameters:
    ///   - entra: The base address of Microsoft Entra ID.
    ///   - plain: The base address of the identity endpoints over plain http.
    ///   - serviceFabric: The base address of Service Fabric.
    ///   - serviceFabricThumbprint: The SHA-1 thumbprint of its certificate, 40 hexadecimal digits in lower case.
    ///   - identityBinding: The address of the proxy of identity binding, with its path.
    ///   - identityBindingServerName: The server name that a client of the proxy has to ask for.
    ///   - identityBindingCAPEM: The authority that has issued the certificate of the proxy, in PEM.
    ///   - folder: Where files are written. `nil`: the variables name the paths of a pod.
    public init(
        entra: String,
        plain: String,
        serviceFabric: String,
        serviceFabricThumbprint: String,
        identityBinding: String,
        identityBindingServerName: String,
        identityBindingCAPEM: String,
        folder: String? = nil
    ) {
        self.entra = entra
        self.plain = plain
        self.serviceFabric = serviceFabric
        self.serviceFabricThumbprint = serviceFabricThumbprint
        self.identityBinding = identityBinding
        self.identityBindingServerName = identityBindingServerName
        self.identityBindingCAPEM = identityBindingCAPEM
        self.folder = folder
    }

    /// The endpoints of an emulator in memory, which ``EntraEmulator/transport`` reaches.
    public static let inMemory = EmulatorEndpoints(
        entra: "https://login.microsoftonline.com",
        plain: "http://127.0.0.1:8080",
        serviceFabric: "https://127.0.0.1:2377",
        serviceFabricThumbprint: "00112233445566778899aabbccddeeff00112233",
        identityBinding: "https://127.0.0.1:8443/binding",
        identityBindingServerName: "binding.emulator.example",
        identityBindingCAPEM: """
            -----BEGIN CERTIFICATE-----
            MIIBSzCB8qADAgECAgEBMAoGCCqGSM49BAMCMCQxIjAgBgNVBAMMGUVtdWxhdGVk
            IGlkZW50aXR5IGJpbmRpbmcwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAw
            MDBaMCQxIjAgBgNVBAMMGUVtdWxhdGVkIGlkZW50aXR5IGJpbmRpbmcwWTATBgcq
            hkjOPQIBBggqhkjOPQMBBwNCAARELHVRwhybQ7kk8pCoigT3fHaRqOVDOl5Yksf2
            2dItB2yhWYVSj0K47vPtUO2oVz1WzmXtZWP88qs+WJ6l0UItoxMwETAPBgNVHRMB
            Af8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCIQC4HGyf1DIpQ/wmovs7WJr7lus7
            RJYYlaaxS0qD7P+ZegIgCaDtxSe7yFgylsrS5gEUclDVPfMB7D+q552UE5roa2g=
            -----END CERTIFICATE-----

            """
    )
}
