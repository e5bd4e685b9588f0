// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Asks the authority for a document that it gives to everybody: whether it can be reached, by which clock, and who signed its certificate.
struct AuthorityProbe: DoctorProbe {
    let subject = "Microsoft Entra ID"
    let area = IdentityDoctor.Area.network

    /// From this difference on, assertions are refused, and the validity of certificates is judged wrong.
    static let badSkew = Duration.seconds(300)

    func examine(_ place: DoctorPlace) async -> DoctorFindings {
        var findings = DoctorFindings()
        let authority: AuthorityPlace
        do {
            authority = try AuthorityPlace(place)
        } catch let error {
            let message = (error as? AuthenticationError)?.reason ?? "The authority can't be understood."
            findings.observe(self.area, "authority", .bad, message)
            findings.complaints.append(self.complaint(112, place, message))
            return findings
        }
        guard let transport = place.host.transport, let url = URL(string: authority.url) else {
            findings.observe(self.area, "authority", .skipped, "there is no HTTP transport: the trait AsyncHTTPClient is off")
            return findings
        }
        async let seen = self.certificate(url, place)
        await self.ask(authority, url: url, transport: transport, place: place, findings: &findings)
        self.addIssuer(await seen, authority: authority, to: &findings)
        return findings
    }

    private func ask(
        _ authority: AuthorityPlace,
        url: URL,
        transport: any HTTPTransport,
        place: DoctorPlace,
        findings: inout DoctorFindings
    ) async {
        let agent = UserAgent.value(applicationID: place.options.applicationID, addition: nil)
        let request = TransportRequest(
            url: url, headers: ["Accept": "application/json", "User-Agent": agent], timeout: place.limit,
            maximumResponseSize: 1 << 18)
        let before = place.host.clock.date
        do {
            let response = try await transport.send(request)
            self.addAnswer(response, authority: authority, to: &findings)
            let date = response.headers["Date"].flatMap(HTTPDate.parse)
            self.addClock(date, between: before, and: place.host.clock.date, authority: authority, to: &findings)
        } catch let error as TransportError {
            findings.observe(self.area, "authority", .bad, "\(authority.host) can't be reached: \(error.message)")
            var complaint = self.complaint(110, place, "\(authority.host) can't be reached. \(error.message)")
            complaint.cause = error.message
            findings.complaints.append(complaint)
        } catch {
            findings.observe(self.area, "authority", .unknown, "asking \(authority.host) was cancelled")
        }
    }

    /// Anything but the document is somebody else's answer, such as a proxy's, or says that there is no such tenant.
    private func addAnswer(_ response: TransportResponse, authority: AuthorityPlace, to findings: inout DoctorFindings) {
        let text = "\(authority.host) answers (status \(response.status))"
        guard response.status != 200 else { return findings.observe(self.area, "authority", .good, text) }
        let body = String(decoding: response.body.prefix(4096), as: UTF8.self)
        guard response.status == 400, authority.isOfTenant, let code = ServiceText.codes(in: body).first else {
            let doubt = "\(text), which isn't what an authority answers: something on the way may have answered in its place"
            return findings.observe(self.area, "authority", .doubtful, doubt)
        }
        let refusal = "\(authority.host) refuses the tenant that AZURE_TENANT_ID names (AADSTS\(code))"
        findings.observe(self.area, "authority", .bad, refusal)
        findings.complaints.append(Self.complaint(code: code, "\(refusal)."))
    }

    private static func complaint(code: Int, _ message: String) -> DoctorComplaint {
        let fact = CodeFact.fact(code)
        var remedy = Guide.remedy(GuideRow.row(code: code, proof: nil) ?? .g04)
        remedy.text = fact?.advice ?? remedy.text
        remedy.commands = []
        remedy.variables = ["AZURE_TENANT_ID"]
        return DoctorComplaint(
            weight: 106, concerns: KnownVariable.readers(of: "AZURE_TENANT_ID"), area: .network, credential: nil,
            message: fact.map { "\(message) \($0.meaning)" } ?? message, remedy: remedy)
    }

    private func complaint(_ weight: Int, _ place: DoctorPlace, _ message: String) -> DoctorComplaint {
        DoctorComplaint(
            weight: weight, concerns: AuthorityPlace.users(place.subject), area: self.area, credential: nil, message: message,
            remedy: TransportCause.remedy(message: message))
    }

    // MARK: The clock

    private func addClock(
        _ date: Date?,
        between start: Date,
        and end: Date,
        authority: AuthorityPlace,
        to findings: inout DoctorFindings
    ) {
        guard let date else { return findings.observe(.clock, "clock", .unknown, "the answer of \(authority.host) has no date") }
        let skew = Self.skew(of: date, between: start, and: end)
        guard let description = ServiceClock.description(of: skew) else {
            return findings.observe(.clock, "clock", .good, "right, by the date of \(authority.host)")
        }
        let isBad = max(skew, .zero - skew) >= Self.badSkew
        findings.observe(.clock, "clock", isBad ? .bad : .doubtful, "\(description), by the date of \(authority.host)")
        guard isBad else { return }
        findings.complaints.append(
            DoctorComplaint(
                weight: 120, concerns: nil, area: .clock, credential: nil,
                message: """
                    This machine's clock is \(description), by the date of \(authority.host). Assertions that it signs are out of their \
                    time, and certificates may seem to be.
                    """,
                remedy: Guide.clockRemedy
            ))
    }

    /// How much a clock is slow. A date is whole seconds, and was written between two moments: what these allow for is no difference.
    static func skew(of date: Date, between start: Date, and end: Date) -> Duration {
        let early = date.timeIntervalSince(end)
        let late = date.timeIntervalSince(start) + 1
        if early > 0 { return .seconds(early) }
        return late < 0 ? .seconds(late) : .zero
    }

    // MARK: TLS

    private func certificate(_ url: URL, _ place: DoctorPlace) async -> ServerCertificate? {
        await place.host.serverCertificate?(url, place.limit)
    }

    /// Who signs the certificates of Microsoft's authorities. Another one is somebody who decrypts on the way, or a private cloud.
    static let usualIssuers = ["DigiCert", "Microsoft"]

    private func addIssuer(_ certificate: ServerCertificate?, authority: AuthorityPlace, to findings: inout DoctorFindings) {
        guard let certificate else { return }
        let text = "the certificate of \(authority.host) was issued by \(certificate.issuer)"
        let isUsual = Self.usualIssuers.contains { certificate.issuer.contains($0) }
        guard authority.isKnown, !isUsual else { return findings.observe(self.area, "TLS issuer", .good, text) }
        findings.observe(
            self.area, "TLS issuer", .doubtful,
            "\(text), which is none of the usual ones: something on the way may be decrypting; SSL_CERT_FILE names authorities to trust"
        )
    }
}
