// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
import Crypto
import Testing

@testable import AzureIdentity

/// The old ciphers and key derivations against published values.
@Suite struct LegacyCipherTests {
    private static func bytes(_ digits: String) -> [UInt8] {
        let digits = digits.compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
    }

    private static let desTable: [(key: String, encrypted: UInt64, plain: UInt64)] = [
        ("133457799BBCDFF1133457799BBCDFF1133457799BBCDFF1", 0x85E8_1354_0F0A_B405, 0x0123_4567_89AB_CDEF),
        // NIST SP 800-67, appendix B.
        ("0123456789ABCDEF23456789ABCDEF01456789ABCDEF0123", 0xA826_FD8C_E53B_855F, 0x5468_6520_7175_6663),
        ("0123456789ABCDEF23456789ABCDEF01456789ABCDEF0123", 0xCCE2_1C81_1225_6FE6, 0x6B20_6272_6F77_6E20),
        ("0123456789ABCDEF23456789ABCDEF01456789ABCDEF0123", 0x68D5_C05D_D9B6_B900, 0x666F_7820_6A75_6D70),
    ]

    @Test(arguments: desTable)
    func tripleDES(key: String, encrypted: UInt64, plain: UInt64) {
        #expect(TripleDES(key: Self.bytes(key)).decrypt(encrypted) == plain)
    }

    // RFC 2268, section 5.
    private static let rc2Table: [(key: String, bits: Int, plain: UInt64, encrypted: UInt64)] = [
        ("0000000000000000", 63, 0, 0xEBB7_73F9_9327_8EFF),
        ("FFFFFFFFFFFFFFFF", 64, 0xFFFF_FFFF_FFFF_FFFF, 0x278B_27E4_2E2F_0D49),
        ("3000000000000000", 64, 0x1000_0000_0000_0001, 0x3064_9EDF_9BE7_D2C2),
        ("88", 64, 0, 0x61A8_A244_ADAC_CCF0), ("88BCA90E90875A", 64, 0, 0x6CCF_4308_974C_267F),
        ("88BCA90E90875A7F0F79C384627BAFB2", 64, 0, 0x1A80_7D27_2BBE_5DB1),
        ("88BCA90E90875A7F0F79C384627BAFB2", 128, 0, 0x2269_552A_B0F8_5CA6),
        ("88BCA90E90875A7F0F79C384627BAFB216F80A6F85920584C42FCEB0BE255DAF1E", 129, 0, 0x5B78_D3A4_3DFF_F1F1),
    ]

    @Test(arguments: rc2Table)
    func rc2(key: String, bits: Int, plain: UInt64, encrypted: UInt64) {
        #expect(RC2(key: Self.bytes(key), effectiveBits: bits).decrypt(encrypted) == plain)
    }

    private static let derivationTable: [(password: String, salt: String, iterations: Int, purpose: UInt8, expected: String)] = [
        ("smeg", "0A58CF64530D823F", 1, 1, "8AAAE6297B6CB04642AB5B077851284EB7128F1A2A7FBCA3"),
        ("smeg", "0A58CF64530D823F", 1, 2, "79993DFE048D3B76"),
        ("queeg", "05DEC959ACFF72F7", 1000, 1, "ED2034E36328830FF09DF1E1A07DD357185DAC0D4F9EB3D4"),
        ("queeg", "05DEC959ACFF72F7", 1000, 2, "11DEDAD7758D4860"),
    ]

    @Test(arguments: derivationTable)
    func pkcs12KeyDerivation(password: String, salt: String, iterations: Int, purpose: UInt8, expected: String) throws {
        let derivation = PKCS12KeyDerivation(passphrase: Passphrase(password), salt: Self.bytes(salt), iterations: iterations)
        let purpose = try #require(PKCS12KeyDerivation.Purpose(rawValue: purpose))
        let expected = Self.bytes(expected)
        #expect(derivation.bytes(Insecure.SHA1.self, purpose: purpose, count: expected.count) == expected)
    }

    @Test(arguments: [CBCCipher.aes128, .aes192, .aes256, .tripleDES, .tripleDESTwoKeys, .rc240, .rc2128])
    func wrongLengthsAndPaddingsAreNoCrash(cipher: CBCCipher) {
        let key = [UInt8](repeating: 1, count: cipher.keySize)
        let vector = [UInt8](repeating: 2, count: cipher.blockSize)
        for count in 0..<40 where count % cipher.blockSize != 0 || count == 0 {
            #expect(cipher.decrypt([UInt8](repeating: 3, count: count)[...], key: key, initialVector: vector) == nil)
        }
        let block = [UInt8](repeating: 3, count: cipher.blockSize)
        #expect(cipher.decrypt(block[...], key: key + [0], initialVector: vector) == nil)
        #expect(cipher.decrypt(block[...], key: key, initialVector: []) == nil)
    }
}
#endif
