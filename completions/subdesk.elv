# Completion of subdesk for elvish: put these lines into ~/.config/elvish/rc.elv.
set-env COMPLETE elvish
eval (subdesk | slurp)
unset-env COMPLETE
