//! How requests are written, for the help text.

use super::KINDS;

/// The kinds and how a request is written, for the help text.
pub fn help() -> String {
    let widest = KINDS.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let kinds = KINDS
        .iter()
        .map(|(name, about)| format!("  {name:widest$}  {about}\n"));
    format!(
        "Kinds of requests:\n{}\nAmounts are text in major units (\"30.10\"), days 2024-03-01, stretches \
         2024-03-01..2024-04-01.\n\"rules\" is the name of a rule set or the switches of a policy, \
         {{\"like\":\"lago\",\"unit\":\"second\"}}.\nA kind that gets a field it does not know names all it knows.\nAn \"id\" comes back with the answer; with a \"zone\" instants \
         are brought into it.\n\nExamples:\n{}",
        kinds.collect::<String>(),
        EXAMPLES.map(|example| format!("  {example}\n")).concat()
    )
}

/// A request of each kind, for the help text; a test answers them.
pub(super) const EXAMPLES: [&str; 17] = [
    r#"{"kind":"bill","rules":"killbill","price":"10.00","period":"1m","start":"2011-09-01","bill_day":15,"through":"2011-10-03"}"#,
    r#"{"kind":"cancel","service":{"price":"19.95","period":"1m","start":"2013-06-15"},"on":"2013-07-01"}"#,
    r#"{"kind":"span","rules":"zuora_strict","price":"300.00","term":"2018-01-01..2018-04-01","service":"2018-01-16..2018-04-01"}"#,
    r#"{"kind":"change","rules":"stripe","term":"2024-03-01..2024-04-01","on":"2024-03-16T15:00Z","old":[{"price":"30.00"}],"new":[{"price":"60.00"}]}"#,
    r#"{"kind":"credit","lines":[{"service":"2012-05-01..2012-05-25","amount":"199.96","credited":"10.00"}],"on":"2012-05-04"}"#,
    r#"{"kind":"merge","billed":[{"start":"2014-01-01","end":"2014-02-01","amount":"12.00"}],"pauses":[{"from":"2014-01-08","to":"2014-01-10"}]}"#,
    r#"{"kind":"seats","rules":"polar_seats","price":"15.00","count":10,"changes":[{"on":"2025-06-16","count":7}],"term":"2025-06-01..2025-07-01"}"#,
    r#"{"kind":"discount","lines":["10.00","20.00"],"amount_off":"5.00","share":"last_line"}"#,
    r#"{"kind":"split","total":"100.00","count":3,"share":"last_line"}"#,
    r#"{"kind":"tax","round_at":"invoice","percent":"20","lines":[{"amount":"68.33"},{"amount":"68.33"}],"credited":["68.33","68.33"]}"#,
    r#"{"kind":"balance","events":[{"invoice":["20.00"]},{"payment":"20.00"},{"adjustment":"5.00"},{"refund":"2.00"}]}"#,
    r#"{"kind":"refund","paid":[{"by":"balance","amount":"20.00"},{"by":"card","amount":"80.00"}],"amount":"90.00"}"#,
    r#"{"kind":"dates","start":"2024-01-31","period":"1m","count":3,"at":"2024-03-30"}"#,
    r#"{"kind":"terms","issued_on":"2024-01-10","net_days":30,"from":"month_end"}"#,
    r#"{"kind":"retries","first_failure":"2024-03-01","waits":[3,5,7],"counted_from":"first_failure"}"#,
    r#"{"kind":"reminders","thresholds":[{"currency":"EUR","amount":"150.00"}],"attempts":2,"days_between":2,"overdue":[{"at":"2025-01-01","currency":"EUR","amount":"160.00"}],"runs":["2025-01-03"]}"#,
    r#"{"kind":"numbers","patterns":[{"from":"2023-10-01","pattern":"INV-{yyyymm}-{seq:5}"}],"issued":9,"restart":"month","customers":[{"number":1}],"documents":[{"on":"2023-10-02","customer":1}]}"#,
];
