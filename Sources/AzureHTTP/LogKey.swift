// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// The names of what log lines carry, in one place. The article Logging of AzureIdentity has them as a table; a test compares the two.
package enum LogKey {
    /// The credential's type name.
    package static let credential = "azure.credential"
    /// The tenant that a token is for.
    package static let tenantID = "azure.tenant_id"
    /// The tenant that a request names.
    package static let requestedTenantID = "azure.requested_tenant_id"
    /// The application that a token is for.
    package static let clientID = "azure.client_id"
    /// The user, service principal or managed identity that a token is for.
    package static let objectID = "azure.object_id"
    /// The user's name; only if asked for.
    package static let userName = "azure.user_name"
    /// The tenant of the token before.
    package static let formerTenantID = "azure.former_tenant_id"
    /// Whom the token before was for.
    package static let formerObjectID = "azure.former_object_id"
    /// The scopes, with blanks between them.
    package static let scopes = "azure.scopes"
    /// How long a token lives, in seconds.
    package static let expiresIn = "azure.expires_in"
    /// Where a token came from.
    package static let source = "azure.source"
    /// How long until a request is made again, in seconds.
    package static let nextAttemptIn = "azure.next_attempt_in"
    /// The host of an authority.
    package static let authorityHost = "azure.authority_host"
    /// The member that a chain got its token from.
    package static let member = "azure.member"
    /// What kind of failure it was: the error's code, or the type's name.
    package static let errorType = "error.type"
    /// What the failure was, in one line.
    package static let errorMessage = "error.message"
    package static let method = "http.request.method"
    package static let url = "url.full"
    package static let requestHeaders = "http.request.headers"
    package static let resendCount = "http.request.resend_count"
    package static let status = "http.response.status_code"
    package static let responseHeaders = "http.response.headers"
    /// In milliseconds.
    package static let duration = "http.duration_ms"
    /// All headers, as they were; content logging.
    package static let headers = "http.headers"
    /// A body, as it was; content logging.
    package static let body = "http.body"
}
