import Testing

@testable import LoadRunner

@Suite("The cookie jar")
struct CookieJarTests {
    @Test("An empty jar has no header")
    func empty() {
        #expect(CookieJar().header == nil)
    }

    @Test(
        "The name and value before the first semicolon are kept, without the blanks around them",
        arguments: [
            ("sid=abc", "sid=abc"), ("sid=abc; Path=/; HttpOnly", "sid=abc"), ("  sid = abc ;Secure", "sid=abc"),
            ("sid=a=b==; Max-Age=3", "sid=a=b=="), ("sid=\"quoted\"", "sid=\"quoted\""), ("\tsid=a b\t", "sid=a b"),
            ("sid=abc;", "sid=abc"),
        ]
    )
    func parses(header: String, expected: String) {
        #expect(jar(header).header == expected)
    }

    @Test(
        "What is no cookie is not kept",
        arguments: ["", ";", "=", "=value", "  =value", "name", "name; a=b", "a=", "a= ;b=c"]
    )
    func turnsDown(header: String) {
        #expect(jar(header).header == nil)
    }

    @Test("Cookies go out in the order in which they came")
    func several() {
        #expect(jar("a=1", "b=2; Path=/", "c=3").header == "a=1; b=2; c=3")
    }

    @Test("A new value takes the old one's place; names differ by case")
    func replaces() {
        let header = jar("a=1", "b=2", "a=3", "A=4").header
        #expect(header?.split(separator: "; ").sorted() == ["A=4", "a=3", "b=2"])
    }

    @Test("An empty value takes the cookie away")
    func removes() {
        #expect(jar("a=1", "b=2", "a=; Max-Age=0").header == "b=2")
        #expect(jar("a=1", "a=").header == nil)
    }

    @Test("A full jar takes no new cookie, but a new value of one it has")
    func full() {
        var jar = CookieJar()
        for number in 0..<CookieJar.cookieLimit { jar.set("c\(number)=x") }
        jar.set("more=x")
        jar.set("c7=y")
        let cookies = jar.header?.split(separator: "; ") ?? []
        #expect(cookies.count == CookieJar.cookieLimit)
        #expect(cookies.contains("c7=y"))
        #expect(!cookies.contains("more=x"))
    }

    @Test("A header longer than 4096 bytes is not looked at")
    func long() {
        let fits = "a=" + String(repeating: "x", count: CookieJar.byteLimit - 2)
        #expect(jar(fits).header == fits)
        #expect(jar(fits + "x").header == nil)
        #expect(jar("a=" + String(repeating: "é", count: CookieJar.byteLimit / 2)).header == nil)
    }

    private func jar(_ headers: String...) -> CookieJar {
        var jar = CookieJar()
        for header in headers { jar.set(header) }
        return jar
    }
}
