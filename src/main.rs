//! The browser app's entry point.

fn main() {
    doorstep_spa::start();
}
