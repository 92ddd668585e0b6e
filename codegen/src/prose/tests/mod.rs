//! Hostile and ordinary prose, and what rustdoc makes of the comments that come out.

mod embedded;
mod fuzz;
mod ordinary;
mod shapes;
mod speed;
mod verify;
