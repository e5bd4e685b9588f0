// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

// The examples of the log and of events, compiled.

import AzureIdentity
import Logging

// snippet.LOGGING
var logger = Logger(label: "identity")
logger.logLevel = .info
var options = CredentialOptions()
options.logging = LoggingOptions(logger: logger, additionalAllowedHeaders: ["x-my-gateway-id"])
// snippet.end

let credential = EnvironmentCredential(options: options)

// snippet.EVENTS
let watch = Task {
    for await event in credential.events {
        switch event.kind {
        case .renewed(let expiresOn): print("Good until \(expiresOn)")
        case .renewalFailed(let error): print("Callers get the old token for now: \(error.summary)")
        case .identityChanged(let former, let new): print("Another identity: \(former) before, \(new) now")
        }
    }
}
// snippet.end

await watch.value
