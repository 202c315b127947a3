//! The entry point of the dashboard: every page.

fn main() {
    doorstep_spa::start_dashboard();
}
