// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureHTTP
import AzureIdentity
import AzureIdentityTesting
import Foundation
import Testing

/// A person at a terminal: a home of their own, a browser that a test plays, and the emulator as the cloud.
struct PeopleStage: Sendable {
    let stage: Stage
    /// The person's home, without a slash at the end.
    let home: String

    /// Runs a test on a stage of its own.
    static func with<Result>(_ body: (PeopleStage) async throws -> Result) async throws -> Result {
        var configuration = EmulatorConfiguration.sample
        configuration.deviceCodeInterval = 1
        return try await Stage.with(configuration) { stage in
            let folder = FileManager.default.temporaryDirectory.appending(path: "home-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            return try await body(PeopleStage(stage: stage, home: folder.path()))
        }
    }

    /// The person's variables. Those of an application aren't among them.
    var environment: [String: String] {
        [
            "AZURE_AUTHORITY_HOST": self.stage.server.url, "SSL_CERT_FILE": self.stage.caFile, "HOME": self.home,
            "PATH": "/nonexistent",
        ]
    }

    /// Where it stands who is signed in.
    var accountFile: String { self.home + "/.config/azid/account.json" }

    /// Runs the tool.
    func azid(_ arguments: [String], _ variables: [String: String] = [:]) async throws -> Program.Run {
        try await Program.azid(self.environment.merging(variables) { $1 }).run(arguments)
    }

    /// Runs the tool, and enters the code that it shows, on another device.
    func azid(_ arguments: [String], enteringCodeAs user: String) async throws -> Program.Run {
        let pipe = try NamedPipe(in: self.home)
        let tool = Program.azid(self.environment)
        let shell = Program(path: "/bin/sh", environment: tool.environment)
        // The shell opens the pipe before anything can fail, so the reader never waits in vain.
        async let run = shell.run(["-c", "exec \"$0\" \"$@\" 2>'\(pipe.path)'", tool.path] + arguments)
        var errors: [String] = []
        for await line in pipe.lines() {
            errors.append(line)
            guard let code = line.firstMatch(of: /enter the code ([A-Za-z0-9-]+)/)?.1 else { continue }
            do {
                try self.stage.emulator.approveDeviceCode(String(code), as: user)
            } catch {
                Issue.record(error)
            }
        }
        var result = try await run
        result.errors = errors.joined(separator: "\n")
        return result
    }

    /// Runs the tool, and signs in in the browser that it opens.
    func azid(_ arguments: [String], signingInAs user: String) async throws -> Program.Run {
        let pipe = try NamedPipe(in: self.home)
        let browser = self.home + "/browser-\(UUID().uuidString)"
        try Data("#!/bin/sh\nprintf '%s\\n' \"$1\" >'\(pipe.path)'\n".utf8).write(to: URL(filePath: browser))
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: browser)
        let environment = self.environment.merging(["BROWSER": "\(browser) %s"]) { $1 }
        async let visit: Void = {
            for await url in pipe.lines() where !url.isEmpty { try await self.visit(url, as: user) }
        }()
        let result = try await Program.azid(environment).run(arguments)
        pipe.release()
        try await visit
        return result
    }

    /// Goes to an address of this machine, signs in at the authority's page, and goes where it leads to.
    private func visit(_ address: String, as user: String) async throws {
        let transport = AsyncHTTPClientTransport(network: NetworkOptions(usesEnvironmentProxies: false), environment: [:])
        let entry = try await transport.send(TransportRequest(method: .get, url: try #require(URL(string: address))))
        #expect(entry.status == 302)
        let url = try #require(entry.headers["Location"])
        #expect(url.hasPrefix("\(self.stage.server.url)/"))
        let items = try #require(URLComponents(string: url)?.queryItems)
        let target = try #require(items.first { $0.name == "redirect_uri" }?.value)
        #expect(target.hasPrefix("http://localhost:"))
        let parameters = try self.stage.emulator.signIn(at: url, as: user, password: Sample.password)
        var form = URLComponents()
        form.queryItems = parameters.map { URLQueryItem(name: $0.key, value: $0.value) }
        let request = TransportRequest(
            method: .post,
            url: try #require(URL(string: target)),
            headers: ["Content-Type": "application/x-www-form-urlencoded"],
            body: Array((form.percentEncodedQuery ?? "").replacing("+", with: "%2B").utf8)
        )
        #expect(try await transport.send(request).status == 200)
    }

    /// A file with a text in it, for flags that name one.
    func file(_ text: String) throws -> String {
        let path = self.home + "/file-\(UUID().uuidString)"
        try Data(text.utf8).write(to: URL(filePath: path))
        return path
    }
}

/// A pipe with a name, through which a test reads what a program writes.
struct NamedPipe: Sendable {
    let path: String

    init(in folder: String) throws {
        self.path = folder + "/pipe-\(UUID().uuidString)"
        try #require(mkfifo(self.path, 0o600) == 0)
    }

    /// The lines that are written, until the last writer is gone. For one reader.
    func lines() -> AsyncStream<String> {
        AsyncStream { continuation in
            Thread.detachNewThread { [path] in
                defer { continuation.finish() }
                guard let file = FileHandle(forReadingAtPath: path) else { return }
                var rest = Data()
                while true {
                    let data = file.availableData
                    rest += data
                    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                        continuation.yield(String(decoding: rest[rest.startIndex..<end], as: UTF8.self))
                        rest = Data(rest[rest.index(after: end)...])
                    }
                    if data.isEmpty { break }
                }
            }
        }
    }

    /// Lets a reader go to whom nobody has written.
    func release() {
        let descriptor = open(self.path, O_WRONLY | O_NONBLOCK)
        if descriptor >= 0 { close(descriptor) }
    }
}
#endif
