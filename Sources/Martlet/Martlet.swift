// One import for an application's files: everything below that its author writes with.

@_exported public import FoundationEssentials
@_exported public import MartletCache
@_exported public import MartletCommands
@_exported public import MartletHTTP
@_exported public import MartletJSON
@_exported public import MartletLogging
@_exported public import MartletMail
@_exported public import MartletMessages
@_exported public import MartletMetrics
@_exported public import MartletMiddleware
@_exported public import MartletMigrations
@_exported public import MartletORM
@_exported public import MartletREST
@_exported public import MartletReporting
@_exported public import MartletRouting
@_exported public import MartletServer
@_exported public import MartletSessions
@_exported public import MartletShortcuts
@_exported public import MartletSigning
@_exported public import MartletSite
@_exported public import MartletStorage
@_exported public import MartletTLS
@_exported public import MartletTemplates
@_exported public import MartletTiming
@_exported public import MartletValues
@_exported public import MartletWebSockets
