import MartletPostgreSQL
import TestPrograms

extension PrivateServer {
    /// How the server is reached by its socket, with no limits but those that a test sets.
    var configuration: PostgreSQLConfiguration {
        var configuration = PostgreSQLConfiguration()
        configuration.host = folder
        configuration.port = port
        configuration.user = "martlet"
        configuration.database = "postgres"
        return configuration
    }
}
