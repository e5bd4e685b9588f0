// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if FUZZING
import CFuzzer
#endif

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// What libFuzzer calls with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> Int32 {
    let bytes = Array(UnsafeBufferPointer(start: data, count: data == nil ? 0 : size))
    FuzzTarget.chosen?.run(bytes)
    return 0
}

/// What libFuzzer calls before it reads its arguments: takes the target's name out of them, which it would read as a folder's.
@_cdecl("LLVMFuzzerInitialize")
public func fuzzInitialize(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>
) -> Int32 {
    guard FuzzTarget.chosen != nil else {
        Violation.print("usage: Fuzz \(FuzzTarget.allCases.map(\.rawValue).joined(separator: "|")) …")
        exit(64)
    }
    if count.pointee > 1, let name = arguments.pointee[1], FuzzTarget(rawValue: String(cString: name)) != nil {
        for position in 1..<Int(count.pointee) { arguments.pointee[position] = arguments.pointee[position + 1] }
        count.pointee -= 1
    }
    return 0
}

/// The program's entry where the package manager links `main` to this name, and in builds without libFuzzer, which has a `main`.
///
/// `Fuzz TARGET [libFuzzer's arguments]` in a build with `--sanitize=fuzzer -Xswiftc -DFUZZING`. Other builds run each named file
/// once, `Fuzz TARGET FILE…`, and so do nothing without files.
@_cdecl("Fuzz_main")
public func fuzzMain(_ count: Int32, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Int32 {
    var count = count
    var arguments = arguments
    #if FUZZING
    var pointer: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = arguments
    return LLVMFuzzerRunDriver(&count, &pointer) { data, size in fuzzOneInput(data, size) }
    #else
    _ = fuzzInitialize(&count, &arguments)
    return replay((1..<max(1, Int(count))).compactMap { arguments[$0].map { String(cString: $0) } })
    #endif
}

/// Runs each file's bytes once.
private func replay(_ paths: [String]) -> Int32 {
    for path in paths {
        guard let file = fopen(path, "rb") else {
            Violation.print("\(path) can't be read")
            return 66
        }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let size = fread(&bytes, 1, bytes.count, file)
        fclose(file)
        FuzzTarget.chosen?.run(Array(bytes.prefix(size)))
    }
    return 0
}
