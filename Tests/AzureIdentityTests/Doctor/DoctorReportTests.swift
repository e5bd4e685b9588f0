// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentityTesting
import Testing

@testable import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The report as a whole: its JSON, its time, and what isn't in it.
@Suite(.timeLimit(.minutes(5))) struct DoctorReportTests {
    /// A doctor on App Service, whose requests a test may hold back.
    private static func doctor(
        _ emulator: EntraEmulator, transport: (any HTTPTransport)? = nil,
        change: (inout IdentityDoctor.Options) -> Void = { _ in }
    ) -> IdentityDoctor {
        var credentialOptions = emulator.options(on: .appService, transport: transport)
        ToolShelf().apply(to: &credentialOptions)
        var options = IdentityDoctor.Options(chain: .init(credentialOptions: credentialOptions))
        change(&options)
        return IdentityDoctor(options: options)
    }

    // MARK: JSON

    /// The parts of the schema that are compared.
    private struct Schema: Decodable {
        struct Rule: Decodable {
            struct Property: Decodable {
                let `enum`: [String]?
                let const: Int?
            }
            let required: [String]?
            let properties: [String: Property]?
            let `enum`: [String]?
        }
        let required: [String]
        let properties: [String: Rule.Property]
        let definitions: [String: Rule]

        private enum CodingKeys: String, CodingKey {
            case required, properties
            case definitions = "$defs"
        }

        static func read() throws -> Schema {
            var path = #filePath.split(separator: "/").dropLast(4)
            path += ["Schemas", "identity-doctor.schema.json"]
            return try JSONDecoder().decode(Schema.self, from: Data(contentsOf: URL(filePath: "/" + path.joined(separator: "/"))))
        }

        func keys(_ name: String) -> Set<String> { Set((self.definitions[name]?.properties ?? [:]).keys) }
    }

    @Test func theSchemaNamesWhatIsEncoded() throws {
        let schema = try Schema.read()
        #expect(Set(schema.properties.keys) == Set(IdentityDoctor.Report.CodingKeys.allCases.map(\.stringValue)))
        #expect(schema.properties["schemaVersion"]?.const == IdentityDoctor.Report.schemaVersion)
        #expect(schema.keys("finding") == Set(IdentityDoctor.Finding.CodingKeys.allCases.map(\.stringValue)))
        #expect(schema.keys("member") == Set(IdentityDoctor.Member.CodingKeys.allCases.map(\.stringValue)))
        #expect(schema.keys("identity") == Set(IdentityDoctor.Identity.CodingKeys.allCases.map(\.stringValue)))
        #expect(schema.keys("observation") == Set(IdentityDoctor.Observation.CodingKeys.allCases.map(\.stringValue)))
        #expect(schema.definitions["area"]?.enum == IdentityDoctor.Area.all.map(\.description))
        #expect(schema.definitions["state"]?.enum == IdentityDoctor.State.all.map(\.description))
        #expect(schema.definitions["finding"]?.properties?["severity"]?.enum == ["problem", "warning", "note"])
    }

    @Test func everyReportHasWhatTheSchemaRequires() async throws {
        let schema = try Schema.read()
        let reports = [
            try await Self.doctor(EntraEmulator()) {
                $0.scopes = [vaultScope]
                $0.timeout = DoctorStage.patience
            }.examine(), try await DoctorStage.report(),
            IdentityDoctor.report(explaining: "AADSTS7000215: Invalid client secret provided."),
        ]
        for report in reports {
            let decoded = try JSONDecoder().decode(EmulatorJSON.self, from: JSONEncoder().encode(report))
            for name in schema.required { #expect(decoded[name] != nil, "\(name)") }
            #expect(decoded["schemaVersion"]?.integer == 1 && decoded["guide"]?.string == report.guideRows.first)
        }
    }

    @Test func theFirstRowIsTheGuide() async throws {
        let report = try await DoctorStage.report(variables: ["AZURE_TOKEN_CREDENTIALS": "AzureCLICredential"])
        #expect(report.guideRows == ["G34", "G06"])
        let member = report.members.first { $0.credential == "AzureCLICredential" }
        #expect(member?.guide == "G34" && member?.state == .absent)
        #expect(report.findings.first?.remedy?.commands.first == ["az", "version"])
    }

    // MARK: An error from elsewhere

    @Test(
        arguments: [
            ("AADSTS7000215: Invalid client secret provided.", "G09"), ("G23", "G23"),
            (#"{"error":{"code":"credentialUnavailable","credential":"AzureCLICredential","message":"m","guide":"G35"}}"#, "G35"),
            ("zxqv wkplm", "G51"),
        ])
    func anErrorFromElsewhere(text: String, row: String) {
        let report = IdentityDoctor.report(explaining: text)
        #expect(report.guideRows.first == row && !report.isHealthy, "\(report.findings)")
        #expect(report.host == nil && report.observations.isEmpty && report.members.isEmpty && report.credential == nil)
    }

    @Test func nothingOfAnErrorIsRepeated() throws {
        let report = IdentityDoctor.report(explaining: "AADSTS7000215: MARKED-secret eyJ0eXAi.MARKED.x of ada@contoso.example")
        let text = String(decoding: try JSONEncoder().encode(report), as: UTF8.self)
        #expect(!text.contains("MARKED") && !text.contains("ada@"), "\(text)")
        #expect(IdentityDoctor.report(explaining: "").findings.isEmpty)
    }

    // MARK: Time

    @Test func whatHangsIsLeftBehind() async throws {
        let clock = VirtualClock()
        let emulator = EntraEmulator(clock: clock)
        let gate = GatedTransport(emulator.transport, isOpen: false)
        let report = try await Self.doctor(emulator, transport: gate).examine { progress in
            // All but the one that hangs.
            guard progress.finished == progress.total - 1 else { return }
            Task {
                await clock.waitForSleepers(1)
                clock.advance(by: .seconds(6))
            }
        }
        #expect(!report.isComplete && report.isHealthy)
        let unseen = report.observations.filter { $0.state == .unknown }
        #expect(unseen.map(\.subject) == ["Microsoft Entra ID"] && unseen.first?.text == "there was no time for it")
        gate.open()
    }

    @Test func aCancelledExaminationEndsAtOnce() async throws {
        let emulator = EntraEmulator(clock: VirtualClock())
        let gate = GatedTransport(emulator.transport, isOpen: false)
        let doctor = Self.doctor(emulator, transport: gate)
        let task = Task { try await doctor.examine() }
        await gate.waitForArrivals(1)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        gate.open()
    }

    @Test func tellsHowFarItHasCome() async throws {
        let steps = Locked<[IdentityDoctor.Progress]>([])
        let doctor = Self.doctor(EntraEmulator()) { $0.timeout = DoctorStage.patience }
        _ = try await doctor.examine { step in steps.withLock { $0.append(step) } }
        let told = steps.withLock { $0 }
        let total = try #require(told.first?.total)
        #expect(told.map(\.finished).sorted() == Array(1...total) && told.allSatisfy { !$0.last.isEmpty && $0.total == total })
    }

    @Test func nobodyIsToldOfWhatIsLeftBehind() {
        let count = Locked(0)
        let door = ProgressDoor { _ in count.withLock { $0 += 1 } }
        let step = IdentityDoctor.Progress(finished: 1, total: 2, last: "the host")
        door.tell(step)
        door.close()
        door.tell(step)
        #expect(count.withLock { $0 } == 1)
    }

    // MARK: Secrets

    @Test func noSecretIsInAReport() async throws {
        let secrets = [
            "AZURE_CLIENT_SECRET": "MARKED-secret", "AZURE_CLIENT_CERTIFICATE_PASSWORD": "MARKED-certificate-password",
            "AZURE_PASSWORD": "MARKED-password", "AZURE_USERNAME": "MARKED-user", "IDENTITY_HEADER": "MARKED-header",
            "MSI_SECRET": "MARKED-msi", "SYSTEM_ACCESSTOKEN": "MARKED-system", "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "MARKED-actions",
            "HTTPS_PROXY": "http://MARKED-name:MARKED-word@127.0.0.1:1", "SOME_API_KEY": "MARKED-api-key",
        ]
        let folder = try TestFolder()
        let files = [
            "AZURE_FEDERATED_TOKEN_FILE": try folder.write("MARKED.token.file", "token"),
            "AZURE_CLIENT_CERTIFICATE_PATH": try folder.write("MARKED certificate", "certificate.pem"),
        ]
        // What should be in the files, in place of their paths.
        let contents = [
            "AZURE_FEDERATED_TOKEN_FILE": String(repeating: "eyJMARKED.", count: 100),
            "AZURE_CLIENT_CERTIFICATE_PATH": "-----BEGIN PRIVATE KEY-----\nMARKED\n-----END PRIVATE KEY-----\n",
        ]
        let ids = ["AZURE_TENANT_ID": Sample.tenantID, "AZURE_CLIENT_ID": Sample.clientID]
        let shelf = DoctorStage.shelf(
            "az", 0, output: #"{"accessToken":"MARKED-token","tenantId":"t","user":{"name":"MARKED-ada@contoso.example"}}"#)
        for host in [nil, EmulatedHost.virtualMachine] {
            let mixed = secrets.merging(files) { $1 }.merging(ids) { $1 }
            for variables in [secrets, mixed, files.merging(ids) { $1 }, contents.merging(ids) { $1 }] {
                let report = try await DoctorStage.report(EntraEmulator(), on: host, tools: shelf, variables: variables) {
                    $0.scopes = [vaultScope]
                    $0.isDeep = true
                }
                #expect(!report.isHealthy)
                let text = String(decoding: try JSONEncoder().encode(report), as: UTF8.self)
                #expect(!text.contains("MARKED") && !"\(report)".contains("MARKED"), "\(text)")
            }
        }
    }
}
