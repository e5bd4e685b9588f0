// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
package import AzureHTTP
package import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Plays `az`, `azd` and `pwsh` without a process: takes their command lines apart as strictly as they do, asks an emulator's token
/// endpoint over a transport, and answers as they would print it. Every run is one request, and brings another token.
package final class EmulatedToolRunner: ToolRunner {
    package let id = ToolRunnerID()
    private let transport: any HTTPTransport
    private let clientID: String
    private let secret: Secret
    private let clock: any MachineClock
    private let log = Locked<[ToolCommand]>([])

    /// - Parameters:
    ///   - transport: The emulator's transport, or a gate before it.
    ///   - clientID: The application that stands for the developer who is signed in.
    ///   - secret: Its secret.
    ///   - clock: What the tools tell the time by; `nil`: the machine's clock.
    package init(
        transport: any HTTPTransport,
        clientID: String = EmulatorConfiguration.Sample.clientID,
        secret: String = EmulatorConfiguration.Sample.clientSecret,
        clock: VirtualClock? = nil
    ) {
        self.transport = transport
        self.clientID = clientID
        self.secret = Secret(secret)
        self.clock = clock ?? SystemClock()
    }

    /// What was run so far, in order.
    package var commands: [ToolCommand] { self.log.withLock { $0 } }

    package func run(_ command: ToolCommand) async throws -> ToolRun {
        self.log.withLock { $0.append(command) }
        try Task.checkCancellation()
        let run = try await self.answer(command)
        guard max(run.output.count, run.errors.count) <= command.outputLimit else { throw ToolFailure.tooMuchOutput }
        return run
    }

    private func answer(_ command: ToolCommand) async throws -> ToolRun {
        guard command.executable.hasPrefix("/"), let tool = Self.tool(command.executable) else {
            throw ToolFailure.notStarted(reason: "there is no such program")
        }
        let question: EmulatedToolQuestion
        do {
            question = try .parse(tool, arguments: command.arguments, environment: command.environment)
        } catch {
            return ToolRun(status: error.status, output: [], errors: Array((error.text + "\n").utf8))
        }
        do {
            let response = try await self.transport.send(try self.request(question, timeout: command.timeout))
            return self.run(question, response)
        } catch let error as TransportError {
            // The tools themselves would try for minutes.
            if error.kind == .timeout { throw ToolFailure.timedOut }
            return question.failure("The token endpoint can't be reached: \(error.message)")
        }
    }

    /// The tool that a program is.
    private static func tool(_ path: String) -> ToolStandIn.Tool? {
        path.split(separator: "/").last.flatMap { ToolStandIn.Tool(rawValue: String($0)) }
    }

    private func request(_ question: EmulatedToolQuestion, timeout: Duration) throws -> TransportRequest {
        let tenant = Self.encoded(question.tenantID ?? EmulatorConfiguration.Sample.tenantID)
        guard let url = URL(string: "https://login.microsoftonline.com/\(tenant)/oauth2/v2.0/token") else {
            throw ToolFailure.notStarted(reason: "the tenant makes no address")
        }
        var fields = [
            ("grant_type", "client_credentials"), ("client_id", self.clientID), ("client_secret", self.secret.revealed),
            ("scope", question.scopes.joined(separator: " ")),
        ]
        if let claims = question.claims { fields.append(("claims", claims)) }
        let body = fields.map { "\($0)=\(Self.encoded($1))" }.joined(separator: "&")
        return TransportRequest(
            method: .post,
            url: url,
            headers: ["Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"],
            body: Array(body.utf8),
            timeout: timeout
        )
    }

    private static func encoded(_ text: String) -> String {
        text.utf8.reduce(into: "") { result, byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
    }

    /// What the tool prints for the service's answer.
    private func run(_ question: EmulatedToolQuestion, _ response: TransportResponse) -> ToolRun {
        let answer = try? JSONDecoder().decode(EmulatorJSON.self, from: Data(response.body))
        guard response.status == 200, let token = answer?["access_token"]?.string, let lifetime = answer?["expires_in"]?.integer
        else {
            let text = answer?["error_description"]?.string ?? "The token endpoint answered with the status \(response.status)."
            return question.failure(text)
        }
        return question.success(token: token, expiry: Int(self.clock.date.timeIntervalSince1970) + lifetime)
    }
}

extension EmulatedToolRunner: CustomReflectable {
    /// Nothing: what tools print holds tokens.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
