//! Makes new inputs of old ones: spliced, repeated, cut, with bits flipped, markup put in, or in another encoding.

/// The longest input that is made, in bytes, and how long one of many repetitions may be.
const MAX_BYTES: usize = 6 << 10;
const MAX_REPEATED_BYTES: usize = 96 << 10;
/// One input of so many is a long repetition.
const INPUTS_PER_LONG_ONE: usize = 200;
/// What other encodings an input is put into.
const ENCODINGS: [&str; 6] = [
    "windows-1251",
    "windows-1252",
    "gb18030",
    "big5",
    "shift_jis",
    "iso-2022-jp",
];

/// Makes inputs, the same ones for the same seed.
pub(super) struct Mutator {
    random: Random,
    inputs: Vec<Vec<u8>>,
    tokens: Vec<Vec<u8>>,
}

impl Mutator {
    pub(super) fn new(seed: u64, inputs: Vec<Vec<u8>>, tokens: Vec<Vec<u8>>) -> Mutator {
        Mutator {
            random: Random(seed),
            inputs,
            tokens,
        }
    }

    /// The next input.
    pub(super) fn input(&mut self) -> Vec<u8> {
        let mut input = self.old();
        for _ in 0..1 << self.random.below(5) {
            self.change(&mut input);
            input.truncate(MAX_BYTES);
        }
        if self.random.below(INPUTS_PER_LONG_ONE) == 0 {
            self.repeat(&mut input, MAX_REPEATED_BYTES);
        }
        if self.random.below(8) == 0 {
            input = self.in_another_encoding(&input);
        }
        input
    }

    fn old(&mut self) -> Vec<u8> {
        let at = self.random.below(self.inputs.len());
        self.inputs[at].clone()
    }

    fn token(&mut self) -> Vec<u8> {
        let at = self.random.below(self.tokens.len());
        self.tokens[at].clone()
    }

    fn change(&mut self, input: &mut Vec<u8>) {
        let at = self.random.below(input.len() + 1);
        match self.random.below(12) {
            0..=3 => {
                let token = self.token();
                input.splice(at..at, token);
            }
            4 => {
                let token = self.token();
                let end = input.len().min(at + token.len());
                input.splice(at..end, token);
            }
            5 => {
                let part = self.part(input, 256);
                input.drain(part);
            }
            6 => {
                let part = self.part(input, 256);
                let copy = input[part].to_vec();
                input.splice(at..at, copy);
            }
            7 => self.repeat(input, 1 << 10),
            8 => {
                let other = self.old();
                let part = self.part(&other, 512);
                input.splice(at..at, other[part].to_vec());
            }
            9 => {
                let other = self.old();
                let from = self.random.below(other.len() + 1);
                input.truncate(at);
                input.extend_from_slice(&other[from..]);
            }
            10 if at < input.len() => input[at] ^= 1 << self.random.below(8),
            _ if at < input.len() => input[at] = self.random.below(256) as u8,
            _ => input.push(b'\n'),
        }
    }

    /// A part of `bytes`: within a line as often as not.
    fn part(&mut self, bytes: &[u8], max_len: usize) -> std::ops::Range<usize> {
        let from = self.random.below(bytes.len() + 1);
        let limit = if self.random.below(2) == 0 {
            8
        } else {
            max_len
        };
        let len = self.random.below((bytes.len() - from).min(limit) + 1);
        from..from + len
    }

    /// Repeats a part or a token where it stands, as nested markup does, up to about `max_len` bytes.
    fn repeat(&mut self, input: &mut Vec<u8>, max_len: usize) {
        let unit = if self.random.below(2) == 0 {
            let part = self.part(input, 32);
            input[part].to_vec()
        } else {
            [self.token(), self.token()].concat()
        };
        let at = self.random.below(input.len() + 1);
        let count = self.random.below(max_len / unit.len().max(1) + 1);
        input.splice(at..at, unit.repeat(count));
    }

    fn in_another_encoding(&mut self, input: &[u8]) -> Vec<u8> {
        let text = String::from_utf8_lossy(input);
        let units = || text.encode_utf16();
        match self.random.below(ENCODINGS.len() + 2) {
            0 => [0xfeff]
                .into_iter()
                .chain(units())
                .flat_map(u16::to_be_bytes)
                .collect(),
            1 => units().flat_map(u16::to_le_bytes).collect(),
            n => {
                let rules = encoding_rs::Encoding::for_label(ENCODINGS[n - 2].as_bytes());
                rules.expect("a label").encode(&text).0.into_owned()
            }
        }
    }
}

/// Numbers that follow from a seed.
///
/// Source: SplitMix64, Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `limit`, which is above 0.
    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }
}

/// The tokens of a dictionary as libFuzzer reads it: one a line in quotes, with `\\`, `\"` and `\xAB` in them.
pub(super) fn tokens(dictionary: &str) -> Vec<Vec<u8>> {
    let lines = dictionary.lines().map(str::trim);
    let quoted = lines.filter_map(|line| line.strip_prefix('"')?.strip_suffix('"'));
    quoted.map(unescaped).collect()
}

fn unescaped(token: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = token;
    while let Some((front, escape)) = rest.split_once('\\') {
        out.extend_from_slice(front.as_bytes());
        let hex = escape.strip_prefix('x').and_then(|hex| hex.get(..2));
        let byte = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        out.push(byte.unwrap_or(escape.as_bytes()[0]));
        rest = &escape[if byte.is_some() { 3 } else { 1 }..];
    }
    out.extend_from_slice(rest.as_bytes());
    out
}

#[test]
fn dictionaries_are_read_as_libfuzzer_reads_them() {
    let read = tokens("# signs\n\"a\\\"\\\\b\"\n\n\"\\x0a\\xe2!\"\n");
    assert_eq!(read, [b"a\"\\b".to_vec(), b"\n\xe2!".to_vec()]);
}

#[test]
fn a_seed_makes_the_same_inputs_again() {
    let all = |seed| {
        let inputs = vec![b"one *two* three\n".to_vec(), b"# four\n".to_vec()];
        let mut mutator = Mutator::new(seed, inputs, vec![b"[[".to_vec()]);
        (0..50).map(|_| mutator.input()).collect::<Vec<_>>()
    };
    assert_eq!(all(7), all(7));
    assert_ne!(all(7), all(8));
}
