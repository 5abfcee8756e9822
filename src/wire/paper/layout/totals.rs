//! The sums, the stamp beside them, and the notes.

use super::super::content::{Stamp, StampKind, Total, Weight};
use super::super::shape::{Length, Shaped, Style};
use super::super::sheet::Colour;
use super::{GREY, HAIR, INK, Mark, Setter, Side, baseline, bold, leading, regular};

/// The width of the sums, and the air above them.
const BLOCK: Length = 262_000;
const ABOVE: Length = 10_000;
const NOTE: Length = 7_600;
const TEXT: Length = 9_200;

/// One sum, shaped.
struct Line {
    label: Vec<Shaped>,
    value: Shaped,
    note: Vec<Shaped>,
    style: Style,
    weight: Weight,
}

impl Line {
    fn pad(&self) -> Length {
        match self.weight {
            Weight::Step => 2_300,
            Weight::Sum => 4_000,
            Weight::Answer => 6_500,
        }
    }

    fn height(&self) -> Length {
        let lines = |count: usize, size| Length::try_from(count).unwrap_or(1) * leading(size);
        lines(self.label.len(), self.style.size) + lines(self.note.len(), NOTE) + 2 * self.pad()
    }
}

impl Setter<'_> {
    /// Sets the sums with the stamp and leaves `y` below them.
    pub(super) fn totals(&mut self) {
        self.y += ABOVE;
        let (page, top) = (self.pages.len(), self.y);
        let content = self.content;
        let widest = content
            .totals
            .iter()
            .map(|total| self.total_line(total).value.width);
        let widest = widest.max().unwrap_or_default();
        for (index, total) in content.totals.iter().enumerate() {
            let line = self.total_line(total);
            if line.height() > self.left_over() {
                self.new_page();
            }
            self.total(line, index, widest);
        }
        if let Some(stamp) = &content.stamp {
            // Sums that went over to another page leave the stamp beside their end.
            let top = if page == self.pages.len() {
                top
            } else {
                self.y - 60_000
            };
            let low = self.stamp(stamp, top.max(super::TOP));
            self.y = self.y.max(low);
        }
        self.y += 18_000;
    }

    /// How much room the sums take, for the line that must stand above them.
    pub(super) fn totals_height(&mut self) -> Length {
        let content = self.content;
        let heights = content
            .totals
            .iter()
            .map(|total| self.total_line(total).height());
        heights.sum::<Length>() + ABOVE
    }

    fn total_line(&mut self, total: &Total) -> Line {
        let style = match total.weight {
            Weight::Step => regular(TEXT),
            Weight::Sum => bold(TEXT),
            Weight::Answer => bold(12_000),
        };
        let value = self.shaper.shape(&total.value, style);
        let room = (BLOCK - value.width - 14_000).max(70_000);
        let label = self.shaper.wrap(&total.label, style, room, 4);
        let note = total.note.as_ref().map_or_else(Vec::new, |note| {
            self.shaper.wrap(note, regular(NOTE), BLOCK, 8)
        });
        Line {
            label,
            value,
            note,
            style,
            weight: total.weight,
        }
    }

    fn total(&mut self, line: Line, index: usize, widest: Length) {
        let (left, right) = (self.right() - BLOCK, self.right());
        match line.weight {
            // A sum without steps stands right below the rule of the table.
            Weight::Sum if index == 0 => {}
            Weight::Step => {}
            Weight::Sum => self.rule(left, self.y, BLOCK, 500, HAIR),
            Weight::Answer => self.rule(left, self.y, BLOCK, 900, self.strong),
        }
        let part = self.below();
        let (pad, style) = (line.pad(), line.style);
        let colour = if line.weight == Weight::Answer {
            self.strong
        } else {
            INK
        };
        let label = if line.weight == Weight::Step {
            GREY
        } else {
            colour
        };
        self.y += pad;
        let at = self.y + baseline(style.size);
        for text in line.label {
            self.draw(
                text,
                (left, self.y + baseline(style.size), Side::Left),
                (style, label),
                part,
            );
            self.y += leading(style.size);
        }
        let place = (right, at, Side::Figures(widest));
        self.draw(line.value, place, (style, colour), part);
        for text in line.note {
            self.draw(
                text,
                (left, self.y + baseline(NOTE), Side::Left),
                (regular(NOTE), GREY),
                part,
            );
            self.y += leading(NOTE);
        }
        self.y += pad;
    }

    /// The stamp on the left; returns its lower edge.
    fn stamp(&mut self, stamp: &Stamp, top: Length) -> Length {
        let colour = match stamp.kind {
            StampKind::Paid => Colour(22, 122, 72),
            StampKind::Void | StampKind::PastDue => Colour(179, 38, 30),
            StampKind::Draft => GREY,
        };
        let (left, most) = (self.left(), self.right() - self.left() - BLOCK - 40_000);
        let word = self
            .shaper
            .fit(&stamp.word.to_uppercase(), bold(16_000), most - 24_000);
        let texts: Vec<Shaped> = stamp
            .lines
            .iter()
            .flat_map(|line| self.shaper.wrap(line, regular(8_200), most - 24_000, 2))
            .collect();
        let widest = texts
            .iter()
            .map(|line| line.width)
            .chain([word.width])
            .max()
            .unwrap_or_default();
        let count = Length::try_from(texts.len()).unwrap_or_default();
        let (x, y) = (left + 12_000, top + 14_000);
        let height = 18_000 + leading(16_000) + count * leading(8_200);
        self.put(Mark::Frame {
            x: left,
            y,
            width: widest + 24_000,
            height,
            colour,
        });
        let part = self.below();
        let mut line = y + 9_000;
        self.draw(
            word,
            (x, line + baseline(16_000), Side::Left),
            (bold(16_000), colour),
            part,
        );
        line += leading(16_000);
        for text in texts {
            self.draw(
                text,
                (x, line + baseline(8_200), Side::Left),
                (regular(8_200), colour),
                part,
            );
            line += leading(8_200);
        }
        y + height
    }

    /// Sets the notes, over as many pages as they need.
    pub(super) fn notes(&mut self) {
        let content = self.content;
        if content.notes.is_empty() {
            return;
        }
        if self.left_over() < 50_000 {
            self.new_page();
        }
        let width = self.right() - self.left();
        let part = self.below();
        self.y = self.flow(
            &content.words.notes,
            (self.left(), width, self.y),
            (bold(8_000), GREY),
            part,
        );
        self.y += 2_000;
        let style = regular(8_800);
        for paragraph in &content.notes {
            let part = self.below();
            for line in self.shaper.wrap(paragraph, style, width, 400) {
                if leading(style.size) > self.left_over() {
                    self.new_page();
                }
                let place = (self.left(), self.y + baseline(style.size), Side::Left);
                self.draw(line, place, (style, INK), part);
                self.y += leading(style.size);
            }
        }
    }
}
