# Completion of subdesk for PowerShell: put these lines into the file that $PROFILE names.
$env:COMPLETE = "powershell"
subdesk | Out-String | Invoke-Expression
Remove-Item Env:\COMPLETE
