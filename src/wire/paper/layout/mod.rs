//! Sets the texts of a document on pages: where every word and rule goes, in thousandths of a point.
//!
//! The page is laid out like a letter: who writes, to whom, the facts, then the table, the totals with the
//! stamp beside them, the notes. A page that is full ends below a whole line of the table; the next one
//! begins with a running head and the heads of the columns.

mod furniture;
mod head;
mod table;
mod totals;

use super::content::Content;
use super::fonts::Weight;
use super::shape::{Length, Shaped, Shaper, Style};
use super::sheet::Colour;

/// What a piece of the page is for someone who has it read aloud; sorts in reading order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    Title,
    /// A paragraph above the table.
    Above(u32),
    /// The head of a column.
    Head(u32),
    /// A cell: line, column.
    Cell(u32, u32),
    /// A paragraph below the table.
    Below(u32),
    /// Repeated or ornamental: not read aloud.
    Ornament,
}

/// One thing on a page. Lengths count from the upper left corner.
#[derive(Debug, Clone)]
pub enum Mark {
    /// A line of text with its baseline at `y`.
    Text {
        line: Shaped,
        x: Length,
        y: Length,
        size: Length,
        colour: Colour,
        part: Part,
    },
    /// A filled rectangle; rules are thin ones.
    Fill {
        x: Length,
        y: Length,
        width: Length,
        height: Length,
        colour: Colour,
    },
    /// The outline of a rectangle with round corners.
    Frame {
        x: Length,
        y: Length,
        width: Length,
        height: Length,
        colour: Colour,
    },
    /// The seller's logo.
    Logo {
        x: Length,
        y: Length,
        width: Length,
        height: Length,
    },
}

/// All pages of one document.
pub struct Pages {
    pub width: Length,
    pub height: Length,
    pub pages: Vec<Vec<Mark>>,
}

/// A4 and US Letter.
const A4: (Length, Length) = (595_276, 841_890);
const LETTER: (Length, Length) = (612_000, 792_000);

/// The margins at the sides and above; below the footer has its own height.
const SIDE: Length = 54_000;
const TOP: Length = 46_000;

const INK: Colour = Colour(31, 35, 40);
const GREY: Colour = Colour(98, 106, 117);
const HAIR: Colour = Colour(222, 226, 231);

/// The size of paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paper {
    A4,
    Letter,
}

/// What the seller may choose, and the measures of the logo in pixels.
pub struct Look {
    pub paper: Paper,
    pub colour: Option<Colour>,
    pub logo: Option<(u32, u32)>,
}

/// Sets a document.
pub fn set(content: &Content, look: &Look, shaper: &mut Shaper) -> Pages {
    let (width, height) = match look.paper {
        Paper::A4 => A4,
        Paper::Letter => LETTER,
    };
    shaper.begin_page(content.from_right);
    let mut setter = Setter {
        content,
        shaper,
        width,
        height,
        accent: look.colour.unwrap_or(INK),
        strong: readable(look.colour),
        pages: vec![Vec::new()],
        y: TOP,
        paragraphs: 0,
        logo: look.logo,
    };
    setter.head();
    setter.table();
    setter.totals();
    setter.notes();
    setter.furniture();
    let mut pages = setter.pages;
    if content.from_right {
        pages
            .iter_mut()
            .flatten()
            .for_each(|mark| mirror(mark, width));
    }
    Pages {
        width,
        height,
        pages,
    }
}

/// Puts a mark where it stands in a mirror; what it shows stays as it is.
fn mirror(mark: &mut Mark, page: Length) {
    match mark {
        Mark::Text { line, x, .. } => *x = page - *x - line.width,
        Mark::Fill { x, width, .. }
        | Mark::Frame { x, width, .. }
        | Mark::Logo { x, width, .. } => {
            *x = page - *x - *width;
        }
    }
}

/// The seller's colour for letters, where it is dark enough to be read on white.
pub fn readable(colour: Option<Colour>) -> Colour {
    let bright = |Colour(red, green, blue): &Colour| {
        let parts = [(*red, 299_u32), (*green, 587), (*blue, 114)];
        parts
            .iter()
            .map(|(part, share)| u32::from(*part) * share)
            .sum::<u32>()
            / 1000
    };
    colour.filter(|colour| bright(colour) <= 140).unwrap_or(INK)
}

/// Where a text stands between two edges. A page that runs from the right is set like any other and then seen
/// in a mirror.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
    /// In a column of figures of this width, whose last digits stand below each other, mirror or not.
    Figures(Length),
}

struct Setter<'a> {
    content: &'a Content,
    shaper: &'a mut Shaper,
    width: Length,
    height: Length,
    accent: Colour,
    strong: Colour,
    pages: Vec<Vec<Mark>>,
    /// The upper edge of what comes next on the last page.
    y: Length,
    /// Paragraphs counted so far, for the reading order.
    paragraphs: u32,
    logo: Option<(u32, u32)>,
}

/// The style of running text of a size in points.
fn regular(points: Length) -> Style {
    Style {
        size: points,
        weight: Weight::Regular,
    }
}

fn bold(points: Length) -> Style {
    Style {
        size: points,
        weight: Weight::Bold,
    }
}

impl Setter<'_> {
    fn left(&self) -> Length {
        SIDE
    }

    fn right(&self) -> Length {
        self.width - SIDE
    }

    fn put(&mut self, mark: Mark) {
        if let Some(page) = self.pages.last_mut() {
            page.push(mark);
        }
    }

    fn rule(&mut self, x: Length, y: Length, width: Length, height: Length, colour: Colour) {
        self.put(Mark::Fill {
            x,
            y,
            width,
            height,
            colour,
        });
    }

    /// Draws a line that begins or ends at `x`.
    fn draw(
        &mut self,
        line: Shaped,
        place: (Length, Length, Side),
        look: (Style, Colour),
        part: Part,
    ) {
        let (x, y, side) = place;
        let x = match side {
            Side::Left => x,
            Side::Right => x - line.width,
            Side::Figures(width) if self.content.from_right => x - width,
            Side::Figures(_) => x - line.width,
        };
        let (style, colour) = look;
        self.put(Mark::Text {
            line,
            x,
            y,
            size: style.size,
            colour,
            part,
        });
    }

    /// Shapes and draws one line.
    fn write(
        &mut self,
        text: &str,
        place: (Length, Length, Side),
        look: (Style, Colour),
        part: Part,
    ) {
        let line = self.shaper.shape(text, look.0);
        self.draw(line, place, look, part);
    }

    /// Draws a text in lines below `y` and returns the lower edge.
    fn flow(
        &mut self,
        text: &str,
        column: (Length, Length, Length),
        look: (Style, Colour),
        part: Part,
    ) -> Length {
        let (x, width, mut y) = column;
        for line in self.shaper.wrap(text, look.0, width, 12) {
            self.draw(line, (x, y + baseline(look.0.size), Side::Left), look, part);
            y += leading(look.0.size);
        }
        y
    }

    /// The next paragraph in reading order above the table.
    fn above(&mut self) -> Part {
        self.paragraphs += 1;
        Part::Above(self.paragraphs)
    }

    /// The next paragraph in reading order below the table.
    fn below(&mut self) -> Part {
        self.paragraphs += 1;
        Part::Below(self.paragraphs)
    }

    /// The lower edge of the room for text.
    fn bottom(&self) -> Length {
        let lines = Length::try_from(self.content.footer.len().max(1)).unwrap_or(1);
        self.height - 44_000 - lines * leading(furniture::SMALL)
    }

    /// How much of the page is left.
    fn left_over(&self) -> Length {
        self.bottom() - self.y
    }
}

/// From one line to the next, for a size.
fn leading(size: Length) -> Length {
    size * 138 / 100
}

/// From a line's upper edge to its baseline.
fn baseline(size: Length) -> Length {
    size * 107 / 100
}
