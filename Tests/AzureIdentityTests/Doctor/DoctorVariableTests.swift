// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import Testing

@testable import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What is said of variables, and what never is.
@Suite struct DoctorVariableTests {
    @Test(
        arguments: [
            ("value", false, nil), ("", false, .empty), ("  \n", false, .blank), ("\"value\"", false, .quoted),
            ("'value'", true, .quoted), ("value\n", false, .padded), (" value", false, .padded), ("value\n", true, nil),
            ("a\u{1}b", true, .broken), ("a\nb", false, .broken), ("\"", false, nil), ("it's", false, nil),
        ] as [(String, Bool, VariableShape?)])
    func shapes(value: String, isTrimmed: Bool, expected: VariableShape?) {
        #expect(VariableShape(value, isTrimmed: isTrimmed) == expected)
    }

    private func observation(_ name: String, _ values: [String: String], isThere: Bool = false) -> IdentityDoctor.Observation? {
        VariableProbe.findings(EnvironmentVariables(values)) { _ in isThere }.observations.first { $0.subject == name }
    }

    @Test func noValueIsShownButIDsPathsAndWords() throws {
        for variable in KnownVariable.all {
            let value = "MARKED-\(variable.name.lowercased())"
            let text = try #require(self.observation(variable.name, [variable.name: value], isThere: true)).text
            switch variable.kind {
            case .path, .word: #expect(text == "set: \(value)")
            case .id: #expect(text == "set (no GUID)")
            case .secret, .address: #expect(text == "set")
            }
        }
        let id = self.observation("AZURE_CLIENT_ID", ["AZURE_CLIENT_ID": "C0000000-0000-4000-8000-000000000001"])
        #expect(id?.text == "set: c0000000-0000-4000-8000-000000000001" && id?.state == .good)
    }

    /// The content of a file in place of its path, which is a common mistake, is no path.
    @Test(
        arguments: [
            ("/var/run/secrets/azure/tokens/azure-identity-token", true), ("/no such/app.pem", true), ("certificate.PFX", true),
            ("~/.keys/application", true), (#"C:\keys\application"#, true), ("", false),
            ("Xy~8Q-a.secret_of_an_application", false), ("MIIKYQIBAzCCCicGCSqGSIb3DQEHAaCCChgEggoU", false),
            ("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJNQVJLRUQifQ.c2lnbmF0dXJl", false),
            ("-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n", false),
            ("/9j4AAQSkZJRgABAQAAAQABAADq2wBDAAMCAgMC/x", false), ("/9j4AAQ+SkZJRg==", false),
            ("/" + String(repeating: "name/", count: 50), false),
        ])
    func whatCanHardlyBeButAPathIsShown(value: String, isShown: Bool) {
        #expect(PathValue.isShown(value, isThere: false) == isShown)
        #expect(PathValue.isShown(value, isThere: true))
        guard !value.isEmpty, !value.contains("\n") else { return }
        let name = "AZURE_FEDERATED_TOKEN_FILE"
        let observation = self.observation(name, [name: value])
        #expect(observation?.text == (isShown ? "set: \(value)" : "set; no file has this name"))
        #expect(observation?.state == (isShown ? IdentityDoctor.State.good : IdentityDoctor.State.doubtful))
    }

    @Test func theIDOfASecretIsNoSecret() {
        let text = self.observation("AZURE_CLIENT_SECRET", ["AZURE_CLIENT_SECRET": UUID().uuidString])?.text
        #expect(text == "set; it looks like the id of a secret, not like its value")
    }

    @Test func whatIsMissingBesideOthers() {
        let missing = self.observation("AZURE_TENANT_ID", ["AZURE_CLIENT_ID": "x", "AZURE_CLIENT_SECRET": "y"])
        #expect(missing?.state == .absent && missing?.text.contains("not set") == true)
        #expect(self.observation("AZURE_TENANT_ID", [:]) == nil)
    }

    @Test func twoWaysToProveOneself() {
        let both = ["AZURE_CLIENT_SECRET": "s", "AZURE_CLIENT_CERTIFICATE_PATH": "/p"]
        let observation = self.observation("AZURE_CLIENT_SECRET, AZURE_CLIENT_CERTIFICATE_PATH", both)
        #expect(observation?.state == .doubtful && observation?.text.contains("uses the secret") == true)
    }

    @Test func aBadShapeIsAComplaintAboutWhoReadsIt() throws {
        let findings = VariableProbe.findings(["AZURE_CLIENT_SECRET": "\"MARKED\""])
        let complaint = try #require(findings.complaints.first)
        #expect(complaint.concerns?.contains("EnvironmentCredential") == true && complaint.remedy?.guide == "G08")
        #expect(complaint.message.contains("quotation marks") && !"\(complaint)".contains("MARKED"))
        #expect(VariableProbe.findings(["AZURE_CLIENT_SECRET": ""]).complaints.isEmpty)
    }

    /// Who reads what is told once: this list names nobody whom the catalogue doesn't, and leaves out no EnvironmentCredential.
    @Test func theReadersAreThoseOfTheCatalogue() throws {
        struct Catalogue: Decodable {
            struct Variable: Decodable {
                let name: String, readBy: [String]
            }
            let variables: [Variable]
        }
        let root = "/" + #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        let data = try Data(contentsOf: URL(filePath: root + "/environment-variables.json"))
        let catalogue = try JSONDecoder().decode(Catalogue.self, from: data).variables
        for variable in KnownVariable.all {
            let readBy = try #require(catalogue.first { $0.name == variable.name }, "\(variable.name)").readBy
            // "all credentials that …" names none of them.
            guard !readBy.contains(where: { $0.hasPrefix("all ") }) else { continue }
            #expect(variable.readers.isSubset(of: readBy), "\(variable.name): \(variable.readers.sorted())")
            let name = "EnvironmentCredential"
            #expect(readBy.contains(name) == variable.readers.contains(name), "\(variable.name)")
        }
    }

    @Test func whatIsNotUsedIsInNobodysWay() {
        let ids = ["AZURE_TENANT_ID": "t", "AZURE_CLIENT_ID": "c"]
        func concerned(_ values: [String: String]) -> [Set<String>] {
            VariableProbe.findings(EnvironmentVariables(values.merging(ids) { $1 })).complaints.compactMap(\.concerns)
        }
        #expect(concerned(["AZURE_CLIENT_SECRET": "s", "AZURE_PASSWORD": " p "]) == [[]])
        #expect(concerned(["AZURE_CLIENT_SECRET": "s", "AZURE_CLIENT_CERTIFICATE_PATH": " /p "]) == [[]])
        #expect(concerned(["AZURE_CLIENT_CERTIFICATE_PATH": "/p", "AZURE_PASSWORD": " p "]) == [[]])
        #expect(concerned(["AZURE_USERNAME": "u", "AZURE_PASSWORD": " p "]) == [["EnvironmentCredential"]])
        // Blanks alone count as not set where a list is read.
        #expect(concerned(["AZURE_ADDITIONALLY_ALLOWED_TENANTS": " "]) == [[]])
        #expect(concerned(["AZURE_TOKEN_CREDENTIALS": " "]) == [[]])
    }

    @Test(
        arguments: [
            ([:], false), (["AZURESUBSCRIPTION_SERVICE_CONNECTION_ID": "x"], true), (["SYSTEM_ACCESSTOKEN": "x"], true),
            (["SYSTEM_ACCESSTOKEN": "x", "SYSTEM_OIDCREQUESTURI": "https://x.example"], false),
        ] as [([String: String], Bool)])
    func G46_notInAPipeline(values: [String: String], isFound: Bool) {
        let complaints = VariableProbe.findings(EnvironmentVariables(values)).complaints
        #expect(complaints.contains { $0.remedy?.guide == "G46" } == isFound)
    }

    // MARK: Redaction

    /// A file's content in place of its path is taken out of errors that name the path, and have shortened it.
    @Test func whatIsNoPathIsTakenOut() {
        let content = "eyJhbGciOiJSUzI1NiJ9." + (0..<300).map { "M\($0)" }.joined()
        for name in ["AZURE_FEDERATED_TOKEN_FILE", "AZURE_CLIENT_CERTIFICATE_PATH"] {
            let redaction = DoctorRedaction([name: content], showsAccounts: false)
            for limit in [100, 200, 300, 2000] {
                let text = "The file \"\(HostileText.sanitized(content, limit: limit))\" can't be read."
                let rest = redaction.shown(text).replacing("<redacted>", with: "").replacing("…", with: "")
                #expect(rest == "The file \"\" can't be read.", "\(limit)")
            }
        }
        let path = DoctorRedaction(["AZURE_FEDERATED_TOKEN_FILE": "/no/such/token"], showsAccounts: false)
        #expect(path.shown("\"/no/such/token\" can't be found") == "\"/no/such/token\" can't be found")
        let file = DoctorRedaction(["AZURE_FEDERATED_TOKEN_FILE": content], isThere: { _ in true }, showsAccounts: false)
        #expect(file.shown(content) == content)
    }

    /// Proxies that this library can't use have passwords too.
    @Test(
        arguments: [
            "https://MARKED-user:MARKED-password@proxy.example", "socks5://MARKED-user:MARKED-password@proxy.example:1080",
            "http://MARKED-user:MARKED-password/@proxy.example", "MARKED-user:MARKED-password@proxy.example",
            "https://MARKED%2Duser:MARKED%2Dpassword@proxy.example",
        ])
    func secretsOfAnyProxyAreTakenOut(value: String) {
        let redaction = DoctorRedaction(["ALL_PROXY": value], showsAccounts: true)
        for text in ["refused: \(value)", value.replacing("%2D", with: "-")] {
            let shown = redaction.shown(text)
            #expect(!shown.contains("MARKED-password") && !shown.contains("MARKED%2D"), "\(shown)")
        }
        let plain = DoctorRedaction(["ALL_PROXY": "http://proxy.example"], showsAccounts: true)
        #expect(plain.shown("proxy.example") == "proxy.example")
    }

    @Test func secretsOfTheProgramsOwnProxyAreTakenOut() throws {
        let proxy = try ProxyServer("http://MARKED-user:MARKED%2Fpassword@proxy.example")
        let shown = DoctorRedaction([:], proxy: proxy, showsAccounts: true).shown("MARKED-user MARKED/password MARKED%2Fpassword")
        #expect(!shown.contains("MARKED"), "\(shown)")
    }

    @Test func secretsAreTakenOutOfAnyText() {
        let environment: EnvironmentVariables = [
            "AZURE_CLIENT_SECRET": " MARKED-one ", "SOME_API_KEY": "MARKED-two-is-long", "IDENTITY_HEADER": "MARKED-three",
            "HTTPS_PROXY": "http://MARKED-user:MARKED-password@proxy.example:8080", "AZURE_TOKEN_CREDENTIALS": "prod",
        ]
        let redaction = DoctorRedaction(environment, showsAccounts: false)
        let text = "prod: MARKED-one, MARKED-two-is-long, MARKED-three, MARKED-user, MARKED-password, ada@contoso.example"
        let shown = redaction.shown(text)
        #expect(!shown.contains("MARKED") && !shown.contains("ada@") && shown.hasPrefix("prod: "), "\(shown)")
        #expect(DoctorRedaction([:], showsAccounts: true).shown("ada@contoso.example") == "ada@contoso.example")
        var remedy = Guide.remedy(.g35)
        remedy.text += " MARKED-three"
        remedy.commands = [["az", "MARKED-three", "--username", "ada@contoso.example"]]
        #expect(!"\(redaction.shown(remedy))".contains("MARKED") && !"\(redaction.shown(remedy))".contains("ada@"))
    }

    /// What is cut off first leaves its beginning, which nothing knows any more.
    @Test(arguments: 0..<24) func nothingIsShortenedBeforeItIsHidden(place: Int) {
        let redaction = DoctorRedaction(["AZURE_CLIENT_SECRET": "MARKED-secret-value"], showsAccounts: false)
        for hidden in ["MARKED-secret-value", "MARKEDLOVELACE@contoso.example"] {
            let shown = redaction.shown(String(repeating: ".", count: 160 - place) + " " + hidden, limit: 160)
            #expect(!shown.contains("MA") && shown.unicodeScalars.count <= 161, "\(shown)")
        }
    }

    /// A gap in a sentence of the doctor's own would tell what the secret is.
    @Test(arguments: [
        ("wrong", false), ("token", false), ("PATH", false), ("hunter2", true), ("Wrong", true), ("wrongwrongwrong", true),
    ])
    func aPlainWordIsNotLookedFor(secret: String, isHidden: Bool) {
        let redaction = DoctorRedaction(["AZURE_CLIENT_SECRET": secret], showsAccounts: false)
        #expect(redaction.shown("said \(secret).") == (isHidden ? "said <redacted>." : "said \(secret)."))
    }

    @Test(arguments: [
        ("at /home/ada/bin/az", "at ~/bin/az"), ("in /home/ada, and /home/ada", "in ~, and ~"), ("/home/adam/x", "/home/adam/x"),
        ("/home/ada-b/x /home/ada/y", "/home/ada-b/x ~/y"), ("no path", "no path"),
    ])
    func theUsersDirectoryIsNotNamed(text: String, shown: String) {
        for home in ["/home/ada", "/home/ada/"] {
            #expect(DoctorRedaction(["HOME": home], showsAccounts: false).shown(text) == shown)
            #expect(DoctorRedaction(["HOME": home], showsAccounts: true).shown(text) == text)
        }
        for home in ["", "/", "ada"] { #expect(DoctorRedaction(["HOME": home], showsAccounts: false).shown(text) == text) }
    }
}
