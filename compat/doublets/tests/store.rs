//! A store of links in files, closed and opened again. The constructors are the only difference
//! from a program for the published library: the parts of a store are foreign structs of integers,
//! for which the caller has to vouch.

use doublets::{Doublets, split, unit};
use platform_mem::{FileMapped, Result, TempFile};

const LINKS: usize = 10_000;

fn create(store: &mut impl Doublets<usize>) {
    for n in 1..=LINKS {
        let link = store.create_link(n, LINKS + 1 - n).expect("a link is created");
        assert_eq!(link, n);
    }
    store.delete(7).expect("a link is deleted");
}

fn check(store: &impl Doublets<usize>) {
    assert_eq!(store.count(), LINKS - 1);
    assert!(store.get_link(7).is_none());
    for n in (1..=LINKS).filter(|&n| n != 7) {
        let link = store.get_link(n).expect("a link is found again");
        assert_eq!((link.index, link.source, link.target), (n, n, LINKS + 1 - n));
        assert_eq!(store.search(link.source, link.target), Some(n));
    }
}

#[test]
fn unit_store_finds_its_links() -> Result<()> {
    let dir = tempfile::tempdir()?;
    let open = || unsafe { FileMapped::from_path_unchecked(dir.path().join("links")) };
    create(&mut unit::Store::<usize, _>::new(open()?).expect("a new store"));
    check(&unit::Store::<usize, _>::new(open()?).expect("the same store"));
    Ok(())
}

#[test]
fn split_store_finds_its_links() -> Result<()> {
    let dir = tempfile::tempdir()?;
    let data = || unsafe { FileMapped::from_path_unchecked(dir.path().join("data")) };
    let index = || unsafe { FileMapped::from_path_unchecked(dir.path().join("index")) };
    create(&mut split::Store::<usize, _, _>::new(data()?, index()?).expect("a new store"));
    check(&split::Store::<usize, _, _>::new(data()?, index()?).expect("the same store"));
    Ok(())
}

#[test]
fn store_in_a_temporary_file() -> Result<()> {
    let mut store = unit::Store::<usize, _>::new(TempFile::new()?).expect("a new store");
    create(&mut store);
    check(&store);
    Ok(())
}
