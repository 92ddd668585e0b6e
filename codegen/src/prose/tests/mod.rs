//! Hostile and ordinary prose, checked with the parser of rustdoc.

mod embedded;
mod fuzz;
mod ordinary;
mod shapes;
mod speed;
mod verify;
