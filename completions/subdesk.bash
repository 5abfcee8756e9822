# Completion of subdesk for bash: source this file from ~/.bashrc.
if command -v subdesk >/dev/null 2>&1; then
    source <(COMPLETE=bash subdesk)
fi
