//! Splitting an amount into parts that always sum to the whole.

use super::money::Money;
use serde::{Deserialize, Serialize};

/// Who gets the minor units that do not divide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Sharing {
    /// Each share is cut off, then the largest remainders get one unit each; ties go to the earlier part.
    #[default]
    LargestRemainder,
    /// Each share is cut off, and the last part takes all that is left.
    LastLine,
}

/// Splits `whole` in proportion to `weights`, without loss: the parts sum to the whole.
///
/// Weights below zero count as zero. If no weight is above zero the first part takes everything; with no
/// weights at all there are no parts.
pub fn by_weight(whole: Money, weights: &[i64], sharing: Sharing) -> Vec<Money> {
    let total: i128 = weights
        .iter()
        .map(|weight| i128::from((*weight).max(0)))
        .sum();
    if weights.is_empty() {
        return Vec::new();
    }
    let mut parts: Vec<i64> = vec![0; weights.len()];
    let mut remainders: Vec<(i128, usize)> = Vec::with_capacity(weights.len());
    let mut left = whole.minor;
    for (at, weight) in weights.iter().enumerate() {
        if total == 0 {
            break;
        }
        let product = i128::from(whole.minor).saturating_mul(i128::from((*weight).max(0)));
        let share = i64::try_from(product / total).unwrap_or(0);
        parts[at] = share;
        left = left.saturating_sub(share);
        remainders.push(((product % total).abs(), at));
    }
    let step = left.signum();
    if total == 0 {
        parts[0] = left;
    } else if sharing == Sharing::LastLine {
        if let Some(last) = parts.last_mut() {
            *last = last.saturating_add(left);
        }
    } else {
        remainders.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        for (_, at) in remainders.iter().cycle() {
            if left == 0 {
                break;
            }
            parts[*at] = parts[*at].saturating_add(step);
            left = left.saturating_sub(step);
        }
    }
    parts
        .into_iter()
        .map(|minor| Money::of(minor, whole.currency))
        .collect()
}

/// Splits `whole` into `count` parts that are as equal as minor units allow.
pub fn equally(whole: Money, count: usize, sharing: Sharing) -> Vec<Money> {
    by_weight(whole, &vec![1; count], sharing)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::billing::money::Currency;
    use proptest::prelude::*;

    fn minors(parts: Vec<Money>) -> Vec<i64> {
        parts.into_iter().map(|part| part.minor).collect()
    }

    #[test]
    fn published_splits() {
        let usd = |minor| Money::of(minor, Currency::USD);
        assert_eq!(
            minors(by_weight(usd(500), &[1000, 2000], Sharing::LastLine)),
            [166, 334]
        );
        assert_eq!(
            minors(by_weight(
                usd(500),
                &[1000, 2000],
                Sharing::LargestRemainder
            )),
            [167, 333]
        );
        assert_eq!(
            minors(equally(usd(10000), 3, Sharing::LastLine)),
            [3333, 3333, 3334]
        );
        assert_eq!(
            minors(equally(usd(-100), 3, Sharing::LargestRemainder)),
            [-34, -33, -33]
        );
        assert_eq!(
            minors(by_weight(usd(7), &[0, 0], Sharing::LargestRemainder)),
            [7, 0]
        );
    }

    proptest! {
        #[test]
        fn parts_sum_to_the_whole(
            whole in any::<i64>(),
            weights in prop::collection::vec(0_i64..1_000_000_000, 1..20),
            last in any::<bool>(),
        ) {
            let sharing = if last { Sharing::LastLine } else { Sharing::LargestRemainder };
            let parts = by_weight(Money::of(whole, Currency::USD), &weights, sharing);
            let sum: i128 = parts.iter().map(|part| i128::from(part.minor)).sum();
            prop_assert_eq!(sum, i128::from(whole));
        }
    }
}
