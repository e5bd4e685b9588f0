// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureCredentials
import AzureHTTP
import AzureIdentity
import AzureIdentityTesting
import Foundation
import Testing

/// Our client assertions before other eyes, and those of others before our emulator.
@Suite(.timeLimit(.minutes(5))) struct PythonAssertionTests {
    /// An assertion of ours, and what it must say.
    private struct Case: Encodable {
        var name: String
        var assertion: String
        /// The file that has its certificate and key.
        var file: String
        var algorithm: String
        var audience: String
        var client = Sample.clientID
        /// The subjects of `x5c`, if it must be there.
        var chain: [String]?
        var time = Date().timeIntervalSince1970
    }

    /// Checks assertions with the package `cryptography` and the standards alone; prints what is wrong with each, a list for each.
    private static let verifier = """
        import base64, hashlib, json, re, sys, uuid
        from cryptography import x509
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import padding

        def encoded(data):
            return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

        def decoded(text):
            return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

        def members(pairs):
            if len({name for name, _ in pairs}) != len(pairs):
                raise ValueError("a name comes twice")
            return dict(pairs)

        def problems(case):
            parts = case["assertion"].split(".")
            if len(parts) != 3 or any(not re.fullmatch("[A-Za-z0-9_-]+", part) for part in parts):
                yield "it is not three parts in base64url without padding"
                return
            if any(encoded(decoded(part)) != part for part in parts):
                yield "a part has bits that mean nothing"
                return
            header, claims = (json.loads(decoded(part), object_pairs_hook=members) for part in parts[:2])
            pem = open(case["file"], "rb").read()
            key = serialization.load_pem_private_key(pem, None).public_key()
            certificates = x509.load_pem_x509_certificates(pem)
            leaf = next(c for c in certificates if c.public_key() == key)
            der = leaf.public_bytes(serialization.Encoding.DER)
            is_pss = case["algorithm"] == "PS256"
            expected = {"alg": case["algorithm"], "typ": "JWT"}
            if is_pss:
                expected["x5t#S256"] = encoded(hashlib.sha256(der).digest())
            else:
                expected["x5t"] = encoded(hashlib.sha1(der).digest())
            if "chain" in case:
                links = [x509.load_der_x509_certificate(base64.b64decode(text, validate=True)) for text in header.get("x5c", [])]
                if [link.subject.rfc4514_string() for link in links] != case["chain"] or links[:1] != [leaf]:
                    yield "x5c is " + str([link.subject.rfc4514_string() for link in links])
                for link, issuer in zip(links, links[1:]):
                    link.verify_directly_issued_by(issuer)
                expected["x5c"] = header.get("x5c")
            if header != expected:
                yield "the header is " + str(header)
            signature, text = decoded(parts[2]), ".".join(parts[:2]).encode()
            if len(signature) != key.key_size // 8:
                yield f"the signature has {len(signature)} bytes"
            scheme = padding.PSS(padding.MGF1(hashes.SHA256()), 32) if is_pss else padding.PKCS1v15()
            try:
                key.verify(signature, text, scheme, hashes.SHA256())
            except InvalidSignature:
                yield "the signature is wrong"
            if set(claims) != {"aud", "exp", "iat", "iss", "jti", "nbf", "sub"}:
                yield "the claims are " + str(sorted(claims))
                return
            for name, value in dict(aud=case["audience"], iss=case["client"], sub=case["client"]).items():
                if claims[name] != value:
                    yield f"{name} is {claims[name]!r}"
            if any(type(claims[name]) is not int for name in ("exp", "iat", "nbf")):
                yield "a time is no whole number"
                return
            if not 0 < claims["exp"] - claims["nbf"] <= 600 or claims["iat"] != claims["nbf"]:
                yield f"it is valid from {claims['nbf']} to {claims['exp']}"
            if abs(claims["nbf"] - case["time"]) > 60:
                yield f"it begins at {claims['nbf']}, not at {case['time']}"
            if str(uuid.UUID(claims["jti"])) != claims["jti"]:
                yield "jti is " + claims["jti"]

        def listed(case):
            try:
                return list(problems(case))
            except Exception as error:
                return [type(error).__name__ + ": " + str(error)]

        print(json.dumps([listed(case) for case in json.loads(sys.argv[1])]))
        """

    private static let fixtures = Program.repository.appending(path: "Tests/Fixtures/certificates/").path()

    private static func verified(_ cases: [Case]) async throws -> [[String]] {
        let argument = String(decoding: try JSONEncoder().encode(cases), as: UTF8.self)
        let python = Program(path: RealPart.pythonPath, environment: ["PATH": "/usr/bin:/bin"])
        let run = try await python.run(["-c", Self.verifier, argument])
        #expect(run.status == 0, "\(run.errors)")
        return try JSONDecoder().decode([[String]].self, from: Data(run.output.utf8))
    }

    /// The fixture's certificate with its key.
    private static func certificate(_ name: String) throws -> ClientCertificate {
        try ClientCertificate(contentsOf: Self.fixtures + name)
    }

    /// The sample with these certificates of the application, and an AD FS with the same application.
    private static func configuration(_ certificates: [[UInt8]]) -> EmulatorConfiguration {
        var configuration = EmulatorConfiguration.sample
        configuration.tenants[0].applications[0].certificates = certificates.map { .init(der: $0) }
        let application = configuration.tenants[0].applications[0]
        configuration.tenants.append(.init(id: "adfs", applications: [application], isADFS: true))
        configuration.assertionRules = .strict
        return configuration
    }

    /// The assertion that our credential sends, which the emulator has to take too.
    private static func assertion(file: String, tenantID: String, sendsChain: Bool) async throws -> String {
        let certificate = try Self.certificate(file)
        let leaf = try #require(certificate.current().chain.first)
        let emulator = EntraEmulator(configuration: Self.configuration([leaf.der]))
        var options = emulator.credentialOptions()
        options.authorityHost = try AuthorityHost("login.microsoftonline.com")
        let credential = ClientCertificateCredential(
            tenantID: tenantID,
            clientID: Sample.clientID,
            certificate: certificate,
            sendsCertificateChain: sendsChain,
            options: options
        )
        _ = try await credential.token(for: TokenRequestContext(scopes: [vaultScope]))
        return try #require(emulator.requests.last?.form["client_assertion"])
    }

    private static func ourCases() async throws -> [Case] {
        let (leaf, intermediate, root) = ("CN=leaf", "CN=intermediate", "CN=root")
        let files: [(name: String, chain: [String])] = [
            ("pkcs1.pem", [leaf]), ("chain-reversed.pem", [leaf, intermediate, root]),
            ("chain-unrelated.pem", [leaf, intermediate, root]), ("rsa3072.pem", ["CN=rsa3072"]), ("rsa4096.pem", ["CN=rsa4096"]),
        ]
        var cases: [Case] = []
        for file in files {
            for tenantID in [Sample.tenantID, "adfs"] {
                for sendsChain in [false, true] {
                    let isADFS = tenantID == "adfs"
                    let path = isADFS ? "adfs/oauth2/token" : "\(tenantID)/oauth2/v2.0/token"
                    let chain = file.chain.map { "\($0),O=azure-identity-swift fixture" }
                    cases.append(
                        Case(
                            name: "\(file.name) \(tenantID) \(sendsChain)",
                            assertion: try await Self.assertion(file: file.name, tenantID: tenantID, sendsChain: sendsChain),
                            file: Self.fixtures + file.name,
                            algorithm: isADFS ? "RS256" : "PS256",
                            audience: "https://login.microsoftonline.com/\(path)",
                            chain: sendsChain ? chain : nil
                        )
                    )
                }
            }
        }
        return cases
    }

    @Test(.enabled(if: RealPart.pythonCryptography.isWanted)) func pythonVerifiesOurAssertions() async throws {
        let cases = try await Self.ourCases()
        #expect(cases.count == 20)
        for (one, problems) in zip(cases, try await Self.verified(cases)) { #expect(problems.isEmpty, "\(one.name)") }
    }

    /// The verifier itself: each spoiled case must be found out.
    @Test(.enabled(if: RealPart.pythonCryptography.isWanted)) func pythonFindsSpoiledAssertions() async throws {
        let good = try #require(try await Self.ourCases().first { $0.chain?.count == 3 })
        var spoiled = Array(repeating: good, count: 6)
        let parts = good.assertion.split(separator: ".")
        // The last digit of a signature of 256 bytes has two bits alone, so the first one is changed.
        spoiled[0].assertion = "\(parts[0]).\(parts[1]).\(parts[2].first == "A" ? "B" : "A")\(parts[2].dropFirst())"
        spoiled[1].assertion = good.assertion + "="
        spoiled[2].algorithm = "RS256"
        spoiled[3].audience += "/"
        spoiled[4].chain = good.chain?.reversed()
        spoiled[5].time += 3600
        let problems = try await Self.verified([good] + spoiled)
        #expect(problems.count == 7)
        #expect(problems.first == [])
        for (number, problem) in problems.enumerated().dropFirst() { #expect(!problem.isEmpty, "number \(number)") }
    }

    // MARK: Their assertions

    private struct Answer: Decodable {
        let name: String, token: String?, error: String?
    }

    /// Gets a token by each way there is of proving who one is with a certificate.
    private static let client = """
        import asyncio, base64, datetime, json, os, sys, uuid
        import jwt
        from cryptography.hazmat.primitives import serialization
        is_async, folder, password = sys.argv[1] == "aio", os.environ["PEER_FIXTURES"], "fixture-password"
        if is_async:
            from azure.identity.aio import CertificateCredential, ClientAssertionCredential
        else:
            from azure.identity import CertificateCredential, ClientAssertionCredential
        common = dict(tenant_id=os.environ["AZURE_TENANT_ID"], client_id=os.environ["AZURE_CLIENT_ID"],
                      authority=os.environ["AZURE_AUTHORITY_HOST"], disable_instance_discovery=True)

        def assertion():
            key = serialization.load_pem_private_key(open(folder + "rsa3072.pem", "rb").read(), None)
            now = datetime.datetime.now(datetime.timezone.utc)
            claims = dict(iss="https://issuer.example", sub=os.environ["PEER_SUBJECT"], aud="api://AzureADTokenExchange",
                          iat=now, nbf=now, exp=now + datetime.timedelta(minutes=5), jti=str(uuid.uuid4()))
            return jwt.encode(claims, key, "RS256")

        def cases():
            for file in ("chain.pem", "rsa4096.pem", "pkcs8-aes256-sha256.pem", "default.pfx", "chain.pfx"):
                for chain in (False, True):
                    arguments = dict(common, certificate_path=folder + file, send_certificate_chain=chain)
                    if file.endswith(".pfx") or file.startswith("pkcs8-"):
                        arguments["password"] = password
                    yield f"{file} {chain}", CertificateCredential(**arguments)
            yield "assertion", ClientAssertionCredential(func=assertion, **common)

        async def answer(name, credential):
            try:
                token = credential.get_token("https://vault.azure.net/.default")
                token = await token if is_async else token
                return dict(name=name, token=token.token)
            except Exception as error:
                return dict(name=name, error=str(error))
            finally:
                closing = credential.close()
                if is_async:
                    await closing

        async def main():
            return [await answer(*case) for case in cases()]

        print(json.dumps(asyncio.run(main())))
        """

    /// The tokens that the Python library gets on a stage that knows the fixtures' certificates, and an issuer's key.
    private static func answers(_ kind: String, subject: String, on stage: Stage) async throws -> [Answer] {
        var environment = stage.environment
        environment["PATH"] = "/usr/bin:/bin"
        environment["REQUESTS_CA_BUNDLE"] = stage.caFile
        environment["PEER_FIXTURES"] = Self.fixtures
        environment["PEER_SUBJECT"] = subject
        let run = try await Program(path: RealPart.pythonPath, environment: environment).run(["-c", Self.client, kind])
        #expect(run.status == 0, "\(run.errors)")
        return try JSONDecoder().decode([Answer].self, from: Data(run.output.utf8))
    }

    private static func peerConfiguration(knowsCertificates: Bool) throws -> EmulatorConfiguration {
        var registered: [[UInt8]] = []
        for name in ["chain.pem", "rsa4096.pem"] where knowsCertificates {
            registered.append(try #require(try Self.certificate(name).current().chain.first).der)
        }
        var configuration = Self.configuration(registered)
        configuration.assertionRules = .init()
        let issuer = try #require(try Self.certificate("rsa3072.pem").current().chain.first)
        let key = try #require(EmulatorConfiguration.FederatedCredential.PublicKey(der: issuer.subjectPublicKeyInfo))
        configuration.tenants[0].applications[0].federatedCredentials = [
            .init(issuer: "https://issuer.example", subject: "job", publicKeys: [key])
        ]
        return configuration
    }

    @Test(.enabled(if: RealPart.pythonIdentity.isWanted), arguments: ["sync", "aio"])
    func pythonGetsTokensWithAssertions(kind: String) async throws {
        try await Stage.with(Self.peerConfiguration(knowsCertificates: true)) { stage in
            let answers = try await Self.answers(kind, subject: "job", on: stage)
            #expect(answers.count == 11)
            for answer in answers {
                #expect(answer.token?.split(separator: ".").count == 3, "\(answer.name): \(answer.error ?? "no error")")
            }
            let forms = stage.emulator.requests.map(\.form).filter { $0["client_assertion"] != nil }
            #expect(forms.count == 11)
            #expect(forms.allSatisfy { $0["client_secret"] == nil })
        }
    }

    /// The same with nothing registered and another subject: the emulator must refuse each with the code for it.
    @Test(.enabled(if: RealPart.pythonIdentity.isWanted), arguments: ["sync", "aio"])
    func pythonIsRefusedWhereNothingIsRegistered(kind: String) async throws {
        try await Stage.with(Self.peerConfiguration(knowsCertificates: false)) { stage in
            let answers = try await Self.answers(kind, subject: "another", on: stage)
            #expect(answers.count == 11)
            for answer in answers {
                let code = answer.name == "assertion" ? "AADSTS700213" : "AADSTS700027"
                #expect(answer.error?.contains(code) == true, "\(answer.name): \(answer.error ?? answer.token ?? "")")
            }
        }
    }
}

extension RealPart {
    /// The package `cryptography` for Python, which comes with azure-identity.
    static let pythonCryptography = RealPart(
        name: "cryptography for Python",
        isPresent: FileManager.default.isExecutableFile(atPath: pythonPath)
    )
}
#endif
