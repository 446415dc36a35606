import MartletCommands
import Testing

@Suite struct GraphModelsTests {
    @Test func `the models are drawn for Mermaid`() async throws {
        let result = try await CommandSite().manage("graphmodels")
        #expect(
            result.output == """
                erDiagram
                    desk_Author {
                        auto id PK
                        char name UK
                        char nickname
                        text motto
                    }
                    desk_Entry {
                        uuid id PK
                        char title
                        choices state
                        integer weight
                        positiveInteger views
                        float rating
                        bool is_open
                        dateTime written_at
                        foreignKey author FK
                    }
                    desk_Entry }o--|| desk_Author : author
                    desk_Entry }o--o{ desk_Author : readers
                """)
    }

    @Test func `the models are drawn for Graphviz`() async throws {
        let result = try await CommandSite().manage("graphmodels", "desk", "--format=dot")
        let lines = result.output.split(separator: "\n").map(String.init)
        #expect(lines.first == "digraph models {" && lines.last == "}")
        #expect(
            lines.contains(
                #"    desk_Author [label="{desk.Author|id: auto\lname: char\lnickname: char\lmotto: text\l}"];"#))
        #expect(
            lines.contains(
                #"    desk_Entry -> desk_Author [label="author", arrowhead=none, dir=both, arrowtail=crow];"#))
    }

    @Test func `an app that is not there is refused`() async throws {
        let result = try await CommandSite().manage("graphmodels", "desc")
        #expect(result.status == 2)
        #expect(result.errors == "manage graphmodels: There is no app 'desc'. Did you mean 'desk'?")
    }
}
