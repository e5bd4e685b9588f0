// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if !Subprocess
extension Host {
    /// Starts nothing: the trait `Subprocess` is off.
    package static let startProgram: ProgramStart = { _ in
        throw ToolFailure.notStarted(reason: "this build has no trait Subprocess")
    }
}
#endif
