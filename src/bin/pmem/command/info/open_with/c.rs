//! A program in C that reads all elements.

use std::fmt::Write as _;

use super::subject::{Subject, identifier};
use crate::element::{Field, Kind, Order};

/// Returns a text as a literal of C.
fn literal(text: &str) -> String {
    let mut literal = String::from("\"");
    for byte in text.bytes() {
        match byte {
            b'"' | b'\\' | b'?' => literal.extend(['\\', char::from(byte)]),
            b' '..=b'~' => literal.push(char::from(byte)),
            // Three digits are all that C takes, whatever follows.
            byte => literal += &format!("\\{byte:03o}"),
        }
    }
    literal + "\""
}

/// Returns the type of a scalar, how many of them it is made of, and how `printf` shows one.
fn scalar(kind: Kind) -> (&'static str, u32, &'static str) {
    match kind {
        Kind::U8 | Kind::F8E4M3 | Kind::F8E5M2 | Kind::Bool => ("uint8_t", 1, "%u"),
        Kind::U16 | Kind::F16 | Kind::Bf16 => ("uint16_t", 1, "%u"),
        Kind::U32 => ("uint32_t", 1, "%\" PRIu32 \""),
        Kind::U64 => ("uint64_t", 1, "%\" PRIu64 \""),
        Kind::I8 => ("int8_t", 1, "%d"),
        Kind::I16 => ("int16_t", 1, "%d"),
        Kind::I32 => ("int32_t", 1, "%\" PRId32 \""),
        Kind::I64 => ("int64_t", 1, "%\" PRId64 \""),
        Kind::F32 => ("float", 1, "%.9g"),
        Kind::F64 => ("double", 1, "%.17g"),
        Kind::U24 | Kind::I24 => ("uint8_t", 3, "%02x"),
        Kind::U128 | Kind::I128 => ("uint8_t", 16, "%02x"),
        Kind::Hex(size) => ("uint8_t", size, "%02x"),
        Kind::Str(size) => ("char", size, "%c"),
    }
}

/// A field as C declares it.
struct Member {
    name: String,
    base: &'static str,
    sizes: Vec<u64>,
    show: &'static str,
    swapped: bool,
    size: usize,
    scalars: usize,
    comment: &'static str,
}

impl Member {
    fn new(index: usize, field: &Field) -> Self {
        let (base, bytes, show) = scalar(field.kind);
        let mut sizes: Vec<u64> =
            field.dimensions.sizes().iter().map(|size| (*size).into()).collect();
        if field.complex {
            sizes.push(2);
        }
        if bytes > 1 || matches!(field.kind, Kind::Str(_) | Kind::Hex(_)) {
            sizes.push(bytes.into());
        }
        let name = match &*field.name {
            "" => String::from("value"),
            "_" => format!("padding_{index}"),
            name => identifier(name),
        };
        let comment = match field.kind {
            Kind::F16 | Kind::Bf16 | Kind::F8E4M3 | Kind::F8E5M2 => " /* its bits */",
            Kind::U24 | Kind::I24 | Kind::U128 | Kind::I128 => " /* its bytes, the lowest first */",
            _ => "",
        };
        let swapped = field.order == Order::Big && !field.is_padding();
        let (size, scalars) = (field.kind.size(), field.scalars());
        Self { name, base, sizes, show, swapped, size, scalars, comment }
    }

    fn declaration(&self) -> String {
        let sizes: String = self.sizes.iter().map(|size| format!("[{size}]")).collect();
        format!("    {} {}{sizes};{}\n", self.base, self.name, self.comment)
    }
}

/// Returns the members of the elements, padding included.
fn members(subject: &Subject<'_>) -> Vec<Member> {
    let mut members: Vec<Member> = Vec::new();
    let mut end = 0;
    let padding = |index: usize, bytes: usize| Member {
        name: format!("padding_{index}"),
        base: "uint8_t",
        sizes: vec![bytes as u64],
        show: "",
        swapped: false,
        size: 1,
        scalars: bytes,
        comment: "",
    };
    for field in subject.element().fields() {
        if field.offset > end {
            members.push(padding(members.len(), field.offset - end));
        }
        let mut member = Member::new(members.len(), field);
        if members.iter().any(|other| other.name == member.name) {
            member.name += &format!("_{}", members.len());
        }
        members.push(member);
        end = field.offset + field.size();
    }
    if subject.element().bytes() > end {
        members.push(padding(members.len(), subject.element().bytes() - end));
    }
    members
}

/// Returns the program. It shows how many elements it has read, and the first number of each field
/// of the first one.
pub(super) fn program(subject: &Subject<'_>) -> String {
    let members = members(subject);
    let declarations: String = members.iter().map(Member::declaration).collect();
    let (mut swaps, mut shows) = (String::new(), String::new());
    for Member { name, sizes, show, swapped, size, scalars, .. } in &members {
        if *swapped && *size > 1 {
            let _ = writeln!(swaps, "        reverse(&elements[i].{name}, {size}, {scalars});");
        }
        if !name.starts_with("padding_") && !show.is_empty() {
            let first: String = sizes.iter().map(|_| "[0]").collect();
            let _ =
                writeln!(shows, "        printf(\"{name} {show}\\n\", elements[0].{name}{first});");
        }
    }
    let (path, count, start) = (literal(subject.path), subject.count, subject.layout.start());
    let reverse = if swaps.is_empty() { "" } else { REVERSE };
    let swaps = match &*swaps {
        "" => String::new(),
        swaps => format!("    for (size_t i = 0; i < count; i++) {{\n{swaps}    }}\n"),
    };
    format!(
        "#define _FILE_OFFSET_BITS 64\n#include <inttypes.h>\n#include <stdint.h>\n#include \
         <stdio.h>\n#include <stdlib.h>\n\n_Static_assert(__BYTE_ORDER__ == \
         __ORDER_LITTLE_ENDIAN__, \"written for little-endian machines\");\n\n#pragma pack(push, \
         1)\nstruct element {{\n{declarations}}};\n#pragma pack(pop)\n\n{reverse}int main(void) \
         {{\n    const char *path = {path};\n    const size_t count = {count};\n    struct element \
         *elements = malloc((count + 1) * sizeof *elements);\n    FILE *file = fopen(path, \
         \"rb\");\n    if (!file || !elements || fseeko(file, {start}, SEEK_SET) ||\n        \
         fread(elements, sizeof *elements, count, file) != count) {{\n        perror(path);\n        \
         return 1;\n    }}\n{swaps}    printf(\"%zu elements\\n\", count);\n    if (count > 0) \
         {{\n{shows}    }}\n    fclose(file);\n    free(elements);\n    return 0;\n}}\n"
    )
}

/// Turns big-endian numbers round.
const REVERSE: &str = "\
static void reverse(void *at, size_t size, size_t count) {
    for (unsigned char *bytes = at; count > 0; count--, bytes += size) {
        for (size_t i = 0; i < size / 2; i++) {
            unsigned char byte = bytes[i];
            bytes[i] = bytes[size - 1 - i];
            bytes[size - 1 - i] = byte;
        }
    }
}

";
