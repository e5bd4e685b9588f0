// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if !os(Windows)
import Testing

@testable import AzureIdentity

/// Paths of libraries that are none.
@Suite(.timeLimit(.minutes(1))) struct NativeLibraryTests {
    @Test func whatIsNoRegularFileIsNotOpenedAndNotWaitedFor() throws {
        let folder = try TestFolder()
        let pipe = folder.path("pipe.so")
        try #require(folder.makePipe("pipe.so"))
        for path in [pipe, folder.path, "/dev/zero"] {
            let problem = #expect(throws: NativeLibraryProblem.self) { _ = try NativeLibrary(names: [path]) }
            #expect(problem?.reason == "\(path) is not a regular file")
        }
        // The next one is tried, and the loader says what it finds of that.
        let problem = #expect(throws: NativeLibraryProblem.self) { _ = try NativeLibrary(names: [pipe, "/nobody/there.so"]) }
        #expect(problem?.reason.hasPrefix("\(pipe) is not a regular file; ") == true, "\(problem?.reason ?? "")")
        #expect(problem?.reason.contains("/nobody/there.so") == true)
        withExtendedLifetime(folder) {}
    }

    @Test(arguments: ["", "folder/library.so", "./library.so", "a\0b", "\\\\server\\share\\library.so/x"])
    func whatMayBeOfTheWorkingDirectoryIsNotTaken(name: String) {
        #expect(!NativeLibrary.isTaken(name))
    }
}
#endif
