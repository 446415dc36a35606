import MartletMail
import MartletSite

/// Sends a mail, to see whether the settings of mails hold.
struct SendTestEmailCommand: Command {
    let name = "sendtestemail"
    let summary = "Sends a mail to see whether mails leave the site."

    let recipients = CommandArgument<[String]>("ADDRESS", help: "Who gets it.")
    let isForAdmins = CommandFlag("admins", help: "Sends it to ADMINS.")

    func run(_ context: CommandContext) async throws {
        let reports = try context.settings().reports
        var to = context.arguments[isForAdmins] ? reports.admins : []
        for text in try context.arguments[recipients] {
            guard let address = MailAddress(text) else {
                throw CommandError("'\(text)' is no mail address. Write ann@example.org.", exitCode: 2)
            }
            to.append(address)
        }
        guard !to.isEmpty else {
            throw CommandError("Nobody gets it. Name an address, or set ADMINS and use --admins.", exitCode: 2)
        }
        guard let sender = reports.sender else { throw CommandError("SERVER_EMAIL says nobody. Set it.") }
        let server = "\(reports.mailHost):\(reports.mailPort)"
        let mail = MailMessage(
            subject: "\(reports.subjectPrefix)Test of mails",
            text: "If you can read this, the site's mails leave by \(server).", from: sender, to: to)
        do {
            try await reports.mailer.send(mail)
        } catch {
            throw CommandError(
                "\(server) did not take the mail: \(error). EMAIL_HOST and the settings beside it say where.")
        }
        context.note("Sent to \(to.map(\.address).joined(separator: ", ")) by \(server).")
    }
}
