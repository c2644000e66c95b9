//! Which rows of a long table are drawn.

use std::ops::Range;

/// Rows drawn beyond each edge, so that a small scroll needs no drawing at all.
pub const BEYOND: usize = 4;

/// The rows to draw of `total`, for a viewport `height` pixels high that shows the table `scrolled` pixels down.
#[must_use]
pub fn drawn(scrolled: f64, height: f64, row_height: f64, total: usize) -> Range<usize> {
    if row_height.is_nan() || row_height <= 0.0 {
        return 0..0;
    }
    let rows = |pixels: f64| (pixels / row_height).clamp(0.0, 1e9) as usize;
    let shown = rows(height) + 2;
    let last_start = total.saturating_sub(shown);
    let first = rows(scrolled).min(last_start);
    first.saturating_sub(BEYOND)..(first + shown + BEYOND).min(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges() {
        #[track_caller]
        fn check(scrolled: f64, height: f64, total: usize, expect: Range<usize>) {
            assert_eq!(drawn(scrolled, height, 44.0, total), expect);
        }
        check(0.0, 440.0, 0, 0..0);
        check(0.0, 440.0, 5, 0..5);
        check(0.0, 440.0, 1_000, 0..16);
        check(4_400.0, 440.0, 1_000, 96..116);
        check(1e12, 440.0, 1_000, 984..1_000);
        check(-50.0, 440.0, 1_000, 0..16);
        check(f64::NAN, f64::NAN, 1_000, 0..6);
        assert_eq!(drawn(10.0, 10.0, 0.0, 10), 0..0);
    }

    proptest::proptest! {
        #[test]
        fn what_is_seen_is_drawn(scrolled in 0.0..1e6_f64, height in 0.0..3e3_f64, total in 0..100_000_usize) {
            let range = drawn(scrolled, height, 44.0, total);
            proptest::prop_assert!(range.end <= total && range.start <= range.end);
            let scrolled = scrolled.min((total as f64 * 44.0 - height).max(0.0));
            let seen = (scrolled / 44.0) as usize..(((scrolled + height) / 44.0).ceil() as usize).min(total);
            proptest::prop_assert!(seen.is_empty() || range.start <= seen.start && seen.end <= range.end);
            proptest::prop_assert!(range.len() <= (height / 44.0) as usize + 2 + 2 * BEYOND);
        }
    }
}
