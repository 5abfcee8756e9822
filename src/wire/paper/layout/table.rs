//! The table of lines, over as many pages as it needs.

use super::super::content::Row;
use super::super::shape::{Length, Shaped, Style};
use super::{GREY, HAIR, INK, Part, Setter, Side, TOP, baseline, bold, leading, regular};

/// Room between two columns and above and below a line.
const GUTTER: Length = 16_000;
const PAD: Length = 6_500;
/// The same in a long table, and from how many lines on a table is long.
const TIGHT: Length = 4_000;
const LONG: usize = 14;
/// The sizes of descriptions, of small print and of the heads.
const TEXT: Length = 9_200;
const DETAIL: Length = 7_800;
const HEAD: Length = 8_000;
/// What the description keeps, however wide the figures are.
const LEAST: Length = 130_000;

/// Where the columns end, and the size at which every figure fits.
struct Columns {
    /// The width of the description.
    description: Length,
    /// How wide each column of figures is.
    widths: Vec<Length>,
    /// The right edge of every figure.
    edges: Vec<Length>,
    size: Length,
    /// Air above and below a line.
    pad: Length,
}

/// One line of small or running text in the first column.
struct Strip {
    line: Shaped,
    style: Style,
    detail: bool,
}

impl Setter<'_> {
    /// Sets the table and leaves `y` below it.
    pub(super) fn table(&mut self) {
        let columns = self.columns();
        self.heads(&columns, true);
        let content = self.content;
        let count = content.rows.len();
        for (index, row) in content.rows.iter().enumerate() {
            let last = index + 1 == count;
            self.line(&columns, (index, row), last);
        }
    }

    /// Widths by what stands in the columns; figures shrink rather than be cut.
    fn columns(&mut self) -> Columns {
        let whole = self.right() - self.left();
        let mut size = TEXT;
        let pad = if self.content.rows.len() > LONG {
            TIGHT
        } else {
            PAD
        };
        loop {
            let widths = self.widths(size);
            let figures: Length = widths.iter().map(|width| width + GUTTER).sum();
            if whole - figures >= LEAST || size <= 4_500 {
                let mut edges = Vec::new();
                let mut edge = self.right();
                for width in widths.iter().rev() {
                    edges.push(edge);
                    edge -= width + GUTTER;
                }
                edges.reverse();
                return Columns {
                    description: (edge - self.left()).max(LEAST),
                    edges,
                    widths,
                    size,
                    pad,
                };
            }
            size -= 500;
        }
    }

    /// How wide each column of figures is at a size.
    fn widths(&mut self, size: Length) -> Vec<Length> {
        let content = self.content;
        let heads = content.columns.iter().skip(1);
        let mut widths: Vec<Length> = heads
            .map(|head| self.shaper.shape(head, bold(HEAD.min(size))).width)
            .collect();
        for row in &content.rows {
            for (width, figure) in widths.iter_mut().zip(&row.figures) {
                *width = (*width).max(self.shaper.shape(figure, regular(size)).width);
            }
        }
        widths
    }

    /// The heads of the columns; read aloud only the first time.
    fn heads(&mut self, columns: &Columns, first: bool) {
        let content = self.content;
        let left = self.left();
        let style = bold(HEAD.min(columns.size));
        let at = self.y + baseline(HEAD);
        let figures = columns.edges.iter().zip(&columns.widths);
        let edges = std::iter::once((left, Side::Left))
            .chain(figures.map(|(edge, width)| (*edge, Side::Figures(*width))));
        for (index, (head, (x, side))) in (0..).zip(content.columns.iter().zip(edges)) {
            let part = if first {
                Part::Head(index)
            } else {
                Part::Ornament
            };
            self.write(head, (x, at, side), (style, GREY), part);
        }
        self.y += leading(HEAD) + 4_000;
        let (width, strong) = (self.right() - left, self.strong);
        self.rule(left, self.y, width, 900, strong);
        self.y += 900;
    }

    fn strips(&mut self, columns: &Columns, row: &Row) -> Vec<Strip> {
        let mut strips = Vec::new();
        let texts = std::iter::once((&row.description, TEXT))
            .chain(row.details.iter().map(|detail| (detail, DETAIL)));
        for (text, size) in texts {
            let style = regular(size);
            let lines = self.shaper.wrap(text, style, columns.description, 60);
            strips.extend(lines.into_iter().map(|line| Strip {
                line,
                style,
                detail: size == DETAIL,
            }));
        }
        strips
    }

    /// One line of the table. The last one goes with the totals, so that they never stand alone.
    fn line(&mut self, columns: &Columns, row: (usize, &Row), last: bool) {
        let (index, row) = row;
        let strips = self.strips(columns, row);
        let height: Length = strips
            .iter()
            .map(|strip| leading(strip.style.size))
            .sum::<Length>()
            + 2 * columns.pad;
        let company = if last { self.totals_height() } else { 0 };
        let page = self.bottom() - TOP - 60_000;
        let needed = if height + company > page {
            height
        } else {
            height + company
        };
        if needed > self.left_over() && (needed <= page || self.left_over() < 80_000) {
            self.turn(columns);
        }
        let index = u32::try_from(index).unwrap_or(u32::MAX);
        self.y += columns.pad;
        self.figures(columns, (index, row));
        for strip in strips {
            let step = leading(strip.style.size);
            if step + columns.pad > self.left_over() {
                self.turn(columns);
                self.y += columns.pad;
            }
            let colour = if strip.detail { GREY } else { INK };
            let place = (self.left(), self.y + baseline(strip.style.size), Side::Left);
            self.draw(
                strip.line,
                place,
                (strip.style, colour),
                Part::Cell(index, 0),
            );
            self.y += step;
        }
        self.y += columns.pad;
        let (left, width) = (self.left(), self.right() - self.left());
        self.rule(left, self.y, width, 500, HAIR);
    }

    fn figures(&mut self, columns: &Columns, row: (u32, &Row)) {
        let (index, row) = row;
        let at = self.y + baseline(TEXT);
        let places = columns.edges.iter().zip(&columns.widths);
        for (column, (figure, (edge, width))) in (1..).zip(row.figures.iter().zip(places)) {
            let part = Part::Cell(index, column);
            self.write(
                figure,
                (*edge, at, Side::Figures(*width)),
                (regular(columns.size), INK),
                part,
            );
        }
    }

    fn turn(&mut self, columns: &Columns) {
        self.new_page();
        self.heads(columns, false);
    }
}
