// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if os(Windows)
import WinSDK

/// What Windows encrypts for the user (DPAPI), without asking anybody. Not built or run here: written by the documentation.
enum DataProtection {
    static let isSupported = true

    static func sealed(_ bytes: [UInt8]) throws(StorageProblem) -> [UInt8] {
        try Self.transformed(bytes) { input, output in
            CryptProtectData(input, nil, nil, nil, nil, DWORD(CRYPTPROTECT_UI_FORBIDDEN), output)
        }
    }

    static func opened(_ bytes: [UInt8]) throws(StorageProblem) -> [UInt8] {
        try Self.transformed(bytes) { input, output in
            CryptUnprotectData(input, nil, nil, nil, nil, DWORD(CRYPTPROTECT_UI_FORBIDDEN), output)
        }
    }

    private static func transformed(
        _ bytes: [UInt8],
        _ transform: (UnsafeMutablePointer<DATA_BLOB>, UnsafeMutablePointer<DATA_BLOB>) -> Bool
    ) throws(StorageProblem) -> [UInt8] {
        var bytes = bytes
        var output = DATA_BLOB()
        let count = DWORD(bytes.count)
        let isDone = bytes.withUnsafeMutableBufferPointer { buffer in
            var input = DATA_BLOB(cbData: count, pbData: buffer.baseAddress)
            return transform(&input, &output)
        }
        guard isDone, let start = output.pbData else {
            throw StorageProblem(.damaged, "Windows can't decrypt it for this user (error \(GetLastError()))")
        }
        defer { LocalFree(start) }
        return Array(UnsafeBufferPointer(start: start, count: Int(output.cbData)))
    }
}
#else
/// There is no such thing on this system.
enum DataProtection {
    static let isSupported = false

    static func sealed(_ bytes: [UInt8]) throws(StorageProblem) -> [UInt8] {
        throw StorageProblem(.unavailable, "there is no data protection on this system")
    }

    static func opened(_ bytes: [UInt8]) throws(StorageProblem) -> [UInt8] {
        throw StorageProblem(.unavailable, "there is no data protection on this system")
    }
}
#endif
