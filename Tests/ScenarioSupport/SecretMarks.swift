// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
import AzureIdentityTesting

/// Texts that nothing else has.
package enum SecretMark {
    /// 48 random digits behind a word, and characters that encodings change behind those.
    package static func make(isEncoded: Bool = false) -> String {
        let digits = (0..<3).map { _ in
            let text = String(UInt64.random(in: .min ... .max), radix: 16)
            return String(repeating: "0", count: 16 - text.count) + text
        }
        return "mark" + digits.joined() + (isEncoded ? "+/=" : "")
    }
}

extension ScenarioWords {
    /// The sample's words, each secret with a text of its own.
    package static func marked() -> ScenarioWords {
        var words = ScenarioWords()
        let encoded: Set<ConfiguredSecret> = [.secret, .wrongSecret, .expiredSecret, .password, .wrongPassword]
        for secret in ConfiguredSecret.allCases where secret.isFree {
            words[secret.rawValue] = SecretMark.make(isEncoded: encoded.contains(secret))
        }
        return words
    }

    /// The secrets among the words.
    package var secrets: Set<SecretHunt.Secret> {
        Set(ConfiguredSecret.allCases.map { .init(kind: $0.kind, text: self[$0.rawValue], isCut: $0.isFree) })
    }
}

extension ConfiguredSecret {
    /// What it is, in words.
    package var kind: String {
        switch self {
        case .secret, .wrongSecret, .expiredSecret: "client secret"
        case .password, .wrongPassword: "password"
        case .certificatePassword: "certificate's password"
        case .identityHeader, .msiSecret: "identity header"
        case .systemAccessToken, .wrongAccessToken: "system access token"
        case .gitHubRequestToken: "request token of GitHub"
        case .toolToken: "tool's token"
        }
    }
}

extension SecretHunt.Output {
    /// All the ways in which a value shows itself.
    package static func shown(_ value: Any, as place: String) -> [SecretHunt.Output] {
        var dumped = ""
        dump(value, to: &dumped)
        let children = Mirror(reflecting: value).children.map { "\($0.label ?? "") \($0.value) \(String(reflecting: $0.value))" }
        return [
            .init("\(place): description", "\(value)"), .init("\(place): debugDescription", String(reflecting: value)),
            .init("\(place): in an array", "\([value])"), .init("\(place): dump", dumped),
            .init("\(place): Mirror", children.joined(separator: "\n")),
        ]
    }
}
#endif
