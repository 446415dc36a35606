import Config
import Martlet

@main
struct Manage {
    static func main() async {
        await manage(site)
    }
}
