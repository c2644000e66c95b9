//! Which rows of a long table are drawn.

use std::{ops::Range, time::Duration};

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

/// So many rows are drawn with the head of a list.
pub const FIRST_ROWS: usize = 2;
/// How long a frame with new rows may take before fewer of them are drawn with the next, and when it could be more.
const LONG: Duration = Duration::from_millis(48);
const SHORT: Duration = Duration::from_millis(24);

/// How many rows to draw with the next frame, after one that drew `rows` of them and took so long.
#[must_use]
pub fn next_rows(rows: usize, took: Duration) -> usize {
    let next = match took {
        _ if took > LONG => rows / 2,
        _ if took < SHORT => rows * 2,
        _ => rows,
    };
    next.clamp(1, 64)
}

/// How many of a list's rows take on what they show now with the next frame, which holds so many, and how many below
/// them are left as they are until the one after. What would be a new row there ends the list for that long.
pub fn renew(mut is_drawn: impl Iterator<Item = bool>, most: usize) -> (usize, usize) {
    let renewed = is_drawn.by_ref().take(most).count();
    (renewed, is_drawn.take_while(|&is_drawn| is_drawn).count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_a_frame_follow_what_the_last_one_took() {
        let after = |rows, millis| next_rows(rows, Duration::from_millis(millis));
        assert_eq!([after(4, 16), after(8, 23), after(64, 1)], [8, 16, 64], "there was time for more");
        assert_eq!([after(4, 24), after(8, 48)], [4, 8]);
        assert_eq!([after(8, 49), after(4, 400), after(1, 400)], [4, 2, 1], "it took too long");
    }

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

    #[test]
    fn rows_are_renewed_from_the_first_on() {
        let rows = |is_drawn: &str, most| renew(is_drawn.chars().map(|c| c == 'd'), most);
        assert_eq!(
            [rows("dddd", 4), rows("dddd", 9), rows("dddd", 1), rows("dddd", 0)],
            [(4, 0), (4, 0), (1, 3), (0, 4)]
        );
        assert_eq!(
            [rows("nnnn", 2), rows("dndndd", 2), rows("dnddn", 2), rows("", 2)],
            [(2, 0), (2, 1), (2, 2), (0, 0)]
        );
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
