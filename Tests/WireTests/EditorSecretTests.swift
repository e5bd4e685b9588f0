// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import Foundation
import Testing

extension ToolProcesses {
    /// The secrets of editors in the Secret Service, for real: gnome-keyring on a bus of its own, and libsecret from Python as the one that
    /// keeps them.
    @Suite(.timeLimit(.minutes(5)), .enabled(if: RealPart.secretService.isWanted)) struct EditorSecretTests {
        private static let unlock = "printf password | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1\n"

        /// Keeps a secret as editors do, under a schema of the given name; or locks the keyring.
        private static let editor = """
            import sys
            sys.path.append("/usr/lib/python3/dist-packages")
            import gi
            gi.require_version("Secret", "1")
            from gi.repository import Secret
            if sys.argv[1] == "lock":
                service = Secret.Service.get_sync(Secret.ServiceFlags.LOAD_COLLECTIONS, None)
                service.lock_sync(service.get_collections(), None)
            else:
                text = Secret.SchemaAttributeType.STRING
                schema = Secret.Schema.new(sys.argv[1], Secret.SchemaFlags.NONE, {"service": text, "account": text})
                attributes = {"service": "VS Code Azure", "account": sys.argv[2]}
                Secret.password_store_sync(schema, attributes, None, "VS Code Azure/" + sys.argv[2], sys.argv[3], None)
            """

        private func home<Result>(_ body: (CacheHome) async throws -> Result) async throws -> Result {
            try await CacheHome.with { home in
                try home.python("editor.py", Self.editor)
                return try await body(home)
            }
        }

        @Test func aSecretIsFoundByServiceAndAccountWhateverItsSchema() async throws {
            try await self.home { home in
                let run = try await home.session(
                    Self.unlock
                        + """
                        "$PYTHON" "$HOME/editor.py" org.freedesktop.Secret.Generic AzureCloud 0.stored-token
                        "$PYTHON" "$HOME/editor.py" com.example.Other AzureChinaCloud 1.other_token
                        "$PROBE" password "VS Code Azure" AzureCloud
                        "$PROBE" password "VS Code Azure" AzureChinaCloud
                        "$PROBE" password "VS Code Azure" AzureUSGovernment
                        "$PROBE" password "VS Code" AzureCloud
                        """
                )
                #expect(run.output == "found 0.stored-token\nfound 1.other_token\nmissing\nmissing\n", "\(run)")
            }
        }

        @Test func aLockedKeyringIsNotUnlockedAndNobodyIsAsked() async throws {
            try await self.home { home in
                let run = try await home.session(
                    Self.unlock
                        + """
                        "$PYTHON" "$HOME/editor.py" org.freedesktop.Secret.Generic AzureCloud 0.stored-token
                        "$PYTHON" "$HOME/editor.py" lock
                        "$PROBE" password "VS Code Azure" AzureCloud
                        """
                )
                #expect(run.output == "unknown: the keyring is locked\n", "\(run)")
                #expect(!run.errors.contains("Prompt") && !run.errors.contains("prompt"))
            }
        }

        @Test func withoutAKeyringOrABusNobodyKnows() async throws {
            try await self.home { home in
                let absent = try await home.session(#""$PROBE" password "VS Code Azure" AzureCloud"#)
                #expect(absent.output.hasPrefix("unknown: "), "\(absent)")
                let program = Program(path: CacheHome.probe, environment: home.environment)
                let alone = try await program.run(["password", "VS Code Azure", "AzureCloud"])
                #expect(alone.output == "unknown: there is no session bus: DBUS_SESSION_BUS_ADDRESS is not set\n", "\(alone)")
            }
        }
    }
}
#endif
