// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Azure PowerShell: PowerShell with the module Az.Accounts. Pure.
struct AzurePowerShellTool: DeveloperTool {
    let credential = "AzurePowerShellCredential"
    let title = "Azure PowerShell"
    let variables = ["POWERSHELL_UPDATECHECK": "Off"]
    #if os(Windows)
    let executables = ["pwsh.exe", "powershell.exe"]
    #else
    let executables = ["pwsh"]
    #endif

    private var errors: ToolErrors {
        ToolErrors(
            credential: self.credential,
            title: self.title,
            absent: (.g38, "PowerShell isn't installed."),
            signIn: (.g40, "Please run 'Connect-AzAccount' to set up account."),
            executables: self.executables
        )
    }

    /// Who has signed in, and what is chosen, is in the context: `Connect-AzAccount`, `Disconnect-AzAccount` and `Set-AzContext` write it,
    /// unless a person has turned that off, without which no other process gets a token. Tokens are cached in another file.
    func stateFiles(_ environment: EnvironmentVariables) -> [String] {
        ToolFiles.paths(["AzureRmContext.json"], in: ToolFiles.directory(nil, below: ".Azure", environment))
    }

    func validate(tenantID: String?, subscription: String?) throws {
        try self.errors.checkTenant(tenantID)
        if subscription != nil { throw self.errors.invalid("Azure PowerShell gets no tokens by subscription.") }
    }

    func arguments(_ question: ToolQuestion) throws -> [String] {
        let resource = try self.errors.resource(question.scopes)
        try self.validate(tenantID: question.tenantID, subscription: question.subscription)
        if question.claims?.isEmpty == false { throw self.errors.claims(question, needs: "module Az.Accounts 5.2.0") }
        let script = PowerShellScript.text(resource: resource, tenantID: question.tenantID)
        let arguments = [
            "-NoProfile", "-NonInteractive", "-OutputFormat", "Text", "-EncodedCommand", PowerShellScript.encoded(script),
        ]
        guard arguments.reduce(0, { $0 + $1.utf8.count + 1 }) <= PowerShellScript.maximumLength else {
            throw self.errors.invalid("The scope is too long for a command line of PowerShell.")
        }
        return arguments
    }

    func token(_ run: ToolRun, question: ToolQuestion) throws -> ToolToken {
        let output = ToolOutput(run.output)
        let parts = PowerShellScript.answer(in: output.text)
        guard run.status == 0 else {
            throw self.error(run, output: output, tokens: parts.map { [$0.token] } ?? [], question: question)
        }
        if let parts {
            let seconds = LooseNumber.number(parts.expiry)
            return try self.errors.checked(token: parts.token, expiresOn: ToolErrors.date(seconds))
        }
        if output.text.contains(PowerShellScript.missingModule) {
            throw self.missingModule(ToolOutput(errorsOf: run))
        }
        throw self.errors.unusable(output)
    }

    func error(_ failure: ToolFailure, executable: String, timeout: Duration) -> AuthenticationError {
        self.errors.failure(failure, executable: executable, timeout: timeout)
    }

    func absence(_ location: ToolLocation) -> AuthenticationError { self.errors.absence(location) }

    func expired() -> AuthenticationError { self.errors.expired() }
}

extension AzurePowerShellTool {
    /// What the cmdlet says where nobody has signed in, or where the sign-in has come to its end.
    private static let signedOut = [
        "Run Connect-AzAccount to login", "No accounts were found in the cache",
        "Your Azure credentials have not been set up or have expired",
    ]

    private func missingModule(_ errors: ToolOutput) -> AuthenticationError {
        if let error = self.policy(errors.text) { return error }
        return self.errors.unavailable("Az.Account module >= 2.2.0 isn't installed. (Its name is Az.Accounts.)", row: .g39)
    }

    /// Windows: scripts, and with them modules, may not be loaded.
    private func policy(_ text: String) -> AuthenticationError? {
        let texts = ["AuthorizationManager check failed", "running scripts is disabled on this system"]
        guard texts.contains(where: { text.contains($0) }) else { return nil }
        return self.errors.unavailable(
            "The execution policy prevents Azure PowerShell from loading its module; see Get-ExecutionPolicy -List.", row: .g39)
    }

    private func error(_ run: ToolRun, output: ToolOutput, tokens: [String], question: ToolQuestion) -> AuthenticationError {
        let text = ToolOutput(errorsOf: run).text
        if run.status == 127 || run.status == 9009 || text.hasPrefix("'pwsh' is not recognized") {
            return self.errors.unavailable(
                "PowerShell isn't installed. \(OutputRedaction.shown(text, removing: tokens, limit: 300))", row: .g38)
        }
        if output.text.contains(PowerShellScript.missingModule) { return self.missingModule(ToolOutput(errorsOf: run)) }
        if let error = self.policy(text) { return error }
        let complaint = ToolComplaint(text, tokens: tokens)
        if complaint.serviceError == nil, complaint.says(Self.signedOut) {
            return self.errors.signedOut(complaint, question: question)
        }
        return self.errors.refusal(complaint, status: run.status, question: question)
    }
}

/// The script that PowerShell is given. Pure.
enum PowerShellScript {
    /// `cmd.exe` takes 8,191 characters, which matters where `pwsh` is started by one; the rest is for the program's path.
    static let maximumLength = 7_931
    /// What the script prints where the module is missing or too old.
    static let missingModule = "NO_AZ_ACCOUNT_MODULE"
    private static let marker = "azsdk%"

    /// Asks for a token and prints it on a line with its expiry; an error's text goes to the errors as it is, without decoration. The
    /// values must have no quote in them.
    ///
    /// Versions of the module differ in the token's type: plain text, plain unless asked otherwise (2.17), always a `SecureString` (5.0).
    static func text(resource: String, tenantID: String?) -> String {
        """
        $ErrorActionPreference='Stop';$ProgressPreference='SilentlyContinue'
        $m=@(Import-Module Az.Accounts -MinimumVersion 2.2.0 -PassThru -ErrorAction SilentlyContinue -ErrorVariable e)
        if(!$m){if($e){[Console]::Error.WriteLine($e[0].Exception.Message)};'\(Self.missingModule)';exit 0}
        $p=@{ResourceUrl='\(resource)';WarningAction='Ignore'}
        \(tenantID.map { "$p.TenantId = '\($0)'" } ?? "")
        $v=$m[0].Version
        if($v -ge [version]'2.17.0' -and $v -lt [version]'5.0.0'){$p.AsSecureString=$true}
        try{$a=Get-AzAccessToken @p;$t=$a.Token}catch{[Console]::Error.WriteLine($_.Exception.Message);exit 1}
        if($t -is [Security.SecureString]){$s=[Runtime.InteropServices.Marshal];$b=$s::SecureStringToBSTR($t)
        try{$t=$s::PtrToStringBSTR($b)}finally{$s::ZeroFreeBSTR($b)}}
        [Console]::Out.WriteLine('\(Self.marker)'+$t+'%'+$a.ExpiresOn.ToUnixTimeSeconds())
        """
    }

    /// A script as `-EncodedCommand` takes it: UTF-16, little endian, in base64.
    static func encoded(_ script: String) -> String {
        var bytes: [UInt8] = []
        for unit in script.utf16 { bytes += [UInt8(truncatingIfNeeded: unit), UInt8(truncatingIfNeeded: unit >> 8)] }
        return Data(bytes).base64EncodedString()
    }

    /// The token and its expiry on the script's line, wherever that is.
    static func answer(in text: String) -> (token: String, expiry: String)? {
        guard let start = text.firstRange(of: Self.marker)?.upperBound else { return nil }
        let line = text[start...].prefix { $0 != "\n" && $0 != "\r\n" && $0 != "\r" }
        guard let separator = line.lastIndex(of: "%") else { return (String(line), "") }
        return (String(line[..<separator]), HostileText.trimmed(line[line.index(after: separator)...]))
    }
}
