// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

/// Which commands open a page in a browser, in the order they are tried. Pure, but for the question where a program is.
struct BrowserPlan: Sendable {
    /// A program and its arguments, as they are: there is no shell anywhere.
    struct Command: Sendable, Hashable {
        var executable: String
        var arguments: [String]
    }

    /// A display without which nothing can show a page; `BROWSER` says that something can.
    static let variables = ["BROWSER", "DISPLAY", "WAYLAND_DISPLAY"]

    let platform: BrowserPlatform
    let environment: EnvironmentVariables
    let find: @Sendable (_ names: [String], _ environment: EnvironmentVariables) -> ToolLocation

    /// The commands; none, if nothing here can show a page.
    ///
    /// - Parameter page: The page's address, which has no character but those of a URL.
    func commands(for page: String) -> [Command] {
        self.chosen(page) + self.usual(page)
    }

    /// Whether this looks like a machine without a screen.
    var isHeadless: Bool {
        self.platform == .unix && self.environment["DISPLAY"] == nil && self.environment["WAYLAND_DISPLAY"] == nil
    }

    /// What `BROWSER` names: commands with colons between them, in which `%s` stands for the page; without one, the page comes last. Not
    /// on Windows, where a path has a colon.
    private func chosen(_ page: String) -> [Command] {
        guard self.platform != .windows, let text = self.environment["BROWSER"] else { return [] }
        return text.split(separator: ":").prefix(16).compactMap { part in
            var words = Self.words(part)
            // Nothing is waited for anyway.
            if words.last == "&" { words.removeLast() }
            guard let program = words.first, let executable = self.executable(program) else { return nil }
            var hasPage = false
            let arguments = words.dropFirst().map { Self.filled($0, page: page, hasPage: &hasPage) }
            return Command(executable: executable, arguments: hasPage ? arguments : arguments + [page])
        }
    }

    /// What the system has for it.
    private func usual(_ page: String) -> [Command] {
        switch self.platform {
        case .macOS: return self.command(["open"], [page])
        // Goes by what is registered for https, with no shell in between.
        case .windows: return self.command(["rundll32.exe"], ["url.dll,FileProtocolHandler", page])
        case .unix:
            // The first two are there in the Windows Subsystem for Linux alone, where the browser is one of Windows.
            let quoted = page.replacing("'", with: "%27")
            let windows =
                self.command(["wslview"], [page])
                + self.command(["powershell.exe"], ["-NoProfile", "-NonInteractive", "-Command", "Start-Process '\(quoted)'"])
            return self.isHeadless
                ? windows : windows + self.command(["xdg-open"], [page]) + self.command(["x-www-browser"], [page])
        }
    }

    private func command(_ names: [String], _ arguments: [String]) -> [Command] {
        guard case .found(let path) = self.find(names, self.environment) else { return [] }
        return [Command(executable: path, arguments: arguments)]
    }

    /// Where a program is: an absolute path, or a name that the `PATH` has. What depends on the current directory counts as absent.
    private func executable(_ program: String) -> String? {
        guard program.contains("/") else {
            guard case .found(let path) = self.find([program], self.environment) else { return nil }
            return path
        }
        guard program.hasPrefix("/"), let slash = program.lastIndex(of: "/") else { return nil }
        let folder = slash == program.startIndex ? "/" : String(program[..<slash])
        let name = String(program[program.index(after: slash)...])
        guard !name.isEmpty, case .found(let path) = self.find([name], ["PATH": folder]) else { return nil }
        return path
    }

    /// A word with `%s` replaced by the page, and `%%` by a percent sign.
    private static func filled(_ word: String, page: String, hasPage: inout Bool) -> String {
        var result = ""
        var rest = word[...]
        while let character = rest.popFirst() {
            guard character == "%", let next = rest.first, next == "s" || next == "%" else {
                result.append(character)
                continue
            }
            rest.removeFirst()
            if next == "s" { hasPage = true }
            result += next == "s" ? page : "%"
        }
        return result
    }

    /// The words of a command, with quotes and backslashes as everybody knows them; nothing else has a meaning.
    static func words(_ text: some StringProtocol) -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var rest = Substring(text)
        while let character = rest.popFirst() {
            switch (character, quote) {
            case ("'", nil), ("\"", nil):
                quote = character
                word = word ?? ""
            case (let character, let open?) where character == open: quote = nil
            case ("\\", let open) where open != "'":
                word = (word ?? "") + (rest.popFirst().map(String.init) ?? "")
            case (let character, nil) where character.isWhitespace:
                if let word { words.append(word) }
                word = nil
            default: word = (word ?? "") + String(character)
            }
        }
        return words + (word.map { [$0] } ?? [])
    }
}
