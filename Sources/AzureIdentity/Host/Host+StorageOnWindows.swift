// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if os(Windows)
import AzureCredentials
import AzureHTTP
import WinSDK

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

// Not built or run here: written by the documentation. Directories below a user's profile are readable by that user alone.

extension StorageFolder {
    package func prepare() throws(StorageProblem) {
        do {
            try FileManager.default.createDirectory(atPath: self.path, withIntermediateDirectories: true)
        } catch {
            throw StorageProblem(.unavailable, "the directory \(Host.shown(self.path)) can't be made")
        }
    }

    package var isWritable: Bool { FileManager.default.isWritableFile(atPath: self.path) }
}

extension Host {
    static func shown(_ path: String) -> String { HostileText.sanitized(path, limit: 200) }

    package static func privateContents(ofFile path: String, limit: Int) throws(StorageProblem) -> [UInt8]? {
        guard try Self.checkPrivateFile(path) else { return nil }
        guard let data = try? Data(contentsOf: URL(filePath: path)), data.count <= limit else {
            throw StorageProblem(.failed, "\(Self.shown(path)) can't be read")
        }
        return Array(data)
    }

    package static func checkPrivateFile(_ path: String) throws(StorageProblem) -> Bool {
        FileManager.default.fileExists(atPath: path)
    }

    package static func replaceFile(_ path: String, with bytes: [UInt8]) throws(StorageProblem) {
        do {
            try Data(bytes).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw StorageProblem(.failed, "\(Self.shown(path)) can't be replaced")
        }
    }

    package static func renameFile(_ path: String, to other: String) throws(StorageProblem) {
        do {
            try? FileManager.default.removeItem(atPath: other)
            try FileManager.default.moveItem(atPath: path, toPath: other)
        } catch {
            throw StorageProblem(.failed, "\(Self.shown(path)) can't be renamed")
        }
    }

    package static func removeFile(_ path: String) throws(StorageProblem) -> Bool {
        guard FileManager.default.fileExists(atPath: path) else { return false }
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            throw StorageProblem(.failed, "\(Self.shown(path)) can't be removed")
        }
        return true
    }

    package static func touchFile(_ path: String) throws(StorageProblem) {
        try Self.replaceFile(path, with: [])
    }

    /// Times are fine enough there.
    package static func isRecent(_ stamp: FileStamp?) -> Bool { false }
}

/// A lock between processes: a file that nobody else can open while it is held, and one that is there meanwhile.
package struct FileLock: Sendable {
    package let path: String
    package let sharedPath: String?

    package init(path: String, sharedPath: String? = nil) {
        self.path = path
        self.sharedPath = sharedPath
    }

    package func hold<Result>(
        within limit: Duration,
        _ body: () throws(StorageProblem) -> Result
    ) throws(StorageProblem) -> Result {
        let deadline = SystemClock().now + limit
        let handle = try Self.opened(self.path, DWORD(OPEN_ALWAYS), DWORD(FILE_ATTRIBUTE_NORMAL), deadline)
        defer { CloseHandle(handle) }
        guard let sharedPath = self.sharedPath else { return try body() }
        // Gone with its handle, and with the process.
        let flags = DWORD(FILE_ATTRIBUTE_NORMAL) | DWORD(FILE_FLAG_DELETE_ON_CLOSE)
        let shared = try Self.opened(sharedPath, DWORD(CREATE_NEW), flags, deadline)
        defer { CloseHandle(shared) }
        return try body()
    }

    private static func opened(
        _ path: String,
        _ disposition: DWORD,
        _ flags: DWORD,
        _ deadline: MonotonicTime
    ) throws(StorageProblem) -> HANDLE {
        while true {
            let handle = path.withCString(encodedAs: UTF16.self) {
                CreateFileW($0, DWORD(GENERIC_WRITE), 0, nil, disposition, flags, nil)
            }
            if let handle, handle != INVALID_HANDLE_VALUE { return handle }
            guard SystemClock().now < deadline else {
                throw StorageProblem(.busy, "another process has locked \(Host.shown(path)) all the time")
            }
            Sleep(DWORD.random(in: 2...20))
        }
    }
}
#endif
