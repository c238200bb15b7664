//! The forms of a dictionary within a few edits of a word.
//!
//! Tantivy's own walk of a dictionary along an automaton reads each child of a node before it asks whether the automaton lets
//! it go there. This one asks first, and once the edits are used up, so that only letters of the word may follow, it looks
//! for these among the children.

use std::ops::ControlFlow;

use tantivy::directory::{CompositeFile, FileSlice, OwnedBytes};
use tantivy::index::{SegmentComponent, SegmentReader};
use tantivy::query::{DfaWrapper, FuzzyTermQuery};
use tantivy::schema::{Field, Term};
use tantivy::{HasLen, TantivyError};
use tantivy_fst::Automaton;
use tantivy_fst::raw::{CompiledAddr, Fst, Node};

use crate::analysis::is_marked;
use crate::query::Field as TextField;

/// The bytes behind the forms of a dictionary: the length of what lies between them (u64), and two versions (u32).
///
/// Source: `TermDictionaryBuilder::finish` of Tantivy 0.27, both of `termdict` and of `termdict::fst_termdict`.
const FOOTER_BYTES: usize = 16;
const LEN_BYTES: usize = 8;
/// A state after which at most so many bytes may follow has them listed.
const MOST_LISTED: usize = 8;

/// The dictionaries of a segment as automata; a field in which no word stands has none.
pub(super) struct FormAutomata([Option<Fst<OwnedBytes>>; TextField::COUNT]);

impl FormAutomata {
    /// Opens those of these fields.
    pub(super) fn open(
        segment: &SegmentReader,
        fields: [Field; TextField::COUNT],
    ) -> tantivy::Result<FormAutomata> {
        let terms = CompositeFile::open(&segment.open_read(SegmentComponent::Terms)?)?;
        let mut opened = Vec::with_capacity(fields.len());
        for field in fields {
            let file = terms.open_read(field);
            opened.push(file.map(|file| open_fst(&file)).transpose()?);
        }
        opened.try_into().map(FormAutomata).map_err(|_| damaged())
    }

    pub(super) fn of(&self, field: usize) -> Option<&Fst<OwnedBytes>> {
        self.0[field].as_ref()
    }
}

fn open_fst(file: &FileSlice) -> tantivy::Result<Fst<OwnedBytes>> {
    let behind_forms = |bytes: usize| file.len().checked_sub(bytes).ok_or_else(damaged);
    let footer = behind_forms(FOOTER_BYTES)?;
    let lists = file.slice(footer..footer + LEN_BYTES).read_bytes()?;
    let lists = u64::from_le_bytes(lists[..].try_into().map_err(|_| damaged())?);
    let end = behind_forms(
        usize::try_from(lists)
            .unwrap_or(usize::MAX)
            .saturating_add(FOOTER_BYTES),
    )?;
    Fst::new(file.slice_to(end).read_bytes()?).map_err(|_| damaged())
}

fn damaged() -> TantivyError {
    TantivyError::InternalError("a dictionary cannot be read".into())
}

/// The forms within a few edits of a word.
pub(super) struct NearForms {
    automaton: DfaWrapper,
    /// The bytes of the word, in order, each once.
    bytes: Vec<u8>,
    /// A byte that the word does not have: the automaton does the same with all of these.
    other: u8,
    /// By state, once it was met: the bytes that may follow.
    following: Vec<Option<Following>>,
}

/// The bytes that may follow a state.
#[derive(Clone, Copy)]
enum Following {
    /// These alone, so many of them, in order.
    Few([u8; MOST_LISTED], usize),
    /// Perhaps any.
    Many,
}

/// A node on the way to a form.
struct Step<'a> {
    node: Node<'a>,
    state: u32,
    following: Following,
    /// How many of the node's children, or of the bytes that may follow, were looked at.
    looked_at: usize,
}

impl NearForms {
    /// Those within so many edits; letters in each other's place are one.
    pub(super) fn of(word: &str, edits: u8) -> tantivy::Result<NearForms> {
        // The field of the term is not looked at.
        let term = Term::from_field_text(Field::from_field_id(0), word);
        let mut bytes = word.as_bytes().to_vec();
        bytes.sort_unstable();
        bytes.dedup();
        let other = (0..0x80).find(|byte| !bytes.contains(byte));
        Ok(NearForms {
            automaton: FuzzyTermQuery::new(term, edits, true).automaton()?,
            // Behind a character of the word no fewer may follow than behind another.
            other: other.unwrap_or_default(),
            bytes,
            following: Vec::new(),
        })
    }

    /// Calls `each` for every one in a dictionary that is a word, in order, until it breaks.
    pub(super) fn each_in(
        &mut self,
        forms: &Fst<OwnedBytes>,
        mut each: impl FnMut(&[u8]) -> tantivy::Result<ControlFlow<()>>,
    ) -> tantivy::Result<()> {
        let mut form = Vec::new();
        let mut steps = vec![self.step(forms.root(), self.automaton.start())];
        while let Some(last) = steps.last_mut() {
            let Some((byte, addr)) = self.next_child(last) else {
                steps.pop();
                form.pop();
                continue;
            };
            let state = self.automaton.accept(&last.state, byte);
            let node = forms.node(addr);
            form.push(byte);
            if node.is_final()
                && self.automaton.is_match(&state)
                && !is_marked(&form)
                && each(&form)?.is_break()
            {
                break;
            }
            steps.push(self.step(node, state));
        }
        Ok(())
    }

    /// The next child to go to and its byte.
    fn next_child(&self, step: &mut Step<'_>) -> Option<(u8, CompiledAddr)> {
        let Step {
            node,
            state,
            following,
            looked_at,
        } = step;
        if let Following::Few(bytes, len) = following {
            for &byte in bytes[..*len].iter().skip(*looked_at) {
                *looked_at += 1;
                if let Some(child) = node.find_input(byte) {
                    return Some((byte, node.transition_addr(child)));
                }
            }
            return None;
        }
        for child in *looked_at..node.len() {
            *looked_at += 1;
            let child = node.transition(child);
            let next = self.automaton.accept(state, child.inp);
            if self.automaton.can_match(&next) {
                return Some((child.inp, child.addr));
            }
        }
        None
    }

    fn step<'a>(&mut self, node: Node<'a>, state: u32) -> Step<'a> {
        // An only child is found as fast as one that is looked for.
        let following = match node.len() {
            0 | 1 => Following::Many,
            _ => self.following(state),
        };
        Step {
            node,
            state,
            following,
            looked_at: 0,
        }
    }

    /// What may follow a state.
    fn following(&mut self, state: u32) -> Following {
        let at = state as usize;
        if let Some(known) = self.following.get(at).copied().flatten() {
            return known;
        }
        let following = self.find_following(state);
        if self.following.len() <= at {
            self.following.resize(at + 1, None);
        }
        self.following[at] = Some(following);
        following
    }

    fn find_following(&self, state: u32) -> Following {
        let goes_on = |byte: &u8| {
            let next = self.automaton.accept(&state, *byte);
            self.automaton.can_match(&next)
        };
        if goes_on(&self.other) {
            return Following::Many;
        }
        let (mut bytes, mut len) = ([0; MOST_LISTED], 0);
        for &byte in self.bytes.iter().filter(|byte| goes_on(byte)) {
            let Some(place) = bytes.get_mut(len) else {
                return Following::Many;
            };
            *place = byte;
            len += 1;
        }
        Following::Few(bytes, len)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tantivy_fst::raw::Builder;

    use super::*;

    fn dictionary(forms: &[String]) -> Fst<OwnedBytes> {
        let mut builder = Builder::memory();
        for form in forms {
            builder.add(form).expect("in order");
        }
        let bytes = builder.into_inner().expect("written");
        Fst::new(OwnedBytes::new(bytes)).expect("a dictionary")
    }

    fn near(forms: &Fst<OwnedBytes>, word: &str, edits: u8, most: usize) -> Vec<String> {
        let mut found = Vec::new();
        let mut near = NearForms::of(word, edits).expect("an automaton");
        near.each_in(forms, |form| {
            found.push(String::from_utf8(form.to_vec()).expect("text"));
            Ok(match found.len() < most {
                true => ControlFlow::Continue(()),
                false => ControlFlow::Break(()),
            })
        })
        .expect("found");
        found
    }

    #[test]
    fn forms_within_the_edits_are_found_in_order() {
        let marked = crate::analysis::marked(crate::analysis::PART_MARK, "cat");
        let mut forms: Vec<String> = [
            "act", "ca", "cast", "cat", "cât", "chat", "cut", "dog", &marked,
        ]
        .map(String::from)
        .into();
        forms.sort();
        let forms = dictionary(&forms);
        assert_eq!(
            near(&forms, "cat", 1, 9),
            ["act", "ca", "cast", "cat", "chat", "cut", "cât"]
        );
        assert_eq!(near(&forms, "cat", 1, 2), ["act", "ca"]);
        assert_eq!(near(&forms, "dig", 1, 9), ["dog"]);
        assert!(near(&dictionary(&[]), "dig", 2, 9).is_empty());
    }

    #[test]
    fn words_of_many_letters_are_found_too() {
        let ascii: String = (0..0x80_u8).map(char::from).collect();
        let mut forms = ["abcdefghijkl", "lkjihgfedcba", "abcdéfghijkl"]
            .map(String::from)
            .to_vec();
        forms.push(ascii.clone());
        forms.push(format!("{ascii}é"));
        forms.sort();
        let forms = dictionary(&forms);
        assert_eq!(
            near(&forms, "abcdefghijkl", 1, 9),
            ["abcdefghijkl", "abcdéfghijkl"]
        );
        assert_eq!(
            near(&forms, &ascii, 1, 9),
            [ascii.clone(), format!("{ascii}é")]
        );
    }

    proptest! {
        #[test]
        fn the_forms_are_those_of_the_automaton(
            forms in prop::collection::btree_set("[a-déê\u{4e00}\u{4e41}\u{10400}\u{10441}]{1,6}", 0..200),
            word in "[a-déê\u{4e00}\u{4e41}\u{10400}\u{10441}]{1,7}",
            edits in 0..3_u8,
        ) {
            let forms: Vec<String> = forms.into_iter().collect();
            let dfa = NearForms::of(&word, edits).expect("an automaton").automaton;
            let holds = |form: &&String| {
                let state = form.bytes().fold(dfa.start(), |state, byte| dfa.accept(&state, byte));
                dfa.is_match(&state)
            };
            let expected: Vec<String> = forms.iter().filter(holds).cloned().collect();
            prop_assert_eq!(near(&dictionary(&forms), &word, edits, usize::MAX), expected);
        }
    }
}
