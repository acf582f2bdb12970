//! Values of one scalar type made into values of another, many at a time.

use crate::element::{Carrier, Exchange, Fault, Job, Kind, Rules};

/// Values that are carried at once: they stay in the nearest cache.
const CHUNK: usize = 1024;

/// Values that lie at equal distances.
#[derive(Clone, Copy, Debug)]
pub(super) struct Comb {
    /// Bytes before the first value.
    pub(super) offset: usize,
    /// Bytes from one value to the next.
    pub(super) stride: usize,
}

/// Makes values of one type into values of another. An error has the number of the value.
pub(super) type Kernel =
    Box<dyn Fn(&[u8], Comb, &mut [u8], Comb, &Rules) -> Result<(), (usize, Fault)> + Send + Sync>;

/// Returns the kernel for two number types.
pub(super) fn kernel(from: Kind, to: Kind) -> Option<Kernel> {
    from.run(From { to }).flatten()
}

/// Takes values into their carrier.
type Lift<C> = fn(&[u8], Comb, &mut [C]);

/// Takes values out of a carrier.
type Lower<C> = fn(&[C], &mut [u8], Comb, &Rules) -> Result<(), (usize, Fault)>;

/// Finds the way into the carrier.
struct From {
    to: Kind,
}

impl Job for From {
    type Output = Option<Kernel>;

    fn run<T: Exchange>(self) -> Option<Kernel> {
        let lower = self.to.run(To::<T::Carrier>(std::marker::PhantomData))?;
        Some(through(lift::<T>, lower))
    }
}

/// Finds the way out of a carrier.
struct To<C>(std::marker::PhantomData<C>);

impl<C: Carrier> Job for To<C> {
    type Output = Lower<C>;

    fn run<T: Exchange>(self) -> Lower<C> {
        lower::<C, T>
    }
}

/// Joins the way into a carrier and the way out.
fn through<C: Carrier>(lift: Lift<C>, lower: Lower<C>) -> Kernel {
    Box::new(move |from, from_comb, to, to_comb, rules| {
        let count = to.len() / to_comb.stride;
        let mut carried = [C::default(); CHUNK];
        for first in (0..count).step_by(CHUNK) {
            let last = count.min(first + CHUNK);
            let carried = &mut carried[..last - first];
            lift(&from[first * from_comb.stride..last * from_comb.stride], from_comb, carried);
            let place = &mut to[first * to_comb.stride..last * to_comb.stride];
            lower(carried, place, to_comb, rules)
                .map_err(|(index, fault)| (first + index, fault))?;
        }
        Ok(())
    })
}

/// Takes values into their carrier.
fn lift<T: Exchange>(bytes: &[u8], comb: Comb, carried: &mut [T::Carrier]) {
    if comb.stride == T::SIZE {
        for (value, carrier) in bytes.chunks_exact(T::SIZE).zip(carried) {
            *carrier = T::load(value).lift();
        }
        return;
    }
    for (element, carrier) in bytes.chunks_exact(comb.stride).zip(carried) {
        *carrier = T::load(&element[comb.offset..][..T::SIZE]).lift();
    }
}

/// Takes values out of a carrier. The rules are looked at only if a value needs them.
fn lower<C: Carrier, T: Exchange>(
    carried: &[C],
    bytes: &mut [u8],
    comb: Comb,
    rules: &Rules,
) -> Result<(), (usize, Fault)> {
    let mut fine = !rules.exact;
    if comb.stride == T::SIZE {
        for (carrier, place) in carried.iter().zip(bytes.chunks_exact_mut(T::SIZE)) {
            let (value, is_fine) = T::quick(*carrier);
            fine &= is_fine;
            value.store(place);
        }
    } else {
        for (carrier, element) in carried.iter().zip(bytes.chunks_exact_mut(comb.stride)) {
            let (value, is_fine) = T::quick(*carrier);
            fine &= is_fine;
            value.store(&mut element[comb.offset..][..T::SIZE]);
        }
    }
    if fine {
        return Ok(());
    }
    let elements = bytes.chunks_exact_mut(comb.stride);
    for (index, (carrier, element)) in carried.iter().zip(elements).enumerate() {
        let value = T::lower(*carrier, rules).map_err(|fault| (index, fault))?;
        value.store(&mut element[comb.offset..][..T::SIZE]);
    }
    Ok(())
}
