// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureIdentityTesting
import Foundation
import Testing

/// A machine of a test's own, as far as a program can tell: a network in which the address of the metadata service leads where the test
/// wants, and no files that speak for or against Azure.
///
/// The network is a namespace without a connection to any other, so nothing reaches a metadata service of the machine the tests run on.
struct MetadataPlace: Sendable, CustomTestStringConvertible {
    /// What a program in the place came to.
    struct Run: Sendable {
        var status: Int32
        var output: String
        var errors: String
        /// How long the program itself took.
        var milliseconds: Int
        /// How long each of its HTTP exchanges took, by its log, in milliseconds; those that came to nothing too.
        var exchanges: [Int]
        /// The paths that an impostor was asked for.
        var paths: [String]

        var failure: FailureReport.Details {
            get throws { try FailureReport.read(self.errors) }
        }
    }

    /// The name, for people.
    let testDescription: String
    /// Shell lines that make the place.
    private let lines: [String]
    /// A program that runs the one under test, with its arguments before that one's.
    private let wrapper: [String]

    private init(_ description: String, lines: [String], wrapper: [String] = []) {
        self.testDescription = description
        self.lines = lines
        self.wrapper = wrapper
    }

    // MARK: Nobody answers

    private static let address = "ip addr add 169.254.169.254/32 dev lo"
    /// A wire with an end at which nobody takes what is sent.
    private static let wire = [
        "ip link add azid0 type veth peer name azid1", "ip addr add 169.254.1.1/16 dev azid0", "ip link set azid0 up",
        "ip link set azid1 up",
    ]

    static let noRoute = MetadataPlace("no route", lines: [])
    static let unreachable = MetadataPlace("unreachable", lines: ["ip route add unreachable 169.254.169.254"])
    static let prohibited = MetadataPlace("prohibited", lines: ["ip route add prohibit 169.254.169.254"])
    static let refused = MetadataPlace("refused", lines: [address])
    /// Nobody says who has the address.
    static let noNeighbour = MetadataPlace("no neighbour", lines: wire)
    /// Packets leave, and none comes back.
    static let blackHole = MetadataPlace(
        "black hole",
        lines: wire + ["ip neigh replace 169.254.169.254 lladdr 02:00:00:00:00:01 dev azid0 nud permanent"]
    )

    /// Connections are accepted, and that is all.
    static let silent = MetadataPlace("silent", lines: [address], wrapper: [RealPart.pythonPath, "-c", silence])

    // MARK: Somebody answers

    /// A web server that isn't ours and is no metadata service.
    ///
    /// - Parameters:
    ///   - description: The name, for people.
    ///   - status: The status of all its answers.
    ///   - headers: Their headers.
    ///   - body: Their body.
    /// - Returns: The place.
    static func impostor(_ description: String, _ status: Int, headers: [String: String] = [:], body: String) -> MetadataPlace {
        let answer = try? JSONSerialization.data(withJSONObject: ["status": status, "headers": headers, "body": body])
        let text = String(decoding: answer ?? Data(), as: UTF8.self)
        return MetadataPlace(description, lines: [address], wrapper: [RealPart.pythonPath, "-c", impersonation, text])
    }

    /// The emulator, at the service's own address and port.
    ///
    /// - Parameters:
    ///   - description: The name, for people.
    ///   - configuration: A file with its configuration.
    /// - Returns: The place.
    static func emulator(_ description: String, configuration: String? = nil) -> MetadataPlace {
        let arguments = ["emulator", "--host", "169.254.169.254", "--port", "0", "--plain-port", "80"]
        let config = configuration.map { ["--config", $0] } ?? []
        return MetadataPlace(description, lines: [address], wrapper: [Program.azid().path] + arguments + config + ["--"])
    }

    private static let silence = """
        import socket, subprocess, sys
        listener = socket.create_server(("169.254.169.254", 80))
        sys.exit(subprocess.call(sys.argv[1:]))
        """

    private static let impersonation = """
        import http.server, json, subprocess, sys, threading
        answer, paths = json.loads(sys.argv[1]), []
        body = answer["body"].encode()
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                paths.append(self.path)
                self.send_response(answer["status"])
                for name, value in answer["headers"].items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            def log_message(self, *arguments):
                pass
        server = http.server.ThreadingHTTPServer(("169.254.169.254", 80), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        status = subprocess.call(sys.argv[2:])
        for path in paths:
            print("path " + path, file=sys.stderr)
        sys.exit(status)
        """

    // MARK: Running

    /// Makes sure that this is another network than the one outside, and hides the machine's own signs.
    private static let preparation = [
        "test \"$(readlink /proc/self/ns/net)\" != \"$OUTSIDE\"", "unset OUTSIDE", "ip link set lo up",
        "for folder in /sys/class/dmi /run/cloud-init /opt/azcmagent; do if [ -d $folder ]; then mount -t tmpfs none $folder; fi; done",
    ]

    /// Runs a program and says how long it took.
    private static let stopwatch = """
        start=$(date +%s%N)
        if "$0" "$@"; then status=0; else status=$?; fi
        echo "milliseconds $((($(date +%s%N) - start) / 1000000))" >&2
        exit $status
        """

    /// Runs `azid token` for a managed identity in the place.
    ///
    /// - Parameter arguments: More arguments.
    /// - Returns: What came of it.
    func token(_ arguments: [String] = []) async throws -> Run {
        try await self.run(["--credential", "managed-identity"] + arguments, variables: [:])
    }

    /// Runs `azid token` for the default chain in the place, where nothing but a managed identity can be: the members that are meant for
    /// deployed programs are asked.
    ///
    /// - Parameter arguments: More arguments.
    /// - Returns: What came of it.
    func chainToken(_ arguments: [String] = []) async throws -> Run {
        try await self.run(arguments, variables: ["AZURE_TOKEN_CREDENTIALS": "prod"])
    }

    /// Runs `azid token` in the place, with variables and with proxies set that nobody serves.
    ///
    /// - Parameters:
    ///   - arguments: More arguments.
    ///   - variables: The variables.
    ///   - tools: The one folder in which it finds developer tools.
    /// - Returns: What came of it.
    func run(_ arguments: [String], variables: [String: String], tools: String = "/nonexistent") async throws -> Run {
        var environment = Stage.deadProxies.merging(variables) { $1 }
        environment["HOME"] = "/nonexistent"
        environment["OUTSIDE"] = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/net")
        let (program, prefix) = Program.inNamespaces(
            ["--net", "--mount"],
            lines: (Self.preparation + self.lines).joined(separator: "\n"),
            environment: environment
        )
        // The emulator names its sample application, which is none of the host's identities.
        let unset = ["TENANT_ID", "CLIENT_ID", "CLIENT_SECRET", "CLIENT_CERTIFICATE_PATH"].flatMap { ["-u", "AZURE_\($0)"] }
        let azid =
            ["/usr/bin/env"] + unset + ["PATH=\(tools)", Program.azid().path, "token", "--scope", vaultScope]
            + ["--log-level", "info"]
        let run = try await program.run(prefix + self.wrapper + ["/bin/sh", "-c", Self.stopwatch] + azid + arguments)
        let lines = run.errors.split(separator: "\n")
        func values(_ name: String) -> [String] {
            lines.filter { $0.hasPrefix(name + " ") }.map { String($0.dropFirst(name.count + 1)) }
        }
        guard let milliseconds = values("milliseconds").first.flatMap({ Int($0) }) else {
            throw FailureReport.Missing(output: run.errors)
        }
        return Run(
            status: run.status,
            output: run.output,
            errors: run.errors,
            milliseconds: milliseconds,
            exchanges: lines.filter { $0.contains("http.duration_ms=") }.map(Self.duration),
            paths: values("path")
        )
    }

    /// What a line of the log says about the duration of an exchange; -1 if it doesn't.
    private static func duration(_ line: Substring) -> Int {
        let word = line.split(separator: " ").first { $0.hasPrefix("http.duration_ms=") }
        return word.flatMap { Int($0.dropFirst("http.duration_ms=".count)) } ?? -1
    }
}
#endif
