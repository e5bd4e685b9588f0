// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureCredentials
import AzureHTTP
import AzureIdentity
import AzureIdentityTesting
import Foundation
import Logging
import Testing

/// A person at a real browser, Debian's Chromium without a window, which `BROWSER` names. A script has its hands on mouse and keyboard.
///
/// The browser runs in a folder of the test's and reaches nothing but this machine.
struct ChromiumStage: Sendable {
    /// What the browser shows at the end.
    struct Sight: Decodable {
        let title: String, text: String, address: String
        /// Whether a picture was taken.
        let hasPicture: Bool
        /// What went wrong, if it didn't get so far.
        let problem: String?
    }

    /// What the person does, step by step: the ids of the elements to press, each after the fields that are filled in before.
    struct Step: Encodable {
        var fields: [String: String] = [:]
        var press: String
    }

    let stage: Stage
    let folder: URL
    let pipe: NamedPipe

    static func with<Result>(_ steps: [Step], _ body: (ChromiumStage) async throws -> Result) async throws -> Result {
        try await Stage.with { stage in
            let folder = FileManager.default.temporaryDirectory.appending(
                path: "chromium-\(UUID().uuidString)", directoryHint: .isDirectory)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            let stage = ChromiumStage(stage: stage, folder: folder, pipe: try NamedPipe(in: folder.path()))
            try Data(ChromiumScript.text.utf8).write(to: folder.appending(path: "person.py"))
            let orders = Orders(chromium: RealPart.chromiumPath, pipe: stage.pipe.path, steps: steps, pictures: Self.pictures)
            try JSONEncoder().encode(orders).write(to: folder.appending(path: "orders.json"))
            return try await body(stage)
        }
    }

    /// A credential that opens this browser.
    func credential(_ change: (inout InteractiveBrowserCredential.Options) -> Void = { _ in }) -> InteractiveBrowserCredential {
        let environment: [String: String] = [
            "AZURE_AUTHORITY_HOST": self.stage.server.url, "SSL_CERT_FILE": self.stage.caFile, "HOME": self.folder.path(),
            "PATH": "/usr/bin:/bin", "BROWSER": "python3 '\(self.folder.path())person.py' %s",
        ]
        var options = InteractiveBrowserCredential.Options()
        options.credentialOptions = CredentialOptions(
            logging: LoggingOptions(logger: Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() }),
            tokenCache: .inMemory, environment: EnvironmentVariables(environment))
        options.timeout = .seconds(120)
        change(&options)
        return InteractiveBrowserCredential(tenantID: Sample.tenantID, clientID: Sample.publicClientID, options: options)
    }

    /// Signs in; what that came to, and what the browser showed at the end.
    func signIn<Result: Sendable>(_ operation: () async throws -> Result) async throws -> (Result, Sight) {
        async let line = self.firstLine()
        do {
            let result = try await operation()
            let sight = try JSONDecoder().decode(Sight.self, from: Data(#require(await line, "the browser said nothing").utf8))
            #expect(sight.problem == nil && sight.hasPicture, "\(sight)")
            return (result, sight)
        } catch let error {
            self.pipe.release()
            if let line = await line { Issue.record("\(line)") }
            throw error
        }
    }

    private func firstLine() async -> String? {
        for await line in self.pipe.lines() { return line }
        return nil
    }

    private struct Orders: Encodable {
        let chromium: String, pipe: String, steps: [Step], pictures: String?
    }

    /// Where pictures of the last pages are put for people to look at, if `BROWSER_TEST_PICTURES` says so.
    private static let pictures = ProcessInfo.processInfo.environment["BROWSER_TEST_PICTURES"]
}

extension RealPart {
    /// Where Debian has it.
    static let chromiumPath = "/usr/bin/chromium"

    /// The browser, and what its hands are written in.
    static let chromium = RealPart(
        name: "Chromium",
        isPresent: FileManager.default.isExecutableFile(atPath: chromiumPath)
            && FileManager.default.isExecutableFile(atPath: "/usr/bin/python3")
    )
}

/// Signs in on a page, over the pipe that the browser has for tools (the DevTools protocol).
enum ChromiumScript {
    static let text = #"""
        import base64, json, os, signal, subprocess, sys, time, traceback

        here = os.path.dirname(os.path.abspath(__file__))
        with open(os.path.join(here, "orders.json")) as file: orders = json.load(file)
        page = sys.argv[-1]

        class Browser:
            def __init__(self):
                to_browser, self.out = os.pipe()
                self.into, from_browser = os.pipe()
                def place():
                    os.dup2(to_browser, 103); os.dup2(from_browser, 104)
                    os.dup2(103, 3); os.dup2(104, 4)
                self.process = subprocess.Popen(
                    [orders["chromium"], "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                     "--remote-debugging-pipe", "--ignore-certificate-errors", "--disable-background-networking",
                     "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1, EXCLUDE ::1",
                     "--user-data-dir=" + os.path.join(here, "profile"), "--window-size=900,640", "about:blank"],
                    preexec_fn=place, close_fds=False, start_new_session=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                os.close(to_browser); os.close(from_browser)
                self.rest, self.last, self.session = b"", 0, None
                target = self.call("Target.createTarget", url="about:blank")["targetId"]
                self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]

            def call(self, method, **parameters):
                self.last += 1
                message = {"id": self.last, "method": method, "params": parameters}
                if self.session: message["sessionId"] = self.session
                os.write(self.out, json.dumps(message).encode() + b"\0")
                while True:
                    while b"\0" not in self.rest:
                        data = os.read(self.into, 1 << 16)
                        if not data: raise RuntimeError("the browser has ended")
                        self.rest += data
                    line, self.rest = self.rest.split(b"\0", 1)
                    answer = json.loads(line)
                    if answer.get("id") == self.last:
                        if "error" in answer: raise RuntimeError(f"{method}: {answer['error']}")
                        return answer["result"]

            def close(self):
                try:
                    self.session = None
                    self.call("Browser.close")
                    self.process.wait(20)
                except Exception:
                    os.killpg(self.process.pid, signal.SIGKILL)
                    self.process.wait()

            def value(self, expression):
                return self.call("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")

            def wait(self, expression):
                for _ in range(600):
                    try:
                        if self.value(expression): return
                    except RuntimeError:
                        if self.process.poll() is not None: raise
                    time.sleep(0.1)
                raise RuntimeError(f"no {expression} on {self.value('location.href.split(`?`)[0]')}: {self.value('document.body.innerText')}")

        def run(browser):
            browser.call("Page.navigate", url=page)
            for step in orders["steps"]:
                names = list(step["fields"]) + [step["press"]]
                browser.wait(" && ".join(f"document.getElementById({json.dumps(name)})" for name in names) + " && true")
                for name, text in step["fields"].items():
                    browser.value(f"document.getElementById({json.dumps(name)}).focus()")
                    browser.call("Input.insertText", text=text)
                place = browser.value(f"(b => [b.x + b.width / 2, b.y + b.height / 2])(document.getElementById({json.dumps(step['press'])}).getBoundingClientRect())")
                for kind in ["mousePressed", "mouseReleased"]:
                    browser.call("Input.dispatchMouseEvent", type=kind, x=place[0], y=place[1], button="left", clickCount=1)
            browser.wait("location.protocol == 'http:' && document.readyState == 'complete'")
            picture = base64.b64decode(browser.call("Page.captureScreenshot")["data"])
            sight = {"title": browser.value("document.title"), "text": browser.value("document.body.innerText"),
                     "address": browser.value("location.href"), "hasPicture": picture.startswith(b"\x89PNG")}
            if orders.get("pictures"):
                with open(os.path.join(orders["pictures"], sight["title"].replace(" ", "-") + ".png"), "wb") as file: file.write(picture)
            return sight

        sight, browser = {"title": "", "text": "", "address": "", "hasPicture": False}, None
        try:
            browser = Browser()
            sight = run(browser)
        except Exception:
            sight["problem"] = traceback.format_exc()
        finally:
            if browser: browser.close()
        with open(orders["pipe"], "w") as pipe: pipe.write(json.dumps(sight) + "\n")
        """#
}
#endif
