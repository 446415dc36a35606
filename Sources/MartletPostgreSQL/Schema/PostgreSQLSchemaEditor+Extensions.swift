public import MartletORM

extension PostgreSQLSchemaEditor {
    /// Makes an extension usable, if it is not yet.
    public func createExtension(_ name: String) -> [SchemaStep] {
        [SchemaStep(["CREATE EXTENSION IF NOT EXISTS \(quoted(name))"])]
    }

    /// Takes an extension out of the database; refused by PostgreSQL while something needs it.
    public func dropExtension(_ name: String) -> [SchemaStep] {
        [SchemaStep(["DROP EXTENSION IF EXISTS \(quoted(name))"])]
    }
}
