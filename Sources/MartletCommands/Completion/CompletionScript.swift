import MartletSite

/// The lines that teach a shell to complete the words of `manage`.
enum CompletionShell: String, CaseIterable, ArgumentValue {
    case bash, zsh

    /// The script.
    ///
    /// - Parameter program: The path of the program that knows the words.
    func script(for program: String) -> String {
        let quoted =
            "'" + program.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
        return switch self {
        case .bash: Self.bashScript(quoted)
        case .zsh: Self.zshScript(quoted)
        }
    }

    private static func bashScript(_ program: String) -> String {
        """
        _martlet_manage() {
            local word
            COMPREPLY=()
            while IFS=$'\\t' read -r word _; do
                if [[ $word == :files ]]; then
                    compopt -o default
                else
                    COMPREPLY+=("$word")
                fi
            done < <(\(program) completion bash --candidates -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
        }
        complete -F _martlet_manage manage
        """
    }

    private static func zshScript(_ program: String) -> String {
        """
        #compdef manage
        _martlet_manage() {
            local word text files=
            local -a candidates
            while IFS=$'\\t' read -r word text; do
                if [[ $word == :files ]]; then
                    files=1
                else
                    candidates+=("${word//:/\\\\:}:$text")
                fi
            done < <(\(program) completion zsh --candidates -- "${(@)words[2,CURRENT]}" 2>/dev/null)
            if [[ -n $files ]]; then _files; fi
            if (( $#candidates )); then _describe manage candidates; fi
        }
        compdef _martlet_manage manage
        """
    }
}
