// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if !Cryptography
/// Leaves tokens unsigned (`alg` is `none`): signing needs the trait `Cryptography`.
package struct DefaultTokenSigner: TokenSigner {
    package static let shared = DefaultTokenSigner()

    package let algorithm = "none"

    package init() {}

    package func keyID() -> String? { nil }
    package func sign(_ input: [UInt8]) -> [UInt8] { [] }
    package func publicKeys() -> [EmulatorJSON] { [] }
}
#endif
