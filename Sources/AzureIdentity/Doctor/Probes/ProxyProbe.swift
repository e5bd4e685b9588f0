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

/// Says which proxy requests take, as the library reads options and variables. Asks nobody.
struct ProxyProbe: DoctorProbe {
    let subject = "the proxy"
    let area = IdentityDoctor.Area.network

    private static let variables = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]

    func examine(_ place: DoctorPlace) async -> DoctorFindings {
        var findings = DoctorFindings()
        let environment = place.host.environment
        if place.options.transport != nil {
            findings.observe(self.area, "proxy", .skipped, "the program has a transport of its own, which decides about proxies")
        } else {
            self.addRoute(place, to: &findings)
        }
        var first: String?
        for name in Self.variables {
            guard let value = environment[name] else { continue }
            if let first {
                let isSame = environment[first] == value
                findings.observe(self.area, name, isSame ? .good : .doubtful, "not read, since \(first) comes before it")
                continue
            }
            first = name
            let proxy = try? ProxyServer(value)
            findings.observe(
                self.area, name, proxy == nil ? .bad : .good, proxy.map { "set: \($0)" } ?? "set to what is no proxy's URL")
        }
        for name in ["no_proxy", "NO_PROXY"] where environment[name] != nil {
            findings.observe(self.area, name, .good, "set")
        }
        self.addMetadata(place, to: &findings)
        return findings
    }

    /// Which way requests to the authority go.
    private func addRoute(_ place: DoctorPlace, to findings: inout DoctorFindings) {
        let plan = ProxyPlan(options: place.options.network, environment: place.host.environment.dictionary)
        guard let authority = try? AuthorityPlace(place), let url = URL(string: authority.url) else { return }
        do {
            let proxy = try plan.proxy(for: url)
            let way = proxy.map { "by the proxy \($0.address)" } ?? "straight, without a proxy"
            findings.observe(self.area, "proxy", .good, "requests to \(authority.host) go \(way)")
        } catch {
            findings.observe(self.area, "proxy", .bad, error.message)
            findings.complaints.append(
                DoctorComplaint(
                    weight: 111, concerns: AuthorityPlace.users(place.subject), area: self.area, credential: nil,
                    message: error.message, remedy: TransportCause.remedy(message: error.message), cause: error.message))
        }
    }

    /// The library goes by no proxy to metadata services; other programs do.
    private func addMetadata(_ place: DoctorPlace, to findings: inout DoctorFindings) {
        let environment = place.host.environment
        guard case .metadata = place.selection.source, place.selection.host.isCertain,
            let name = ["http_proxy", "HTTP_PROXY"].first(where: { environment[$0] != nil })
        else { return }
        let exceptions = ((environment["no_proxy"] ?? "") + "," + (environment["NO_PROXY"] ?? "")).split(separator: ",")
        guard !exceptions.contains(where: { ["169.254.169.254", "*"].contains(HostileText.trimmed($0)) }) else { return }
        findings.observe(
            self.area, name, .doubtful,
            """
            curl and others would send metadata requests to this proxy, which can't answer them; this library doesn't. \
            NO_PROXY should hold 169.254.169.254
            """)
    }
}
