// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// The rows on errors as such, whatever the credential.
extension GuideRow {
    /// What to do about an error that is no credential's in particular (rows G01, G03 and G51); empty for other rows.
    var readingText: String {
        switch self {
        case .g01:
            """
            Look at the error's code and remedy: it may pass by itself (isRetryable), need a person, or need another set-up. Tell it from the \
            service's own errors by its type.
            """
        case .g03:
            """
            Find the role that the call needs in the service's documentation, and assign it to the identity that the token is for; azid inspect \
            shows which that is.
            """
        case .g51:
            """
            Read the message and look its code up, if it has one. Then ask for help, with what azid doctor --json prints and without any \
            token; SUPPORT.md says where.
            """
        default: ""
        }
    }
}
