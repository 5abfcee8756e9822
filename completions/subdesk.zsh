#compdef subdesk
# Completion of subdesk for zsh: source this file from ~/.zshrc, after compinit.
if (( $+commands[subdesk] )); then
    source <(COMPLETE=zsh subdesk)
fi
