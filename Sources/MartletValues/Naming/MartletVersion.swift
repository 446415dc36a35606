/// The version of Martlet, as `manage version` prints it and CHANGELOG.md lists it.
public let martletVersion = "0.1.0"
