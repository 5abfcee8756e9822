//! The page that documents are drawn on: headings, records, tables. All data passes through `visible`.

use super::super::out::{Out, folded, visible};
use super::super::reply::Detail;
use anstyle::Style;
use comfy_table::{
    CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, Table as Grid, TableStyle,
    Width,
};
use serde::Serialize;
use serde_json::Value;
use unicode_width::UnicodeWidthStr;

/// A rule under the header, and nothing else: readable, and easy to copy from.
const RULED: TableStyle =
    TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));
/// Nothing but columns, for screen readers.
const BARE: TableStyle = TableStyle::new();

/// A page being drawn.
pub(super) struct Page {
    text: String,
    detail: Detail,
    terminal: bool,
    accessible: bool,
    width: usize,
}

/// A table: headers, which columns are numbers, and rows.
#[derive(Debug, Default)]
pub(super) struct Table {
    headers: Vec<String>,
    numbers: Vec<usize>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with its headers.
    pub(super) fn new(headers: &[&'static str]) -> Table {
        Table {
            headers: headers.iter().map(|header| (*header).to_owned()).collect(),
            ..Table::default()
        }
    }

    /// A table whose columns are named by data.
    pub(super) fn named(headers: &[String]) -> Table {
        Table {
            headers: headers
                .iter()
                .map(|header| visible(header).into_owned())
                .collect(),
            ..Table::default()
        }
    }

    /// Adds a row of as many cells as there are columns.
    pub(super) fn cells(&mut self, cells: Vec<String>) {
        let cells = cells.iter().map(|cell| visible(cell).into_owned());
        self.rows.push(cells.collect());
    }

    /// How wide each column must be, with its padding, so that no word of it is broken; none where they do not all
    /// fit, because half a number or a reference cannot be copied.
    fn words_kept(&self, width: usize) -> Option<Vec<usize>> {
        const PADDING: usize = 2;
        const GAP: usize = 1;
        let longest = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            let words = cells
                .chain(self.headers.get(column))
                .flat_map(|cell| cell.split_whitespace());
            words.map(|word| word.width()).max().unwrap_or(0)
        };
        let columns = 0..self.headers.len();
        let widths: Vec<usize> = columns
            .map(|column| longest(column).saturating_add(PADDING))
            .collect();
        let all = widths.iter().fold(0, |sum: usize, one| {
            sum.saturating_add(*one).saturating_add(GAP)
        });
        (all <= width).then_some(widths)
    }

    /// The columns that stand to the right.
    pub(super) fn numbers(mut self, columns: &[usize]) -> Table {
        self.numbers = columns.to_vec();
        self
    }

    /// Adds a row.
    pub(super) fn row<const N: usize>(&mut self, cells: [String; N]) {
        let cells = cells.iter().map(|cell| visible(cell).into_owned());
        self.rows.push(cells.collect());
    }

    /// Adds a row of as many cells as there are headers.
    pub(super) fn add(&mut self, cells: Vec<String>) {
        let cells = cells.iter().map(|cell| visible(cell).into_owned());
        self.rows.push(cells.collect());
    }

    /// Whether there is no row.
    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

/// Fewer columns than these are not worth folding for.
const LEAST: usize = 20;

impl Page {
    /// An empty page.
    pub(super) fn new(out: &Out, detail: Detail) -> Page {
        Page {
            text: String::new(),
            detail,
            terminal: out.is_terminal(),
            accessible: std::env::var_os("ACCESSIBLE").is_some_and(|value| !value.is_empty()),
            width: out.width(),
        }
    }

    /// How much of the making of figures is wanted.
    pub(super) fn detail(&self) -> Detail {
        self.detail
    }

    /// Whether a person reads it on a terminal that can draw.
    pub(super) fn is_terminal(&self) -> bool {
        self.terminal && !self.accessible
    }

    /// Whether a list is drawn as a table, and not for another program.
    pub(super) fn draws_tables(&self) -> bool {
        self.terminal
    }

    /// The finished page.
    pub(super) fn text(self) -> String {
        self.text
    }

    /// A heading, with a blank line before it unless it is the first.
    pub(super) fn heading(&mut self, text: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        let bold = Style::new().bold();
        self.text
            .push_str(&format!("{bold}{}{bold:#}\n", visible(text)));
    }

    /// How many columns there are.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// Whether plain words are wanted instead of pictures.
    pub(super) fn is_accessible(&self) -> bool {
        self.accessible
    }

    /// Lines that are drawn already, their data made visible by whoever drew them.
    pub(super) fn drawn(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// A sentence on its own line.
    pub(super) fn line(&mut self, text: &str) {
        self.text.push_str(visible(text).trim_end());
        self.text.push('\n');
    }

    /// Labels and values below each other; a value that is absent or empty is left out.
    pub(super) fn record(&mut self, fields: &[(&str, Option<String>)]) {
        let shown = || {
            fields.iter().filter_map(|(label, value)| {
                let value = value.as_deref().filter(|value| !value.is_empty())?;
                Some((*label, value))
            })
        };
        let widest = shown().map(|(label, _)| label.width()).max();
        let widest = widest.unwrap_or(0);
        for (label, value) in shown() {
            let space = " ".repeat(widest.saturating_sub(label.width()));
            let value = visible(value);
            let columns = self.width.saturating_sub(widest.saturating_add(2));
            let parts = match self.terminal && columns >= LEAST {
                true => folded(&value, columns),
                false => vec![value.into_owned()],
            };
            let between = format!("\n{}", " ".repeat(widest.saturating_add(2)));
            let line = format!("{label}{space}  {}", parts.join(&between));
            self.text.push_str(line.trim_end());
            self.text.push('\n');
        }
    }

    /// The rows of a table that is too wide, each below the one before: every word stays whole.
    fn rows_as_records(&mut self, table: &Table) {
        for (at, row) in table.rows.iter().enumerate() {
            if at > 0 {
                self.text.push('\n');
            }
            let headers = table.headers.iter().map(String::as_str);
            let fields: Vec<(&str, Option<String>)> =
                headers.zip(row.iter().cloned().map(Some)).collect();
            self.record(&fields);
        }
    }

    /// A table inside a record: always with columns, also in a pipe.
    pub(super) fn table(&mut self, table: &Table) {
        if table.is_empty() {
            return;
        }
        let Some(words) = table.words_kept(self.width) else {
            return self.rows_as_records(table);
        };
        let mut grid = Grid::new();
        grid.load_style(if self.accessible { BARE } else { RULED })
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(u16::try_from(self.width).unwrap_or(100))
            .set_header(table.headers.clone())
            .force_no_tty();
        for row in &table.rows {
            grid.add_row(row.clone());
        }
        for (column, word) in grid.column_iter_mut().zip(words) {
            column.set_padding((0, 2));
            let least = Width::Fixed(u16::try_from(word).unwrap_or(u16::MAX));
            column.set_constraint(ColumnConstraint::LowerBoundary(least));
        }
        for column in &table.numbers {
            if let Some(column) = grid.column_mut(*column) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        for line in grid.lines() {
            self.text.push_str(line.trim_end());
            self.text.push('\n');
        }
    }

    /// A table that is the whole answer: in a pipe its cells stand between tabs, without a header.
    pub(super) fn list(&mut self, table: &Table) {
        if self.terminal {
            return self.table(table);
        }
        for row in &table.rows {
            self.text.push_str(&row.join("\t"));
            self.text.push('\n');
        }
    }
}

/// Any document by its fields, for kinds that have no drawing of their own.
pub(super) fn as_fields<T: Serialize>(page: &mut Page, document: &T) {
    let value = serde_json::to_value(document).unwrap_or(Value::Null);
    let mut found = Vec::new();
    fields(&value, String::new(), &mut found);
    let lines: Vec<(&str, Option<String>)> = found
        .iter()
        .map(|(path, text)| (path.as_str(), Some(text.clone())))
        .collect();
    page.record(&lines);
}

fn fields(value: &Value, path: String, found: &mut Vec<(String, String)>) {
    let under = |name: &str| match path.as_str() {
        "" => name.to_owned(),
        path => format!("{path}.{name}"),
    };
    match value {
        Value::Object(members) => members
            .iter()
            .for_each(|(name, value)| fields(value, under(name), found)),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(at, item)| fields(item, under(&at.to_string()), found)),
        Value::Null => {}
        Value::String(text) => found.push((path, text.clone())),
        Value::Bool(_) | Value::Number(_) => found.push((path, value.to_string())),
    }
}

/// An absent cell.
pub(super) fn or_dash(value: Option<&str>) -> String {
    value.unwrap_or("-").to_owned()
}

#[cfg(test)]
#[path = "page_tests.rs"]
mod tests;
