// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension ToolStandIn {
    /// What a ``ToolStandIn`` answers to a command line that it has accepted. More may be added.
    public struct Answer: Sendable, Hashable {
        enum Kind: Sendable, Hashable {
            case token(String, expiry: Int, delay: Duration)
            case notSignedIn
            case moduleMissing
            case bytes(output: [UInt8], errors: [UInt8], status: Int32)
            case shell(String)
        }

        let kind: Kind

        /// A token, in the form that the tool prints.
        ///
        /// - Parameters:
        ///   - token: The token, for instance one of an ``EntraEmulator``.
        ///   - expiresOn: When it expires; printed in whole seconds.
        ///   - delay: How long the tool takes for it; the real ones take 0.3 s and more.
        /// - Returns: The answer.
        public static func token(_ token: String, expiresOn: Date, delay: Duration = .zero) -> Answer {
            let seconds = min(max(expiresOn.timeIntervalSince1970, 0), 253_402_300_799)
            return Answer(kind: .token(token, expiry: Int(seconds), delay: max(delay, .zero)))
        }

        /// The tool's error when nobody is signed in.
        public static let notSignedIn = Answer(kind: .notSignedIn)

        /// What PowerShell says without the module `Az.Accounts`; of the other tools, that they have no such module.
        public static let moduleMissing = Answer(kind: .moduleMissing)

        /// Text, as it is.
        ///
        /// - Parameters:
        ///   - output: What is written to standard output.
        ///   - errors: What is written to standard error.
        ///   - status: The exit status.
        /// - Returns: The answer.
        public static func text(_ output: String, errors: String = "", status: Int32 = 0) -> Answer {
            .bytes(Array(output.utf8), errors: Array(errors.utf8), status: status)
        }

        /// Bytes, as they are.
        ///
        /// - Parameters:
        ///   - output: What is written to standard output.
        ///   - errors: What is written to standard error.
        ///   - status: The exit status.
        /// - Returns: The answer.
        public static func bytes(_ output: [UInt8], errors: [UInt8] = [], status: Int32 = 0) -> Answer {
            Answer(kind: .bytes(output: output, errors: errors, status: status))
        }

        /// Whatever a shell does: hang, start programs that stay behind, write without end.
        ///
        /// The lines are run by `/bin/sh`. Their variables are `STAND_IN`, the stand-in's ``ToolStandIn/dataFolder``, and what the tool was
        /// asked for: `resource` or `scopes` (one a line), `tenant`, `subscription`.
        ///
        /// - Parameter lines: The lines.
        /// - Returns: The answer.
        public static func shell(_ lines: String) -> Answer { Answer(kind: .shell(lines)) }
    }
}

extension ToolStandIn.Answer: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The kind of answer, without any token.
    public var description: String {
        switch self.kind {
        case .token: "Answer(token)"
        case .notSignedIn: "Answer(not signed in)"
        case .moduleMissing: "Answer(module missing)"
        case .bytes(let output, let errors, let status): "Answer(\(output.count) and \(errors.count) bytes, status \(status))"
        case .shell: "Answer(shell)"
        }
    }

    /// The same as ``description``.
    public var debugDescription: String { self.description }

    /// Shows nothing: answers may hold tokens.
    public var customMirror: Mirror {
        Mirror(self, children: EmptyCollection<Mirror.Child>(), displayStyle: .struct, ancestorRepresentation: .suppressed)
    }
}

extension ToolStandIn.Answer {
    /// The answer as lines for a shell.
    func script(for tool: ToolStandIn.Tool) -> String {
        switch self.kind {
        case .token(let token, let expiry, let delay):
            let wait = delay > .zero ? "sleep \(Self.seconds(delay))\n" : ""
            return wait + Self.status(tool) + Self.lines(tool, token: token, expiry: expiry)
        case .notSignedIn: return Self.lines([], Array(tool.notSignedIn.utf8), 1)
        case .moduleMissing:
            let isThere = tool == .azurePowerShell
            return isThere ? "print_missing_module\n" : Self.lines([], Array("ERROR: there are no modules here\n".utf8), 1)
        case .bytes(let output, let errors, let status): return Self.lines(output, errors, status)
        case .shell(let lines): return lines
        }
    }

    /// Prints who is signed in, and ends, if that was the question.
    private static func status(_ tool: ToolStandIn.Tool) -> String {
        let (user, tenant) = ("developer@contoso.example", EmulatorConfiguration.Sample.tenantID)
        let text =
            switch tool {
            case .azureCLI: #"{"name": "Sample", "tenantId": "\#(tenant)", "user": {"name": "\#(user)", "type": "user"}}"#
            case .azureDeveloperCLI: #"{"status": "authenticated", "type": "user", "email": "\#(user)"}"#
            case .azurePowerShell: "azctx%\(tenant)%7.5.0, Az.Accounts 5.3.0%\(user)"
            }
        return "if [ $asks = status ]; then\n\(Self.lines(Array((text + "\n").utf8), [], 0))\nfi\n"
    }

    /// Prints a token. A token that came from outside is a string of the shell in octal, so that nothing in it means anything to the shell.
    private static func lines(_ tool: ToolStandIn.Tool, token: String, expiry: Int) -> String {
        switch tool {
        case .azureCLI:
            return """
                local_date=$(date -d @\(expiry) '+%Y-%m-%d %H:%M:%S.000000' 2>/dev/null || date -r \(expiry) '+%Y-%m-%d %H:%M:%S.000000')
                printf '{\\n  "accessToken": '
                \(Self.printing(EmulatorJSON.string(token).bytes))
                printf ',\\n  "expiresOn": "%s",\\n  "expires_on": \(expiry),\\n' "$local_date"
                printf '  "tenant": "%s",\\n  "tokenType": "Bearer"\\n}\\n' "${tenant:-\(EmulatorConfiguration.Sample.tenantID)}"
                """
        case .azureDeveloperCLI:
            let date = Date(timeIntervalSince1970: Double(expiry)).formatted(.iso8601)
            let text = "{\n  \"token\": \(EmulatorJSON.string(token).text),\n  \"expiresOn\": \"\(date)\"\n}\n"
            return Self.lines(Array(text.utf8), [], 0)
        case .azurePowerShell: return Self.lines(Array("azsdk%\(token)%\(expiry)\n".utf8), [], 0)
        }
    }

    private static func lines(_ output: [UInt8], _ errors: [UInt8], _ status: Int32) -> String {
        """
        \(self.printing(output))
        \(self.printing(errors)) >&2
        exit \(status)
        """
    }

    /// A command that prints bytes, whichever they are.
    private static func printing(_ bytes: [UInt8]) -> String {
        let text = bytes.map { byte -> String in
            let isPlain = byte < 128 && (Character(Unicode.Scalar(byte)).isLetter || Character(Unicode.Scalar(byte)).isNumber)
            guard !isPlain else { return String(Unicode.Scalar(byte)) }
            let digits = String(byte, radix: 8)
            return "\\" + String(repeating: "0", count: 3 - digits.count) + digits
        }
        return "printf '" + text.joined() + "'"
    }

    /// A duration as `sleep` takes it.
    private static func seconds(_ duration: Duration) -> String {
        let milliseconds = Int(duration / .milliseconds(1))
        let rest = String(milliseconds % 1000)
        return "\(milliseconds / 1000).\(String(repeating: "0", count: 3 - rest.count))\(rest)"
    }
}

extension ToolStandIn.Tool {
    /// What the tool writes to its errors when nobody is signed in.
    fileprivate var notSignedIn: String {
        switch self {
        case .azureCLI: "ERROR: Please run 'az login' to setup account.\n"
        case .azureDeveloperCLI:
            #"{"type":"consoleMessage","timestamp":"2026-01-01T00:00:00Z","data":{"message":"\n"}}"# + "\n"
                + #"{"error":"not logged in, run `azd auth login` to login","message":"Authentication with Azure failed."}"#
                + "\n"
        case .azurePowerShell: "Run Connect-AzAccount to login.\n"
        }
    }
}
