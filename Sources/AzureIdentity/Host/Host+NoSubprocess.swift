// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if !Subprocess
extension Host {
    /// None: the trait `Subprocess` is off.
    static let defaultToolRunner: (any ToolRunner)? = nil
}
#endif
