//! The results as comma-separated values: first the columns of hyperfine, then more.

use super::report::Entry;

/// The names of the columns.
const HEADER: &str = "command,mean,stddev,median,user,system,min,max,operation,backend,type,count,\
                      elements,bytes,runs,spread,p95,bytes_per_second,elements_per_second,\
                      minor_faults,major_faults\n";

/// Returns the results, one a line. No value has a comma in it.
pub(super) fn csv(results: &[Entry]) -> String {
    let lines = results.iter().map(|entry| {
        let optional = |value: Option<f64>| value.map_or_else(String::new, |v| v.to_string());
        let times = [entry.median, entry.user, entry.system, entry.min, entry.max];
        let rates = [entry.bytes_per_second, entry.elements_per_second];
        let faults = [entry.minor_faults, entry.major_faults];
        let mut fields = vec![entry.command.clone(), entry.mean.to_string()];
        fields.push(optional(entry.stddev));
        fields.extend(times.map(|time| time.to_string()));
        fields.extend([entry.operation.to_string(), entry.backend.to_string()]);
        fields.push(entry.element.clone());
        fields.extend([entry.count, entry.elements, entry.bytes].map(|number| number.to_string()));
        fields.extend([entry.runs.to_string(), entry.spread.to_string(), optional(entry.p95)]);
        fields.extend(rates.into_iter().chain(faults).map(|number| number.to_string()));
        fields.join(",") + "\n"
    });
    HEADER.to_owned() + &lines.collect::<String>()
}

#[cfg(test)]
mod tests {
    use super::super::measured::tests::several;
    use super::super::report::entries;
    use super::*;

    #[test]
    fn every_line_has_every_column() {
        let text = csv(&entries(&several()));
        let mut lines = text.lines();
        let columns = lines.next().unwrap().split(',').count();
        assert!(lines.clone().all(|line| line.split(',').count() == columns), "{text}");
        assert_eq!(lines.count(), 4);
        assert!(text.starts_with("command,mean,stddev,median,user,system,min,max,"));
        assert!(text.contains("\nsync file,1.5,,1.5,0,0,1.5,1.5,sync,file,u64,1000000,"), "{text}");
    }
}
