// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import Foundation
import Testing

extension ToolProcesses {
    /// The Secret Service for real: gnome-keyring on a bus of its own, and Azure Identity for Python beside.
    @Suite(.timeLimit(.minutes(5)), .enabled(if: RealPart.secretService.isWanted)) struct SecretServiceTests {
        private static let unlock = "printf password | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1\n"
        private static let order = #"backend="Secret Service" backend="unencrypted file""#

        /// Prints the secrets that Python's library finds, after it has added one.
        private static let peer = """
            import sys
            sys.path.append("/usr/lib/python3/dist-packages")
            import msal
            from azure.identity._persistent_cache import TokenCachePersistenceOptions, _load_persistent_cache
            cache = _load_persistent_cache(TokenCachePersistenceOptions(name="msal.cache"), is_cae=False)
            kind = msal.TokenCache.CredentialType.REFRESH_TOKEN
            print(type(cache._persistence).__name__, sorted(e["secret"] for e in cache.search(kind)))
            entry = {"home_account_id": "python", "environment": "login.microsoftonline.com", "client_id": "client",
                     "credential_type": "RefreshToken", "target": ""}
            cache.modify(kind, entry, {"secret": "of Python é"})
            """

        /// Does something to the keyring: locks it, puts garbage in the item, or stops the daemon in its tracks.
        private static let keyring = """
            import os, signal, sys
            sys.path.append("/usr/lib/python3/dist-packages")
            import gi
            gi.require_version("Secret", "1")
            from gi.repository import Gio, GLib, Secret
            if sys.argv[1] == "lock":
                service = Secret.Service.get_sync(Secret.ServiceFlags.LOAD_COLLECTIONS, None)
                service.lock_sync(service.get_collections(), None)
            elif sys.argv[1] == "garbage":
                schema = Secret.Schema.new("msal.cache.nocae", Secret.SchemaFlags.NONE, {"MsalClientID": Secret.SchemaAttributeType.STRING})
                Secret.password_store_sync(schema, {"MsalClientID": "Microsoft.Developer.IdentityService"}, None, "MSALCache", "garbage{", None)
            else:
                answer = Gio.bus_get_sync(Gio.BusType.SESSION).call_sync(
                    "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "GetConnectionUnixProcessID",
                    GLib.Variant("(s)", ("org.freedesktop.secrets",)), None, 0, -1, None)
                os.kill(answer.unpack()[0], signal.SIGSTOP if sys.argv[1] == "stop" else signal.SIGKILL)
            """

        private func home<Result>(_ body: (CacheHome) async throws -> Result) async throws -> Result {
            try await CacheHome.with { home in
                try home.python("peer.py", Self.peer)
                try home.python("keyring.py", Self.keyring)
                return try await body(home)
            }
        }

        @Test func aCacheIsSharedWithPythonBothWays() async throws {
            try await self.home { home in
                let run = try await home.session(
                    Self.unlock
                        + """
                        "$PROBE" merge msal.cache json='\(CacheHome.document("swift", secret: "of Swift ü"))'
                        "$PYTHON" "$HOME/peer.py"
                        "$PROBE" read msal.cache
                        """
                )
                let lines = run.output.split(separator: "\n", maxSplits: 2).map(String.init)
                try #require(lines.count == 3, "\(run)")
                #expect(lines[0] == "Secret Service")
                #expect(lines[1] == "LibsecretPersistence ['of Swift ü']")
                var answer = run
                answer.output = lines[2]
                let read = try CacheHome.answer(answer)
                #expect(read.backend == "Secret Service" && read.secrets == ["of Python é", "of Swift ü"], "\(run)")
                // The file beside it tells that something changed, and no more.
                let file = try FileManager.default.attributesOfItem(atPath: "\(home.path)/.IdentityService/msal.cache.nocae")
                #expect(file[.size] as? Int == 0)
                #expect(!FileManager.default.fileExists(atPath: "\(home.path)/.IdentityService/msal.cache.nocae.lockfile"))
            }
        }

        @Test func aKeyringThatIsLockedOrAbsentIsNotUsedAndNobodyIsAsked() async throws {
            try await self.home { home in
                let run = try await home.session(
                    Self.unlock + #""$PYTHON" "$HOME/keyring.py" lock; "$PROBE" merge msal.cache \#(Self.order)"#)
                #expect(run.output == "unencrypted file\n" && run.errors.contains("the keyring is locked"), "\(run)")
                let absent = try await home.session(#""$PROBE" merge msal.cache \#(Self.order)"#)
                #expect(absent.output == "unencrypted file\n", "\(absent)")
                #expect(!run.errors.contains("Prompt") && !absent.errors.contains("Prompt"))
            }
        }

        @Test func nobodyIsAskedIfTheKeyringIsLockedBetweenTheLookAndTheWrite() async throws {
            try await self.home { home in
                // A writer that goes on for a while; in the middle, the keyring is locked.
                let run = try await home.session(
                    Self.unlock
                        + """
                        "$PROBE" merge msal.cache required json='\(CacheHome.document("swift", secret: "before"))'
                        : > "$HOME/numbers"
                        timeout 30 "$PROBE" churn msal.cache id=w > "$HOME/numbers" 2> "$HOME/churn" &
                        CHURN=$!
                        timeout 20 sh -c 'until [ "$(wc -l < "$HOME/numbers")" -ge 3 ]; do sleep 0.05; done'
                        "$PYTHON" "$HOME/keyring.py" lock
                        timeout 20 sh -c 'until grep -q locked "$HOME/churn"; do sleep 0.05; done'
                        kill $CHURN; wait
                        cat "$HOME/churn"
                        """
                )
                #expect(run.output.contains("locked"), "\(run)")
                #expect(!run.errors.contains("Prompt") && !run.errors.contains("prompt"), "\(run)")
            }
        }

        @Test func whoSignsOutIsGoneFromTheKeyringThatWasUsedBefore() async throws {
            try await self.home { home in
                let run = try await home.session(
                    Self.unlock
                        + """
                        "$PROBE" merge msal.cache required json='\(CacheHome.document("ada", secret: "kept"))'
                        "$PYTHON" "$HOME/keyring.py" lock
                        "$PROBE" signout msal.cache id=ada backend="unencrypted file"
                        """
                )
                #expect(run.output.contains("Secret Service: the keyring is locked"), "\(run)")
                let again = try await home.session(
                    Self.unlock
                        + """
                        "$PROBE" merge msal.cache required json='\(CacheHome.document("ada", secret: "kept"))'
                        "$PROBE" signout msal.cache id=ada backend="unencrypted file"
                        "$PROBE" read msal.cache
                        """
                )
                #expect(again.output.hasSuffix("Secret Service\n{}\n"), "\(again)")
            }
        }

        @Test func withoutABusTheNextOneIsTaken() async throws {
            try await CacheHome.with { home in
                for address in ["unix:path=\(home.path)/run/nobody", "autolaunch:", "nonsense"] {
                    let answer = try await home.probe(
                        "merge", "msal.cache", "backend=Secret Service", "backend=unencrypted file",
                        environment: ["DBUS_SESSION_BUS_ADDRESS": address])
                    #expect(answer.backend == "unencrypted file", "\(answer)")
                }
            }
        }

        @Test func aKeyringThatHangsIsGivenUp() async throws {
            try await self.home { home in
                let start = ContinuousClock.now
                let run = try await home.session(
                    Self.unlock
                        + #""$PYTHON" "$HOME/keyring.py" stop; "$PROBE" merge msal.cache \#(Self.order); "$PYTHON" "$HOME/keyring.py" kill"#
                )
                #expect(run.output == "unencrypted file\n", "\(run)")
                #expect(start.duration(to: .now) < .seconds(120))
            }
        }

        @Test func anItemThatCannotBeReadIsSetAside() async throws {
            try await self.home { home in
                let run = try await home.session(
                    Self.unlock
                        + """
                        "$PYTHON" "$HOME/keyring.py" garbage
                        "$PROBE" merge msal.cache required json='\(CacheHome.document("swift", secret: "new"))'
                        "$PROBE" read msal.cache
                        """
                )
                #expect(run.errors.contains("set aside: the keyring's item msal.cache.nocae.damaged"), "\(run)")
                #expect(run.output.contains(#""secret":"new""#), "\(run)")
            }
        }
    }
}
#endif
