import MartletSite

/// The checks that every site has, in the order in which their findings are printed.
let standardChecks: [Check] =
    [.models, .migrations, .urls, .middleware, .templates, .sessions, .settings, .variables, .debugInProduction]
    + conventionChecks + deploymentChecks
