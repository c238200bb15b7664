//! How an index on a cluster is reached.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::numbers::number_within;

/// How an index on a cluster is reached, beside its address.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Cluster")]
pub(in crate::cli) struct ClusterArgs {
    /// This machine's name in an index of several [default: main]
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        value_name = "NAME",
        env = "EXCERPT_OWNER",
        hide_env = true
    )]
    pub(in crate::cli) owner: Option<String>,
    /// Rank N sections that the cluster proposes [default: 1000]
    #[arg(long, global = true, hide_short_help = true, value_name = "N", value_parser = number_within::<u32>(10, 10_000))]
    pub(in crate::cli) candidates: Option<u32>,
    /// How long a request may take, such as 30s or 2m [default: 60s]
    #[arg(long, global = true, hide_short_help = true, value_name = "DURATION", value_parser = duration)]
    pub(in crate::cli) timeout: Option<Duration>,
    /// Answer without the owners whose sections this program cannot read
    #[arg(long, global = true, hide_short_help = true)]
    pub(in crate::cli) partial: bool,
    /// The authorities whose certificates the cluster has, in PEM [default: those of browsers]
    #[arg(long, global = true, hide_short_help = true, value_name = "FILE")]
    pub(in crate::cli) ca: Option<PathBuf>,
    /// The client's certificate, in PEM
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        value_name = "FILE",
        requires = "key"
    )]
    pub(in crate::cli) cert: Option<PathBuf>,
    /// The key of the client's certificate, in PEM
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        value_name = "FILE",
        requires = "cert"
    )]
    pub(in crate::cli) key: Option<PathBuf>,
    /// Speak http, which anyone on the way can read, with other machines too
    #[arg(long, global = true, hide_short_help = true)]
    pub(in crate::cli) insecure_http: bool,
}

/// How new indices on a cluster are divided.
#[derive(Debug, Clone, Copy, Args)]
#[command(next_help_heading = "Cluster")]
pub(in crate::cli) struct DivisionArgs {
    /// Divide the sections of a new index into N shards [default: 1]
    #[arg(long, value_name = "N", value_parser = number_within::<u32>(1, 1024))]
    pub(in crate::cli) shards: Option<u32>,
    /// Keep N copies of each shard; with 0 a lost node is a lost index [default: 1]
    #[arg(long, value_name = "N", value_parser = number_within::<u32>(0, 16))]
    pub(in crate::cli) replicas: Option<u32>,
}

/// Reads a duration: seconds, or a number with `ms`, `s`, `m` or `h`.
fn duration(text: &str) -> Result<Duration, String> {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let milliseconds = match unit {
        "ms" => 1,
        "" | "s" => 1000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return Err("expected a duration, such as 500ms, 30s or 2m".into()),
    };
    let number: u64 = number
        .parse()
        .map_err(|_| "expected a duration, such as 500ms, 30s or 2m".to_string())?;
    match number.checked_mul(milliseconds) {
        Some(total) if (1..=86_400_000).contains(&total) => Ok(Duration::from_millis(total)),
        _ => Err("must be 1ms to 24h".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_units() {
        for (text, milliseconds) in [
            ("500ms", 500),
            ("30", 30_000),
            ("30s", 30_000),
            ("2m", 120_000),
        ] {
            assert_eq!(
                duration(text),
                Ok(Duration::from_millis(milliseconds)),
                "{text}"
            );
        }
        for text in ["", "s", "1d", "-1s", "0s", "25h", "1.5s"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
