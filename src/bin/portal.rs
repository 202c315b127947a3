//! The entry point of the portal: what a client sees, and nothing of the dashboard.

fn main() {
    doorstep_spa::start_portal();
}
