//! The entry point of the sign-in app: what a stranger needs, and nothing else.

fn main() {
    doorstep_spa::start_sign_in();
}
