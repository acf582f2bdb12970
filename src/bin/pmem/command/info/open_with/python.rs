//! Code in Python: NumPy, PyTorch, Polars and Spark.

use super::numpy::{dtype, expression, tuple};
use super::subject::{Subject, quoted};
use crate::element::{Kind, Order};
use crate::layout::Format;

/// Returns the comment that says what is to be done before, and the name of what that makes.
fn first(subject: &Subject<'_>, extension: &str, wide: bool) -> (String, String) {
    let command = subject.convert(extension, wide);
    (format!("# First: {command}\n"), quoted(&subject.converted(extension)))
}

/// Returns the code that makes the array `a`, with a conversion first if need be.
pub(super) fn numpy(subject: &Subject<'_>) -> String {
    match expression(subject) {
        Some(expression) => format!("import numpy as np\n\na = {expression}\n"),
        None => {
            let (comment, out) = first(subject, "npy", true);
            format!("{comment}import numpy as np\n\na = np.load({out}, mmap_mode=\"r\")\n")
        }
    }
}

/// Returns the code that makes the tensor `t`; of a record, a dictionary of tensors.
pub(super) fn torch(subject: &Subject<'_>) -> String {
    if let (Format::Safetensors, Some(tensor)) = (subject.format(), subject.tensor()) {
        let (path, tensor) = (quoted(subject.path), quoted(tensor));
        return format!(
            "from safetensors import safe_open\n\nwith safe_open({path}, framework=\"pt\") as \
             file:\n    t = file.get_tensor({tensor})\n"
        );
    }
    if let Some(name) = torch_type(subject) {
        let (path, shape) = (quoted(subject.path), tuple(&subject.shape()));
        let items: u64 = subject.shape().iter().product();
        let start = subject.layout.start();
        return match subject.count {
            0 => format!("import torch\n\nt = torch.empty({shape}, dtype=torch.{name})\n"),
            _ => format!(
                "import mmap\n\nimport torch\n\nwith open({path}, \"rb\") as file:\n    bytes = \
                 mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)\nt = torch.frombuffer(bytes, \
                 dtype=torch.{name}, count={items}, offset={start}).reshape({shape})\n"
            ),
        };
    }
    let text = subject.fields().any(|field| matches!(field.kind, Kind::Str(_) | Kind::Hex(_)));
    let code = numpy(subject).replace("import numpy as np\n", "import numpy as np\nimport torch\n");
    let native =
        "def native(a):\n    return np.ascontiguousarray(a, a.dtype.newbyteorder(\"=\"))\n";
    let fields =
        subject.fields().filter(|field| !matches!(field.kind, Kind::Str(_) | Kind::Hex(_)));
    match (subject.is_record(), text) {
        (false, true) => format!("{code}# PyTorch has no type for text and bytes.\nt = list(a)\n"),
        (false, false) => format!("{code}\n\n{native}\n\nt = torch.from_numpy(native(a))\n"),
        (true, _) => {
            let names: Vec<_> = fields.map(|field| quoted(&field.name)).collect();
            format!(
                "{code}\n\n{native}\n\nt = {{name: torch.from_numpy(native(a[name])) for name in \
                 [{}]}}\n",
                names.join(", ")
            )
        }
    }
}

/// Returns the type of PyTorch that the elements have as they lie in the file.
fn torch_type(subject: &Subject<'_>) -> Option<&'static str> {
    let field = subject.fields().next().filter(|_| !subject.is_record())?;
    // In Fortran order, NumPy knows better what lies where.
    if field.order == Order::Big || subject.format() == Format::Npy {
        return None;
    }
    Some(match (field.kind, field.complex) {
        (Kind::F32, true) => "complex64",
        (Kind::F64, true) => "complex128",
        (_, true) => return None,
        (Kind::U8, _) => "uint8",
        (Kind::U16, _) => "uint16",
        (Kind::U32, _) => "uint32",
        (Kind::U64, _) => "uint64",
        (Kind::I8, _) => "int8",
        (Kind::I16, _) => "int16",
        (Kind::I32, _) => "int32",
        (Kind::I64, _) => "int64",
        (Kind::F16, _) => "float16",
        (Kind::Bf16, _) => "bfloat16",
        (Kind::F32, _) => "float32",
        (Kind::F64, _) => "float64",
        (Kind::F8E4M3, _) => "float8_e4m3fn",
        (Kind::F8E5M2, _) => "float8_e5m2",
        (Kind::Bool, _) => "bool",
        _ => return None,
    })
}

/// Returns the code that makes the data frame `df`: through NumPy where both have the types, else
/// through Parquet.
pub(super) fn polars(subject: &Subject<'_>) -> String {
    let known = |kind| {
        matches!(
            kind,
            Kind::U8
                | Kind::U16
                | Kind::U32
                | Kind::U64
                | Kind::I8
                | Kind::I16
                | Kind::I32
                | Kind::I64
                | Kind::F32
                | Kind::F64
                | Kind::Bool
        )
    };
    let flat = subject.fields().all(|field| {
        let simple = known(field.kind) && !field.complex && field.dimensions.sizes().len() < 2;
        simple && dtype(field).is_some()
    });
    let array = expression(subject).filter(|_| flat && subject.count > 0);
    let shaped = subject.is_record() || subject.shape().len() < 3 && !subject.shape().is_empty();
    let Some(array) = array.filter(|_| shaped && !subject.is_transposed()) else {
        let (comment, out) = first(subject, "parquet", false);
        return format!("{comment}import polars as pl\n\ndf = pl.read_parquet({out})\n");
    };
    let column = |name: &str, part: &str| {
        format!("{}: np.ascontiguousarray({part}, {part}.dtype.newbyteorder(\"=\")),", quoted(name))
    };
    let columns: Vec<_> = match subject.is_record() {
        false => vec![column("value", "a")],
        true => subject
            .fields()
            .map(|field| column(&field.name, &format!("a[{}]", quoted(&field.name))))
            .collect(),
    };
    format!(
        "import numpy as np\nimport polars as pl\n\na = {array}\ndf = pl.DataFrame({{\n    {}\n}})\n",
        columns.join("\n    ")
    )
}

/// Returns the code that makes the data frame `df` of Spark.
pub(super) fn spark(subject: &Subject<'_>) -> String {
    let (comment, out) = first(subject, "parquet", false);
    format!(
        "{comment}from pyspark.sql import SparkSession\n\nspark = \
         SparkSession.builder.getOrCreate()\ndf = spark.read.parquet({out})\n"
    )
}
