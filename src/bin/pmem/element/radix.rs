//! Bases in which integers are written.

/// The base in which integers are written.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum Radix {
    /// 2
    Binary,
    /// 8
    Octal,
    /// 10
    #[default]
    Decimal,
    /// 16
    Hexadecimal,
}

impl Radix {
    /// Bits of one digit, where a digit is a whole number of them.
    pub(crate) const fn bits(self) -> Option<u32> {
        match self {
            Self::Binary => Some(1),
            Self::Octal => Some(3),
            Self::Decimal => None,
            Self::Hexadecimal => Some(4),
        }
    }

    /// Digits of the largest number of so many bits.
    pub(crate) const fn digits(self, bits: u32) -> usize {
        match self.bits() {
            Some(each) => bits.div_ceil(each) as usize,
            None if bits >= 128 => 39,
            None => ((1_u128 << bits) - 1).ilog10() as usize + 1,
        }
    }
}

impl std::str::FromStr for Radix {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "2" => Ok(Self::Binary),
            "8" => Ok(Self::Octal),
            "10" => Ok(Self::Decimal),
            "16" => Ok(Self::Hexadecimal),
            _ => Err("the radix is 2, 8, 10 or 16"),
        }
    }
}
