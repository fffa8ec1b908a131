//! From letters to the sounds of a mouth.

use crate::text::to_latin;

/// A stretch of sound with one position of the mouth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Phone {
    pub(super) seconds: f64,
    /// Strength of the vocal cords, 0 to 1.
    pub(super) voiced: f64,
    /// The three lowest resonances in hertz.
    pub(super) formants: [f64; 3],
    /// Strength of the noise of air, 0 to 1, and its middle in hertz.
    pub(super) noise: f64,
    pub(super) noise_hertz: f64,
    /// How much the pitch is raised here: a question rises at its end.
    pub(super) lift: f64,
    /// Whether a new breath begins here, from which the pitch falls again.
    pub(super) breath: bool,
}

/// Durations in seconds at speed 1, chosen so that ordinary text has about 14 characters a second.
const VOWEL: f64 = 0.098;
const CONSONANT: f64 = 0.064;
const BURST: f64 = 0.022;
const BETWEEN_WORDS: f64 = 0.036;
const COMMA: f64 = 0.2;
const SENTENCE: f64 = 0.34;
/// Before the first sound and behind the last; all that an empty text has.
const EDGE: f64 = 0.12;

/// The mouth at rest.
const NEUTRAL: [f64; 3] = [500.0, 1500.0, 2500.0];

/// The sounds of a text at this speed, cut off where they would last longer than `most_seconds`.
pub(super) fn phones(text: &str, speed: f64, most_seconds: f64) -> Vec<Phone> {
    let mut mouth = Mouth { phones: Vec::new(), formants: NEUTRAL, seconds_left: most_seconds, speed };
    mouth.silence(EDGE, true);
    // One letter is never shorter than a few milliseconds, so that much of a text is enough.
    let latin = to_latin(text).to_lowercase();
    let mut letters = latin.chars().peekable();
    while let Some(letter) = letters.next() {
        if mouth.seconds_left <= 0.0 {
            break;
        }
        let pair = letters.peek().and_then(|next| pair(letter, *next));
        if pair.is_some() {
            letters.next();
        }
        mouth.say(pair.unwrap_or_else(|| sound(letter)));
    }
    mouth.silence(EDGE, false);
    mouth.phones
}

/// What one letter asks of the mouth.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Said {
    Vowel([f64; 3]),
    /// Nasals, liquids and glides: voiced, but softer.
    Hum([f64; 3]),
    Hiss {
        hertz: f64,
        voiced: bool,
    },
    Stop {
        hertz: f64,
        voiced: bool,
    },
    Both {
        stop: f64,
        hiss: f64,
    },
    Gap {
        seconds: f64,
        question: bool,
    },
    Syllable(u32),
    Nothing,
}

struct Mouth {
    phones: Vec<Phone>,
    formants: [f64; 3],
    seconds_left: f64,
    speed: f64,
}

impl Mouth {
    fn say(&mut self, said: Said) {
        match said {
            Said::Vowel(formants) => self.voice(VOWEL, 1.0, formants),
            Said::Hum(formants) => self.voice(CONSONANT, 0.55, formants),
            Said::Hiss { hertz, voiced } => self.hiss(CONSONANT, hertz, voiced),
            Said::Stop { hertz, voiced } => {
                self.closed(CONSONANT - BURST, voiced);
                self.burst(hertz);
            }
            Said::Both { stop, hiss } => {
                self.closed(CONSONANT / 2.0, false);
                self.burst(stop);
                self.hiss(CONSONANT, hiss, false);
            }
            Said::Gap { seconds, question } => {
                if question {
                    self.lift_last();
                }
                self.silence(seconds, seconds >= COMMA);
            }
            Said::Syllable(code) => {
                let pick = |from: [char; 8], shift: u32| {
                    from.get((code >> shift & 7) as usize).copied().unwrap_or('a')
                };
                self.say(sound(pick(['k', 't', 'm', 's', 'n', 'g', 'l', 'd'], 0)));
                self.say(sound(pick(['a', 'i', 'u', 'e', 'o', 'ä', 'ö', 'a'], 3)));
            }
            Said::Nothing => {}
        }
    }

    fn voice(&mut self, seconds: f64, voiced: f64, formants: [f64; 3]) {
        self.formants = formants;
        self.add(seconds, voiced, 0.0, 0.0);
    }

    fn hiss(&mut self, seconds: f64, hertz: f64, voiced: bool) {
        let (cords, noise) = if voiced { (0.35, 0.25) } else { (0.0, 0.45) };
        self.add(seconds, cords, noise, hertz);
    }

    fn closed(&mut self, seconds: f64, voiced: bool) {
        self.add(seconds, if voiced { 0.12 } else { 0.0 }, 0.0, 0.0);
    }

    fn burst(&mut self, hertz: f64) {
        self.add(BURST, 0.0, 0.7, hertz);
    }

    fn silence(&mut self, seconds: f64, breath: bool) {
        self.add(seconds, 0.0, 0.0, 0.0);
        if let Some(last) = self.phones.last_mut() {
            last.breath = breath;
        }
    }

    /// Raises the pitch of what was said last.
    fn lift_last(&mut self) {
        for (phone, lift) in self.phones.iter_mut().rev().take(5).zip([0.5, 0.4, 0.3, 0.2, 0.1]) {
            phone.lift = lift;
        }
    }

    fn add(&mut self, seconds: f64, voiced: f64, noise: f64, noise_hertz: f64) {
        let seconds = (seconds / self.speed).min(self.seconds_left);
        self.seconds_left -= seconds;
        self.phones.push(Phone {
            seconds,
            voiced,
            formants: self.formants,
            noise,
            noise_hertz,
            lift: 0.0,
            breath: false,
        });
    }
}

/// Two letters that are one sound.
fn pair(first: char, second: char) -> Option<Said> {
    Some(match (first, second) {
        ('s', 'h') => Said::Hiss { hertz: 2800.0, voiced: false },
        ('z', 'h') => Said::Hiss { hertz: 2600.0, voiced: true },
        ('c', 'h') => Said::Both { stop: 3200.0, hiss: 2800.0 },
        ('t', 's') => Said::Both { stop: 3800.0, hiss: 5600.0 },
        ('k', 'h') => Said::Hiss { hertz: 1500.0, voiced: false },
        ('t', 'h') => Said::Hiss { hertz: 5000.0, voiced: false },
        ('p', 'h') => Said::Hiss { hertz: 4300.0, voiced: false },
        ('n', 'g') => Said::Hum([280.0, 1300.0, 2300.0]),
        ('e', 'e') => Said::Vowel([290.0, 2250.0, 2950.0]),
        ('o', 'o') => Said::Vowel([320.0, 850.0, 2250.0]),
        _ => return None,
    })
}

/// The sound of one lower-case letter or sign.
fn sound(letter: char) -> Said {
    match letter {
        'a' | 'á' | 'à' | 'â' | 'ã' | 'å' => Said::Vowel([730.0, 1200.0, 2500.0]),
        'ä' | 'æ' => Said::Vowel([660.0, 1700.0, 2450.0]),
        'e' | 'é' | 'è' | 'ê' | 'ë' => Said::Vowel([520.0, 1850.0, 2500.0]),
        'i' | 'í' | 'ì' | 'î' | 'ï' => Said::Vowel([300.0, 2200.0, 2950.0]),
        'o' | 'ó' | 'ò' | 'ô' | 'õ' => Said::Vowel([510.0, 900.0, 2450.0]),
        'ö' | 'ø' => Said::Vowel([430.0, 1500.0, 2300.0]),
        'u' | 'ú' | 'ù' | 'û' => Said::Vowel([330.0, 870.0, 2250.0]),
        'ü' => Said::Vowel([290.0, 1800.0, 2200.0]),
        'y' | 'ý' | 'ÿ' => Said::Vowel([340.0, 1600.0, 2400.0]),
        'm' => Said::Hum([270.0, 1000.0, 2200.0]),
        'n' | 'ñ' => Said::Hum([280.0, 1700.0, 2400.0]),
        'l' => Said::Hum([380.0, 1200.0, 2700.0]),
        'r' => Said::Hum([420.0, 1300.0, 1700.0]),
        'w' => Said::Hum([310.0, 700.0, 2200.0]),
        'j' => Said::Hum([290.0, 2100.0, 2900.0]),
        's' | 'c' | 'ç' | 'x' | 'ß' => Said::Hiss { hertz: 5600.0, voiced: false },
        'f' | 'þ' => Said::Hiss { hertz: 4300.0, voiced: false },
        'h' => Said::Hiss { hertz: 1600.0, voiced: false },
        'z' => Said::Hiss { hertz: 5200.0, voiced: true },
        'v' | 'ð' => Said::Hiss { hertz: 3600.0, voiced: true },
        'p' => Said::Stop { hertz: 900.0, voiced: false },
        't' => Said::Stop { hertz: 3800.0, voiced: false },
        'k' | 'q' => Said::Stop { hertz: 1900.0, voiced: false },
        'b' => Said::Stop { hertz: 800.0, voiced: true },
        'd' => Said::Stop { hertz: 3200.0, voiced: true },
        'g' => Said::Stop { hertz: 1700.0, voiced: true },
        ' ' => Said::Gap { seconds: BETWEEN_WORDS, question: false },
        '?' => Said::Gap { seconds: SENTENCE, question: true },
        '.' | '!' => Said::Gap { seconds: SENTENCE, question: false },
        ',' | ';' | ':' | '-' | '(' | ')' => Said::Gap { seconds: COMMA, question: false },
        other if other.is_alphanumeric() => Said::Syllable(u32::from(other)),
        _ => Said::Nothing,
    }
}
