// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

/// What an AD FS publishes and how it refuses.
extension EmulatorCore {
    func adfsConfiguration(_ exchange: EmulatorExchange) -> EmulatorJSON {
        let root = exchange.url("/adfs")
        return .object([
            "issuer": .string(root),
            "authorization_endpoint": "\(root)/oauth2/authorize/",
            "token_endpoint": "\(root)/oauth2/token/",
            "jwks_uri": "\(root)/discovery/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"],
            "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
            "response_modes_supported": ["query", "fragment", "form_post"],
            "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
            "subject_types_supported": ["pairwise"],
            "scopes_supported": ["openid", "profile", "email"],
            "id_token_signing_alg_values_supported": [.string(self.signer.algorithm)],
            "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
            "access_token_issuer": .string(EmulatorAuthority(adfs: exchange).issuer),
            "device_authorization_endpoint": "\(root)/oauth2/devicecode",
        ])
    }
}

extension EmulatorRefusal {
    /// The refusal in the terms of an AD FS: the status, the error and the description, which begins with a number of `MSIS`.
    ///
    /// The numbers 9607 and 9622 and the status are what servers were seen to answer for unknown clients and wrong credentials. The
    /// others are guesses. What a real AD FS writes to its log alone stands in the parentheses.
    var adfs: (status: Int, error: String, description: String) {
        let (error, text) =
            switch (self.code, self.error) {
            case (700016, _): ("invalid_client", "MSIS9607: The 'client_id' of the request is that of no registered client.")
            case (_, "invalid_client"), (5_002_727, _), (5_002_730, _):
                ("invalid_client", "MSIS9622: Client authentication failed.")
            case (_, "unsupported_grant_type"): ("unsupported_grant_type", "MSIS9611: The grant type is not supported.")
            case (_, "invalid_scope"): ("invalid_resource", "MSIS9602: The resource of the request is not registered.")
            case (_, let error): (error, "MSIS9604: The authorization server was not able to fulfill the request.")
            }
        return (self.status == 401 ? 400 : self.status, error, "\(text) (\(self.message))")
    }
}

extension EmulatorExchange {
    /// A refusal with the two fields that an AD FS sends.
    func adfsResponse(_ refusal: EmulatorRefusal) -> EmulatorResponse {
        let (status, error, description) = refusal.adfs
        let json = EmulatorJSON.object(["error": .string(error), "error_description": .string(description)])
        var response = self.response(status: status, json)
        for header in refusal.headers { response.headers.append(name: header.name, value: header.value) }
        return response
    }
}
