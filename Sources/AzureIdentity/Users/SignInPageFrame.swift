// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// What the library's own pages look like: light or dark as the browser wants it, readable on a telephone. Pure.
enum SignInPageFrame {
    /// A whole page.
    ///
    /// - Parameters:
    ///   - title: The title, escaped.
    ///   - kind: What it is about.
    ///   - content: HTML.
    static func page(_ title: String, _ kind: SignInPage.Kind, _ content: String) -> String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>\(title)</title>
        <link rel="icon" href="data:,">
        <style>
        \(Self.style)
        </style>
        </head>
        <body class="\(Self.name(kind))">
        <main>
        \(Self.picture(kind))
        \(content)
        </main>
        </body>
        </html>

        """
    }

    private static func name(_ kind: SignInPage.Kind) -> String {
        switch kind {
        case .success: "success"
        case .failure: "failure"
        case .notice: "notice"
        }
    }

    /// A sign in a circle: a tick, a cross or an i.
    private static func picture(_ kind: SignInPage.Kind) -> String {
        let path =
            switch kind {
            case .success: "M15 25l6.5 6.5L34 18"
            case .failure: "M17 17l14 14M31 17L17 31"
            case .notice: "M24 22v11M24 15v.5"
            }
        return """
            <svg viewBox="0 0 48 48" width="56" height="56" aria-hidden="true"><circle cx="24" cy="24" r="24"/><path d="\(path)"/></svg>
            """
    }

    private static let style = """
        :root { --page: #f3f5f8; --card: #fff; --edge: #e1e5eb; --text: #1b2430; --quiet: #56616f; --box: #f3f5f8; --sign: #0f6cbd }
        .success { --sign: #10893e }
        .failure { --sign: #c4314b }
        @media (prefers-color-scheme: dark) {
        :root { --page: #14181e; --card: #1e242c; --edge: #313a45; --text: #eef1f5; --quiet: #aab4c0; --box: #272f39 }
        }
        * { box-sizing: border-box }
        body { margin: 0; min-height: 100vh; display: flex; align-items: center; justify-content: center; padding: 24px;
        background: var(--page); color: var(--text); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif }
        main { width: 100%; max-width: 540px; padding: 40px; background: var(--card); border: 1px solid var(--edge);
        border-radius: 14px; box-shadow: 0 8px 28px rgba(20, 30, 45, .08) }
        svg { display: block; margin-bottom: 20px }
        circle { fill: var(--sign) }
        path { fill: none; stroke: #fff; stroke-width: 4; stroke-linecap: round; stroke-linejoin: round }
        h1 { margin: 0 0 12px; font-size: 25px; line-height: 1.25; font-weight: 600 }
        h2 { margin: 22px 0 4px; font-size: 16px; font-weight: 600 }
        p { margin: 0 0 10px; color: var(--quiet); overflow-wrap: anywhere }
        p:last-child { margin-bottom: 0 }
        .user { color: var(--text); font-weight: 600 }
        .message { padding: 12px 14px; margin-bottom: 14px; border-left: 4px solid var(--sign); border-radius: 6px;
        background: var(--box); color: var(--text) }
        @media (max-width: 480px) { main { padding: 28px 22px } }
        """
}
