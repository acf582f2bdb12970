//! Files with headers, made by hand.

/// An array of NumPy whose header has no room for longer numbers.
pub(super) fn npy(descr: &str, fortran: bool, shape: &str, data: &[u8]) -> Vec<u8> {
    let order = if fortran { "True" } else { "False" };
    let header = format!("{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, }}\n");
    let len = (header.len() as u16).to_le_bytes();
    [b"\x93NUMPY\x01\x00", &len[..], header.as_bytes(), data].concat()
}

/// Vectors behind their number and dimension.
pub(super) fn bin(count: u32, dimension: u32, data: &[u8]) -> Vec<u8> {
    [&count.to_le_bytes()[..], &dimension.to_le_bytes(), data].concat()
}

/// Vectors that carry their dimension.
pub(super) fn fvecs(dimension: u32, values: &[f32]) -> Vec<u8> {
    let vector = |vector: &[f32]| {
        let values = vector.iter().flat_map(|value| value.to_le_bytes());
        dimension.to_le_bytes().into_iter().chain(values).collect::<Vec<_>>()
    };
    values.chunks(dimension as usize).flat_map(vector).collect()
}

/// The format of MNIST.
pub(super) fn idx(kind: u8, sizes: &[u32], data: &[u8]) -> Vec<u8> {
    let sizes_bytes: Vec<u8> = sizes.iter().flat_map(|size| size.to_be_bytes()).collect();
    [&[0, 0, kind, sizes.len() as u8][..], &sizes_bytes, data].concat()
}

/// A token file of llm.c.
pub(super) fn llmc(magic: i32, count: i32, tokens: &[u8]) -> Vec<u8> {
    let mut header = vec![0; 1024];
    for (place, number) in [(0, magic), (4, 1), (8, count)] {
        header[place..place + 4].copy_from_slice(&number.to_le_bytes());
    }
    [header, tokens.to_vec()].concat()
}

/// Tensors with a name, a type, a shape, and their bytes.
pub(super) fn safetensors(tensors: &[(&str, &str, &str, &[u8])]) -> Vec<u8> {
    let (mut entries, mut data) = (Vec::new(), Vec::new());
    for (name, dtype, shape, bytes) in tensors {
        let (begin, end) = (data.len(), data.len() + bytes.len());
        entries.push(format!(
            "\"{name}\":{{\"dtype\":\"{dtype}\",\"shape\":{shape},\"data_offsets\":[{begin},{end}]}}"
        ));
        data.extend_from_slice(bytes);
    }
    let header = format!("{{{}}}", entries.join(","));
    [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &data].concat()
}
