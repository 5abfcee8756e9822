//! The lines of a document, worded: what each is for, how its amount came about, and its figures.

use super::super::clean;
use super::super::direction;
use super::super::sheet::SheetLine;
use super::{DESCRIPTION, NAME, Row, Writer, less};

impl Writer<'_> {
    /// The heads and the lines, without columns that would stay empty.
    pub(super) fn table(&self) -> (Vec<String>, Vec<Row>) {
        let mut columns = self.columns().to_vec();
        let mut rows: Vec<Row> = self.sheet.lines.iter().map(|line| self.row(line)).collect();
        for figure in [2, 1] {
            let silent = |row: &Row| row.figures.get(figure).is_none_or(String::is_empty);
            if rows.iter().all(silent) {
                columns.remove(figure + 1);
                rows.iter_mut()
                    .for_each(|row| drop(row.figures.remove(figure)));
            }
        }
        (columns, rows)
    }

    fn columns(&self) -> [String; 5] {
        let amount = format!("{} ({})", self.words.amount, self.sheet.total.currency);
        let words = self.words;
        let [description, quantity, price, tax] = [
            &words.description,
            &words.quantity,
            &words.unit_price,
            &words.tax,
        ]
        .map(String::clone);
        [description, quantity, price, tax, amount]
    }

    fn row(&self, line: &SheetLine) -> Row {
        let mut details = Vec::new();
        let service = line.service.map(|span| self.locale.span(span));
        details.extend(service.map(|text| direction::sentence(&text, self.from_right)));
        let arithmetic = line.arithmetic.as_ref();
        let arithmetic = arithmetic.map(|text| clean::line(text, NAME));
        details.extend(arithmetic.map(|text| direction::figures_in(&text, self.from_right)));
        details.extend(self.discounts(line));
        let currency = line.amount.currency;
        let figures = vec![
            self.locale.plain(line.quantity),
            line.unit_price
                .map(|price| self.locale.price(price, currency))
                .unwrap_or_default(),
            line.tax_percent
                .map(|rate| self.locale.percent(rate))
                .unwrap_or_default(),
            self.locale.amount(line.amount),
        ];
        let mut description = clean::line(&line.description, DESCRIPTION);
        if direction::follows_the_page(&description) {
            // Else a figure behind a name in Latin letters would stand on the wrong side of it.
            description = direction::figures_in(&description, self.from_right);
        }
        Row {
            description,
            details,
            figures,
        }
    }

    /// `Discount 10%: -$18.00`; of what it is, where there are several.
    fn discounts(&self, line: &SheetLine) -> Vec<String> {
        let several = line.discounts.len() > 1;
        let worded = line.discounts.iter().map(|discount| {
            let mut label = self.words.discount.clone();
            let rate = discount.percent.map(|percent| self.locale.percent(percent));
            let of = discount.of.filter(|_| several && rate.is_some());
            let of = of.map(|of| {
                let of = self.figure(&self.locale.amount(of));
                format!("{} {of}", self.words.on)
            });
            for part in rate.map(|rate| self.figure(&rate)).into_iter().chain(of) {
                label = format!("{label} {part}");
            }
            let amount = self.figure(&self.locale.money(less(discount.amount)));
            format!("{label}: {amount}")
        });
        worded.collect()
    }
}
