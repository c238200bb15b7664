//! Tells what of a page's text is left out of its article, block by block, and why.

use std::collections::HashSet;

use super::fate::Fate;
use super::pieces::pieces;
use super::tree::Tree;
use super::view::View;
use crate::article::Place;
use crate::format::lost::{LostReason, LostText};

/// Shorter texts occur twice by chance, in bytes.
const MIN_DUPLICATE_BYTES: usize = 20;

/// The texts of a page that are left out of its article, in order; `place` tells where a byte stands.
pub(super) fn texts(
    tree: &Tree,
    text: &str,
    view: &View,
    mut place: impl FnMut(usize) -> Place,
) -> Vec<LostText> {
    let (mut kept, mut lost) = (HashSet::new(), Vec::new());
    for piece in pieces(tree, text, &view.whole, 0..tree.nodes.len(), |at| {
        view.fates.of(at)
    }) {
        match reason(piece.key) {
            None => {
                kept.insert(piece.text);
            }
            Some(reason) => lost.push((piece, reason)),
        }
    }
    let texts = lost.into_iter().map(|(piece, reason)| {
        let is_twice = piece.text.len() >= MIN_DUPLICATE_BYTES && kept.contains(&piece.text);
        LostText {
            start: place(piece.span.start),
            end: place(piece.span.end),
            reason: if is_twice {
                LostReason::Duplicate
            } else {
                reason
            },
            text: piece.text,
        }
    });
    texts.collect()
}

fn reason(fate: Fate) -> Option<LostReason> {
    match fate {
        Fate::Kept => None,
        Fate::Chrome | Fate::Outside => Some(LostReason::Chrome),
        Fate::Unseen => Some(LostReason::Hidden),
        Fate::Comments => Some(LostReason::Comments),
        Fate::Mark | Fate::Furniture => Some(LostReason::Boilerplate),
    }
}
