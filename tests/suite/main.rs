//! Every test that runs the program as a whole, in one binary.

mod cases;
mod sellers;
