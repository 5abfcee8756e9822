//! Writes set pages as a PDF: archival (PDF/A-3a) and accessible (PDF/UA-1), the same bytes for the same
//! sheet.
//!
//! Both standards are checked while the file is written, so that a letter without a glyph or an untagged
//! word is an error here and never a bad file.

use super::content::Content;
use super::layout::{Mark, Pages, Part};
use super::shape::{Length, Run, Shaper};
use super::sheet::{Colour, Sheet};
use super::tags::Tags;
use chrono::Datelike;
use krilla::color::rgb;
use krilla::configure::{Accessibility, Archival, ConfigurationBuilder};
use krilla::geom::{Path, PathBuilder, Point, Rect, Size, Transform};
use krilla::image::Image;
use krilla::metadata::{DateTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, SpanTag};
use krilla::text::{Glyph, GlyphId};
use krilla::{Document, SerializeSettings};
use std::ops::Range;

/// A logo that can be printed.
#[derive(Clone)]
pub struct Logo(Image);

impl Logo {
    /// Reads a PNG or JPEG.
    pub fn read(bytes: &[u8]) -> Result<Logo, String> {
        let data = bytes.to_vec().into();
        let image = match bytes {
            [0x89, b'P', b'N', b'G', ..] => Image::from_png(data, false)?,
            [0xff, 0xd8, ..] => Image::from_jpeg(data, false)?,
            _ => return Err("it is neither PNG nor JPEG".to_owned()),
        };
        Ok(Logo(image))
    }

    /// Width and height in pixels.
    pub fn size(&self) -> (u32, u32) {
        self.0.size()
    }
}

/// Writes the file; the error says which check refused it.
pub fn write(
    sheet: &Sheet,
    content: &Content,
    pages: &Pages,
    logo: Option<&Logo>,
    shaper: &Shaper,
) -> Result<Vec<u8>, String> {
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A3_A)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|error| format!("{error:?}"))?;
    let mut document = Document::new_with(SerializeSettings {
        configuration,
        ..SerializeSettings::default()
    });
    let mut tags = Tags::new(content);
    for marks in &pages.pages {
        let size = Size::from_wh(points(pages.width), points(pages.height))
            .ok_or("the page has no size")?;
        let mut page = document.start_page_with(krilla::page::PageSettings::new(size));
        let mut surface = page.surface();
        for mark in marks {
            let part = match mark {
                Mark::Text { part, .. } => *part,
                Mark::Logo { .. } | Mark::Fill { .. } | Mark::Frame { .. } => Part::Ornament,
            };
            let tag = match part {
                Part::Ornament => ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)),
                Part::Title | Part::Above(_) | Part::Head(_) | Part::Cell(..) | Part::Below(_) => {
                    ContentTag::Span(SpanTag::empty())
                }
            };
            let place = surface.start_tagged(tag);
            draw(&mut surface, mark, logo, shaper);
            surface.end_tagged();
            if part != Part::Ornament {
                tags.add(part, place);
            }
        }
        surface.finish();
        page.finish();
    }
    document.set_metadata(metadata(sheet, content));
    document.set_outline(tags.outline());
    document.set_tag_tree(tags.tree());
    document.finish().map_err(|error| format!("{error:?}"))
}

fn metadata(sheet: &Sheet, content: &Content) -> Metadata {
    let small = |number: u32| u8::try_from(number).unwrap_or(1);
    let issued = sheet.issued_on;
    let date = DateTime::new(u16::try_from(issued.year()).unwrap_or_default())
        .month(small(issued.month()))
        .day(small(issued.day()))
        .hour(0)
        .minute(0)
        .second(0)
        .utc_offset_hour(0);
    let seller = &content.seller.name;
    Metadata::new()
        .title(format!("{} {}", content.title, content.number))
        .authors(vec![seller.clone()])
        .creator("subdesk".to_owned())
        .language(content.language.to_owned())
        .document_id(format!("{seller}/{}/{}", content.title, content.number))
        .creation_date(date)
}

fn draw(surface: &mut Surface<'_>, mark: &Mark, logo: Option<&Logo>, shaper: &Shaper) {
    match mark {
        Mark::Text {
            line,
            x,
            y,
            size,
            colour,
            ..
        } => {
            let mut x = *x;
            for run in &line.runs {
                text(surface, run, (x, *y, *size), *colour, shaper);
                x += run.width;
            }
        }
        Mark::Fill {
            x,
            y,
            width,
            height,
            colour,
        } => {
            surface.set_stroke(None);
            surface.set_fill(Some(fill(*colour)));
            if let Some(path) = rectangle(*x, *y, *width, *height) {
                surface.draw_path(&path);
            }
        }
        Mark::Frame {
            x,
            y,
            width,
            height,
            colour,
        } => {
            surface.set_fill(None);
            surface.set_stroke(Some(stroke(*colour, 1_400)));
            if let Some(path) = rounded(*x, *y, *width, *height) {
                surface.draw_path(&path);
            }
        }
        Mark::Logo {
            x,
            y,
            width,
            height,
        } => {
            let size = Size::from_wh(points(*width), points(*height));
            if let (Some(Logo(image)), Some(size)) = (logo, size) {
                surface.push_transform(&Transform::from_translate(points(*x), points(*y)));
                surface.draw_image(image.clone(), size);
                surface.pop();
            }
        }
    }
}

fn text(
    surface: &mut Surface<'_>,
    run: &Run,
    place: (Length, Length, Length),
    colour: Colour,
    shaper: &Shaper,
) {
    let Some(face) = shaper.faces.face(run.choice.face) else {
        return;
    };
    let (x, y, size) = place;
    let units = face.units;
    let glyphs: Vec<Placed<'_>> = run
        .glyphs
        .iter()
        .map(|glyph| Placed { glyph, units })
        .collect();
    surface.set_fill(Some(fill(colour)));
    surface.set_stroke(run.choice.thicken.then(|| stroke(colour, size / 32)));
    let start = Point::from_xy(points(x), points(y));
    surface.draw_glyphs(
        start,
        &glyphs,
        face.font.clone(),
        &run.text,
        points(size),
        false,
    );
}

/// A glyph as the PDF writer wants it.
struct Placed<'a> {
    glyph: &'a super::shape::Glyph,
    units: i64,
}

impl Glyph for Placed<'_> {
    fn glyph_id(&self) -> GlyphId {
        GlyphId::new(self.glyph.id)
    }
    fn text_range(&self) -> Range<usize> {
        self.glyph.range.clone()
    }
    fn x_advance(&self, size: f32) -> f32 {
        em(self.glyph.advance, self.units, size)
    }
    fn x_offset(&self, size: f32) -> f32 {
        em(self.glyph.dx, self.units, size)
    }
    fn y_offset(&self, size: f32) -> f32 {
        em(self.glyph.dy, self.units, size)
    }
    fn y_advance(&self, _size: f32) -> f32 {
        0.0
    }
    fn location(&self) -> Option<krilla::surface::Location> {
        None
    }
}

/// A length in points. Floating point begins here and only here: it is what the writer of PDFs takes.
#[allow(
    clippy::float_arithmetic,
    reason = "places on a page, no amounts of money"
)]
fn points(length: Length) -> f32 {
    let whole = i16::try_from(length / 1000).unwrap_or(i16::MAX);
    let part = i16::try_from(length % 1000).unwrap_or_default();
    f32::from(whole) + f32::from(part) / 1000.0
}

/// Units of a font at a size.
#[allow(
    clippy::float_arithmetic,
    reason = "places on a page, no amounts of money"
)]
fn em(units: i32, per_em: i64, size: f32) -> f32 {
    let units = i16::try_from(units).unwrap_or_default();
    let per_em = i16::try_from(per_em).unwrap_or(1000);
    f32::from(units) / f32::from(per_em) * size
}

fn fill(Colour(red, green, blue): Colour) -> Fill {
    Fill {
        paint: rgb::Color::new(red, green, blue).into(),
        opacity: NormalizedF32::ONE,
        ..Fill::default()
    }
}

fn stroke(Colour(red, green, blue): Colour, width: Length) -> Stroke {
    Stroke {
        paint: rgb::Color::new(red, green, blue).into(),
        width: points(width),
        ..Stroke::default()
    }
}

fn rectangle(x: Length, y: Length, width: Length, height: Length) -> Option<Path> {
    let mut path = PathBuilder::new();
    path.push_rect(Rect::from_xywh(
        points(x),
        points(y),
        points(width),
        points(height),
    )?);
    path.finish()
}

/// A rectangle with round corners of four points.
fn rounded(x: Length, y: Length, width: Length, height: Length) -> Option<Path> {
    const ROUND: Length = 4_000;
    let (right, low) = (x + width, y + height);
    let mut path = PathBuilder::new();
    let at = |x: Length, y: Length| (points(x), points(y));
    let corners = [
        (at(right - ROUND, y), at(right, y), at(right, y + ROUND)),
        (
            at(right, low - ROUND),
            at(right, low),
            at(right - ROUND, low),
        ),
        (at(x + ROUND, low), at(x, low), at(x, low - ROUND)),
        (at(x, y + ROUND), at(x, y), at(x + ROUND, y)),
    ];
    path.move_to(points(x + ROUND), points(y));
    for (from, corner, to) in corners {
        path.line_to(from.0, from.1);
        path.quad_to(corner.0, corner.1, to.0, to.1);
    }
    path.close();
    path.finish()
}
