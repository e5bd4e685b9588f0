// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

extension EmulatorConfiguration {
    /// How the emulated hosts behave, and the values that programs on them are given.
    ///
    /// A new value has those of ``EmulatorConfiguration/Sample``.
    public struct Hosts: Sendable, Hashable {
        /// How an endpoint writes the time at which a token expires.
        public enum ExpiryForm: String, Sendable, Hashable, Codable, CaseIterable {
            /// Seconds since 1970, as a number.
            case number
            /// Seconds since 1970, as a string of digits.
            case numericString
            /// A date, `06/20/2039 02:57:58 +00:00`.
            case linuxDate
            /// A date, `6/20/2039 2:57:58 AM +00:00`.
            case windowsDate
        }

        /// A service connection of Azure Pipelines.
        public struct ServiceConnection: Sendable, Hashable {
            /// Its id.
            public var id: String
            /// The `sub` of its tokens.
            public var subject: String

            /// Creates a service connection.
            ///
            /// - Parameters:
            ///   - id: Its id.
            ///   - subject: The `sub` of its tokens.
            public init(id: String, subject: String) {
                self.id = id
                self.subject = subject
            }
        }

        /// Whether the metadata service answers at `http://169.254.169.254`, in memory. If not, connections to it fail.
        public var isMetadataServiceThere = true
        /// The secret of the variable `IDENTITY_HEADER`.
        public var identityHeader = Sample.identityHeader
        /// The secret of the variable `MSI_SECRET`.
        public var msiSecret = Sample.msiSecret
        /// How App Service of 2017 writes when a token expires.
        public var appService2017Expiry = ExpiryForm.linuxDate
        /// How Azure Machine Learning writes when a token expires.
        public var machineLearningExpiry = ExpiryForm.number
        /// The folder in which the Arc agent leaves the files of its challenges. It is made when the first one is written.
        public var arcKeyDirectory = "/var/opt/azcmagent/tokens"
        /// Whether the Arc agent is an old one, which passes over the identity that is asked for and confirms none.
        public var arcIgnoresIdentity = false
        /// The issuer of service account tokens.
        public var serviceAccountIssuer = "https://cluster.emulator.example"
        /// The `sub` of service account tokens.
        public var serviceAccountSubject = "system:serviceaccount:default:sample"
        /// The issuer of tokens of Azure Pipelines.
        public var pipelinesIssuer = "https://pipelines.emulator.example/contoso"
        /// The secret that a job of Azure Pipelines is given, `System.AccessToken`.
        public var systemAccessToken = Sample.systemAccessToken
        /// The service connections of Azure Pipelines.
        public var serviceConnections = [
            ServiceConnection(id: Sample.serviceConnectionID, subject: "sc://contoso/sample/connection")
        ]
        /// The issuer of tokens of GitHub Actions.
        public var gitHubIssuer = "https://actions.emulator.example"
        /// The secret that a job of GitHub Actions is given, `ACTIONS_ID_TOKEN_REQUEST_TOKEN`.
        public var gitHubRequestToken = Sample.gitHubRequestToken
        /// The `sub` of tokens of GitHub Actions.
        public var gitHubSubject = "repo:contoso/sample:ref:refs/heads/main"

        /// Creates hosts with the sample's values.
        public init() {}
    }
}

extension EmulatorConfiguration.Hosts: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The name of the type; never a secret.
    public var description: String { "Hosts(<redacted>)" }

    /// The same as ``description``.
    public var debugDescription: String { self.description }

    /// Shows nothing: it holds secrets.
    public var customMirror: Mirror {
        Mirror(self, children: EmptyCollection<Mirror.Child>(), displayStyle: .struct, ancestorRepresentation: .suppressed)
    }
}
