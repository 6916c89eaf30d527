import Foundation
import Testing

@testable import Wire

/// Every file of JSONTestSuite (Nicolas Seriot, MIT; the licence lies beside the files).
@Suite("JSONTestSuite")
struct JSONTestSuiteTests {
    @Test("all 318 files are there")
    func count() throws {
        #expect(try Self.files(prefix: "").count == 318)
    }

    @Test("what must be accepted is, and what must be rejected is")
    func mandatory() throws {
        for file in try Self.files(prefix: "y_") {
            #expect(Self.accepts(try Data(contentsOf: file)), "\(file.lastPathComponent)")
        }
        for file in try Self.files(prefix: "n_") {
            #expect(!Self.accepts(try Data(contentsOf: file)), "\(file.lastPathComponent)")
        }
    }

    /// What a parser may decide for itself. Numbers and escapes are accepted whatever they stand for; bytes that are
    /// not UTF-8, a byte order mark and nesting beyond 128 are not.
    @Test("what is left to the parser is decided as written down here")
    func optional() throws {
        let rejected: Set<String> = [
            "i_string_UTF-16LE_with_BOM.json",
            "i_string_UTF-8_invalid_sequence.json",
            "i_string_UTF8_surrogate_U+D800.json",
            "i_string_invalid_utf-8.json",
            "i_string_iso_latin_1.json",
            "i_string_lone_utf8_continuation_byte.json",
            "i_string_not_in_unicode_range.json",
            "i_string_overlong_sequence_2_bytes.json",
            "i_string_overlong_sequence_6_bytes.json",
            "i_string_overlong_sequence_6_bytes_null.json",
            "i_string_truncated-utf-8.json",
            "i_string_utf16BE_no_BOM.json",
            "i_string_utf16LE_no_BOM.json",
            "i_structure_500_nested_arrays.json",
            "i_structure_UTF-8_BOM_empty_object.json",
        ]
        let files = try Self.files(prefix: "i_")
        #expect(files.count == 35)
        for file in files {
            let isAccepted = Self.accepts(try Data(contentsOf: file))
            #expect(isAccepted == !rejected.contains(file.lastPathComponent), "\(file.lastPathComponent)")
        }
    }

    @Test("Foundation accepts and rejects the mandatory files alike but for three, and reads the same trees")
    func foundation() throws {
        // Foundation lets a comma stand before a closing bracket.
        let lenient: Set = [
            "n_array_extra_comma.json", "n_array_number_and_comma.json", "n_object_trailing_comma.json",
        ]
        for file in try Self.files(prefix: "y_") + Self.files(prefix: "n_") {
            let data = try Data(contentsOf: file)
            let theirs = try? JSONSerialization.jsonObject(with: data, options: .fragmentsAllowed)
            let ours = try? JSONValue(parsing: Array(data))
            if !lenient.contains(file.lastPathComponent) {
                #expect((theirs == nil) == (ours == nil), "\(file.lastPathComponent)")
            }
            if let theirs, let ours {
                #expect(ours.isEqual(to: theirs), "\(file.lastPathComponent)")
            }
        }
    }

    private static func files(prefix: String) throws -> [URL] {
        let folder = try fixtures().appendingPathComponent("JSONTestSuite/test_parsing")
        return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.lastPathComponent.hasPrefix(prefix) && $0.pathExtension == "json" }
            .sorted { $0.lastPathComponent < $1.lastPathComponent }
    }

    private static func accepts(_ data: Data) -> Bool {
        withBytes(Array(data)) { bytes in (try? JSONScanner.validate(bytes)) != nil }
    }
}
