//! The entry point of the sign-in app: the pages that need no session.

fn main() {
    doorstep_spa::start_sign_in();
}
