// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if os(Windows)
import WinSDK

/// Generic credentials in the Credential Manager of Windows, which asks nobody. Not built or run here: written by the documentation.
enum CredentialManager {
    /// The bytes of a credential; `nil` if there is none.
    static func contents(target: String) throws(StorageProblem) -> [UInt8]? {
        var credential: PCREDENTIALW?
        let isFound = target.withCString(encodedAs: UTF16.self) { CredReadW($0, DWORD(CRED_TYPE_GENERIC), 0, &credential) }
        guard isFound, let credential else {
            let error = GetLastError()
            guard error == DWORD(ERROR_NOT_FOUND) else {
                throw StorageProblem(.unavailable, "the Credential Manager can't be read (error \(error))")
            }
            return nil
        }
        defer { CredFree(credential) }
        guard let start = credential.pointee.CredentialBlob else { return [] }
        return Array(UnsafeBufferPointer(start: start, count: Int(credential.pointee.CredentialBlobSize)))
    }
}
#endif
