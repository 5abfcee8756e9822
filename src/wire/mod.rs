//! Every shape promised to outsiders: documents, files to read, paper.

pub mod paper;
pub mod presets;
pub mod seller;
