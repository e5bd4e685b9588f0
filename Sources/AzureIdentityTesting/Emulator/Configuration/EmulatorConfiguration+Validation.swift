// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

extension EmulatorConfiguration {
    /// The id of the tenant that is an AD FS.
    static let adfsID = "adfs"

    /// Checks that ids have their form, that none occurs twice where it must not, and that certificates and keys can be used.
    ///
    /// - Throws: ``EmulatorConfigurationError`` that says what is wrong where.
    public func validate() throws(EmulatorConfigurationError) {
        guard !self.tenants.isEmpty else { throw .invalid("it has no tenant.") }
        var names: Set<String> = []
        for tenant in self.tenants {
            if tenant.isADFS {
                guard tenant.id == Self.adfsID else { throw .invalid("the id of an AD FS is \"\(Self.adfsID)\".") }
                guard tenant.domains.isEmpty else { throw .invalid("an AD FS has no domains.") }
            } else {
                guard GUID.isValid(tenant.id) else { throw .invalid("the tenant id \"\(tenant.id)\" is not a GUID.") }
            }
            for name in [tenant.id] + tenant.domains where !names.insert(name.lowercased()).inserted {
                throw .invalid("\"\(name)\" names two tenants.")
            }
            for domain in tenant.domains where !Self.isDomain(domain) {
                throw .invalid("\"\(domain)\" is not a domain name.")
            }
            var clients: Set<String> = []
            for application in tenant.applications {
                for id in [application.clientID, application.objectID] where !GUID.isValid(id) {
                    throw .invalid("\"\(id)\" in the tenant \(tenant.id) is not a GUID.")
                }
                guard clients.insert(application.clientID.lowercased()).inserted else {
                    throw .invalid("the tenant \(tenant.id) has the application \(application.clientID) twice.")
                }
                try application.validate()
            }
        }
        guard self.metadata.region != "" else { throw .invalid("the region of the metadata service is empty.") }
        for issuer in self.issuers { try issuer.validate(in: self) }
        try self.validateHosts()
        try self.validateSubscriptions()
        try self.validatePeople()
        try self.validateVaults()
    }
}

extension EmulatorConfiguration.Application {
    fileprivate func validate() throws(EmulatorConfigurationError) {
        let name = "the application \(self.clientID)"
        if self.secrets.contains(where: { $0.value.isEmpty }) { throw .invalid("\(name) has an empty secret.") }
        if self.certificates.contains(where: { X509Frame(der: $0.der) == nil }) {
            throw .invalid("\(name) has a certificate that is none.")
        }
        for credential in self.federatedCredentials {
            for (what, text) in [
                ("issuer", credential.issuer), ("subject", credential.subject), ("audience", credential.audience),
            ] where text.isEmpty {
                throw .invalid("a federated credential of \(name) has an empty \(what).")
            }
            guard credential.isSignedByEmulator || !credential.publicKeys.isEmpty else {
                throw .invalid("a federated credential of \(name) has no key.")
            }
            guard credential.publicKeys.allSatisfy({ $0.modulus.count >= 256 && !$0.exponent.isEmpty }) else {
                throw .invalid("a federated credential of \(name) has a key of less than 2048 bits.")
            }
        }
        if let trust = self.subjectNameIssuer {
            guard !trust.subjectName.isEmpty else { throw .invalid("the subject name of \(name) is empty.") }
            guard !trust.authorities.isEmpty, trust.authorities.allSatisfy({ X509Frame(der: $0) != nil }) else {
                throw .invalid("the authorities of \(name) are not certificates.")
            }
        }
    }
}

extension EmulatorConfiguration.OpenIDIssuer {
    fileprivate func validate(in configuration: EmulatorConfiguration) throws(EmulatorConfigurationError) {
        guard self.path.hasPrefix("/"), self.path.count > 1, !self.path.hasSuffix("/"), Self.isPlain(self.path) else {
            throw .invalid("the path \"\(self.path)\" of an issuer doesn't begin with a slash, or ends with one.")
        }
        guard configuration.issuers.count(where: { $0.path == self.path }) == 1 else {
            throw .invalid("two issuers have the path \"\(self.path)\".")
        }
        guard configuration.tenants.contains(where: { $0.id == self.tenantID && !$0.isADFS }) else {
            throw .invalid("\"\(self.tenantID)\", which an issuer is for, is the id of no tenant.")
        }
        guard Self.isPlain(self.tokenEndpoint), self.tokenEndpoint.hasPrefix("/") || self.tokenEndpoint.contains("://") else {
            throw .invalid("the token endpoint \"\(self.tokenEndpoint)\" is neither a path nor an address.")
        }
    }

    /// Whether a text is of visible ASCII, without a query or a fragment.
    private static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
    }
}

extension EmulatorConfigurationError {
    static func invalid(_ reason: String) -> EmulatorConfigurationError {
        EmulatorConfigurationError(message: "The emulator's configuration is not valid: \(reason)")
    }
}
