// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

package import AzureHTTP

extension Host {
    /// Reads a regular file that may not be larger than some bytes.
    ///
    /// - Throws: `FileProblem`.
    package static func contents(ofFile path: String, limit: Int) throws(FileProblem) -> [UInt8] {
        try RegularFile.contents(of: path, limit: limit)
    }

    /// What tells whether a file is still the one that was read; `nil` if there is none.
    package static func stamp(ofFile path: String) -> FileStamp? { FileStamp(ofFile: path) }
}
