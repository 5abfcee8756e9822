//! The upper part of the first page: who sells, which document, to whom, and its dates.

use super::super::content::Block;
use super::super::shape::Length;
use super::{GREY, INK, Mark, Part, Setter, Side, TOP, baseline, bold, leading, regular};

/// The room of the logo.
const LOGO: (Length, Length) = (180_000, 46_000);

impl Setter<'_> {
    /// Sets the head and leaves `y` where the table begins.
    pub(super) fn head(&mut self) {
        let (width, accent) = (self.width, self.accent);
        self.rule(0, 0, width, 5_000, accent);
        let title = self.title();
        let seller = self.seller();
        self.y = seller.max(title) + 26_000;
        let facts = self.facts();
        let customer = self.customer();
        self.y = customer.max(facts) + 24_000;
    }

    fn half(&self) -> Length {
        (self.right() - self.left()) / 2
    }

    /// The title with the number below it, on the right; returns the lower edge.
    fn title(&mut self) -> Length {
        let (right, strong, room) = (self.right(), self.strong, self.half() - 12_000);
        let look = (bold(22_000), strong);
        let title = self.shaper.fit(self.content.title, look.0, room);
        self.draw(title, (right, TOP + 19_000, Side::Right), look, Part::Title);
        let mut y = TOP + 26_000;
        let look = (regular(10_000), GREY);
        let part = self.above();
        for line in self.shaper.wrap(&self.content.number, look.0, room, 4) {
            self.draw(line, (right, y + baseline(10_000), Side::Right), look, part);
            y += leading(10_000);
        }
        y
    }

    /// Logo, name and address of the seller, on the left; returns the lower edge.
    fn seller(&mut self) -> Length {
        let mut y = TOP;
        let mut name = 15_000;
        if let Some((wide, high)) = self.logo {
            let (width, height) = scaled_into(LOGO, (wide.into(), high.into()));
            self.put(Mark::Logo {
                x: self.left(),
                y,
                width,
                height,
            });
            y += height + 10_000;
            name = 10_000;
        }
        let content = self.content;
        self.block(&content.seller, (self.left(), self.half(), y), name)
    }

    fn customer(&mut self) -> Length {
        let column = (self.left(), self.half(), self.y);
        let part = self.above();
        let y = self.flow(
            &self.content.words.bill_to,
            column,
            (bold(8_000), GREY),
            part,
        );
        let content = self.content;
        self.block(&content.customer, (column.0, column.1, y + 2_000), 10_500)
    }

    fn block(&mut self, block: &Block, column: (Length, Length, Length), name: Length) -> Length {
        let (x, width, y) = column;
        let part = self.above();
        let mut y = self.flow(&block.name, (x, width, y), (bold(name), INK), part);
        y += 2_000;
        for line in &block.lines {
            let part = self.above();
            y = self.flow(line, (x, width, y), (regular(8_800), GREY), part);
        }
        y
    }

    /// Labels and values on the right; returns the lower edge.
    fn facts(&mut self) -> Length {
        let content = self.content;
        let right = self.right();
        let labels = self.left() + self.half() + 24_000;
        let mut y = self.y;
        for fact in &content.facts {
            let part = self.above();
            let label = self.shaper.fit(&fact.label, regular(8_800), right - labels);
            let room = right - labels - label.width - 10_000;
            let at = y + baseline(8_800);
            self.draw(
                label,
                (labels, at, Side::Left),
                (regular(8_800), GREY),
                part,
            );
            let value = bold(8_800);
            // A long value goes below its label, at the full width.
            let whole = self.shaper.shape(&fact.value, value);
            let (room, down) = if whole.width > room {
                (right - labels, leading(8_800))
            } else {
                (room, 0)
            };
            y += down;
            for line in self.shaper.wrap(&fact.value, value, room, 4) {
                self.draw(
                    line,
                    (right, y + baseline(8_800), Side::Right),
                    (value, INK),
                    part,
                );
                y += leading(8_800);
            }
            y += 2_600;
        }
        y
    }
}

/// The largest size with the same proportions that fits into a room.
fn scaled_into(room: (Length, Length), picture: (Length, Length)) -> (Length, Length) {
    let (wide, high) = (picture.0.max(1), picture.1.max(1));
    if wide * room.1 > high * room.0 {
        (room.0, (room.0 * high / wide).max(1_000))
    } else {
        ((room.1 * wide / high).max(1_000), room.1)
    }
}
