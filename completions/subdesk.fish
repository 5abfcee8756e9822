# Completion of subdesk for fish: put this file into ~/.config/fish/completions.
if command -q subdesk
    COMPLETE=fish subdesk | source
end
