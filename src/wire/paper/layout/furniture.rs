//! What stands on every page: the running head of all but the first, the footer, the page numbers.

use super::super::shape::Length;
use super::{GREY, HAIR, Mark, Part, Setter, Side, TOP, baseline, bold, leading, regular};

/// The size of footers.
pub(super) const SMALL: Length = 7_400;

impl Setter<'_> {
    /// Begins a page with the seller's name and the document's number, so that loose pages find home.
    pub(super) fn new_page(&mut self) {
        self.pages.push(Vec::new());
        let content = self.content;
        let (left, right, accent) = (self.left(), self.right(), self.accent);
        self.rule(0, 0, self.width, 5_000, accent);
        let at = TOP + baseline(8_800) - 8_000;
        let half = (right - left) / 2 - 8_000;
        let name = self.shaper.fit(&content.seller.name, bold(8_800), half);
        self.draw(
            name,
            (left, at, Side::Left),
            (bold(8_800), GREY),
            Part::Ornament,
        );
        let number = format!(
            "{} {} ({})",
            content.title, content.number, content.words.continued
        );
        let number = self.shaper.fit(&number, regular(8_800), half);
        self.draw(
            number,
            (right, at, Side::Right),
            (regular(8_800), GREY),
            Part::Ornament,
        );
        self.y = TOP + 22_000;
    }

    /// Adds footers and page numbers to all pages.
    pub(super) fn furniture(&mut self) {
        let content = self.content;
        let (left, right, bottom) = (self.left(), self.right(), self.bottom());
        let count = self.pages.len();
        let style = regular(SMALL);
        let mut own = Vec::new();
        let top = bottom + 14_000;
        for line in &content.footer {
            own.push(self.shaper.fit(line, style, (right - left) * 3 / 4));
        }
        for (index, page) in self.pages.iter_mut().enumerate() {
            page.push(Mark::Fill {
                x: left,
                y: top - 5_000,
                width: right - left,
                height: 500,
                colour: HAIR,
            });
            let mut text = |line: super::Shaped, x: Length, y: Length| {
                page.push(Mark::Text {
                    line,
                    x,
                    y,
                    size: SMALL,
                    colour: GREY,
                    part: Part::Ornament,
                });
            };
            let mut y = top + baseline(SMALL);
            let number = self.shaper.shape(&content.page_of(index + 1, count), style);
            let x = right - number.width;
            text(number, x, y);
            for line in &own {
                text(line.clone(), left, y);
                y += leading(SMALL);
            }
        }
    }
}
