//! The entry point of the dashboard: all pages for accounts, and those that need no session.

fn main() {
    doorstep_spa::start_dashboard();
}
