//! The page's entry: hands over to [`ringside`]. Natively there is no page, only the tests of the library.

#[cfg(target_arch = "wasm32")]
fn main() {
    ringside::ui::mount();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {}
