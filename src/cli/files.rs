//! Files that are written for people: whole or not at all, and never over something else.

use super::failure::Failure;
use std::io::Write;
use std::path::{Path, PathBuf};

/// What may happen to a file that is there already with other content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Existing {
    /// It stays, and that is an error.
    Stays,
    /// It is replaced.
    Replaced,
}

/// What writing came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    /// The file is new, or has new content.
    Now,
    /// The very same file was there.
    Before,
}

/// Writes a file whole or not at all.
pub(super) fn write(
    folder: &Path,
    name: &str,
    bytes: &[u8],
    existing: Existing,
) -> Result<Written, Failure> {
    let path = folder.join(name);
    let broken = |error: std::io::Error, path: &Path| {
        let about = format!("{} cannot be written", path.display());
        Failure::broken(anyhow::Error::from(error).context(about))
    };
    std::fs::create_dir_all(folder).map_err(|error| broken(error, folder))?;
    // A link is not followed: it would write wherever it points.
    let there = std::fs::symlink_metadata(&path);
    if there.as_ref().is_ok_and(std::fs::Metadata::is_file)
        && std::fs::read(&path).is_ok_and(|before| before == bytes)
    {
        return Ok(Written::Before);
    }
    if there.is_ok() && existing == Existing::Stays {
        return Err(occupied(&path));
    }
    let part = part(folder, bytes).map_err(|error| broken(error, &path))?;
    let placed = match existing {
        Existing::Replaced => std::fs::rename(&part, &path),
        // Unlike renaming, linking fails where another program was faster.
        Existing::Stays => std::fs::hard_link(&part, &path)
            .and_then(|()| std::fs::remove_file(&part))
            .or_else(|error| match error.kind() {
                std::io::ErrorKind::AlreadyExists => Err(error),
                _ => std::fs::rename(&part, &path),
            }),
    };
    placed.map_err(|error| {
        // What is left of the attempt is of no use; the first error says what went wrong.
        let _ = std::fs::remove_file(&part);
        match error.kind() {
            std::io::ErrorKind::AlreadyExists => occupied(&path),
            _ => broken(error, &path),
        }
    })?;
    Ok(Written::Now)
}

fn occupied(path: &Path) -> Failure {
    let message = format!("{} is there already with other content.", path.display());
    Failure::usage(message).say("Write to another folder, or add --force to replace it.")
}

/// The content under a name of its own in the same folder, on the disk.
fn part(folder: &Path, bytes: &[u8]) -> std::io::Result<PathBuf> {
    let mut number: u32 = 0;
    loop {
        let part = folder.join(format!(".subdesk-{}-{number}.part", std::process::id()));
        match std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&part)
        {
            Ok(mut file) => {
                file.write_all(bytes)?;
                file.sync_all()?;
                return Ok(part);
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists && number < 1_000 => {
                number = number.saturating_add(1);
            }
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_only_when_that_was_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let put = |bytes: &[u8], existing| write(folder.path(), "a.txt", bytes, existing);
        assert_eq!(put(b"one", Existing::Stays).unwrap(), Written::Now);
        assert_eq!(put(b"one", Existing::Stays).unwrap(), Written::Before);
        assert_eq!(put(b"two", Existing::Stays).unwrap_err().exit().code(), 2);
        assert_eq!(put(b"two", Existing::Replaced).unwrap(), Written::Now);
        let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
        assert_eq!(left.len(), 1);
    }
}
