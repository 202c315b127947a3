//! The entry point of the portal: the pages for a client.

fn main() {
    doorstep_spa::start_portal();
}
