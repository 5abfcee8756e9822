//! Every shape promised to outsiders: documents, files to read, paper.

pub mod paper;
