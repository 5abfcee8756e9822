//! The seller's logo: a file that the catalog names, read once.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// The largest file that is taken for a logo.
const LARGEST: u64 = 4 << 20;

/// Reads logos and remembers them.
#[derive(Debug, Default)]
pub struct Logos {
    /// Where relative paths begin: the folder of the database.
    folder: PathBuf,
    known: BTreeMap<String, Option<Arc<[u8]>>>,
    troubles: Vec<String>,
}

impl Logos {
    /// Logos whose relative paths begin in a folder.
    pub fn below(folder: PathBuf) -> Logos {
        Logos {
            folder,
            ..Logos::default()
        }
    }

    /// The bytes of a logo. A page without its logo is better than no page, so a file that cannot be read is
    /// only told of, by [`Logos::troubles`].
    pub fn read(&mut self, path: Option<&str>) -> Option<Arc<[u8]>> {
        let path = path?;
        if let Some(known) = self.known.get(path) {
            return known.clone();
        }
        let file = self.folder.join(path);
        let read = || -> std::io::Result<Arc<[u8]>> {
            if std::fs::metadata(&file)?.len() > LARGEST {
                return Err(std::io::Error::other("it is larger than 4 MB"));
            }
            Ok(std::fs::read(&file)?.into())
        };
        let found = match read() {
            Ok(bytes) => Some(bytes),
            Err(error) => {
                let file = file.display();
                self.troubles
                    .push(format!("The seller's logo {file} cannot be read: {error}."));
                None
            }
        };
        self.known.insert(path.to_owned(), found.clone());
        found
    }

    /// Adds something that a person should know about a logo, once.
    pub fn complain(&mut self, sentence: String) {
        if !self.troubles.contains(&sentence) {
            self.troubles.push(sentence);
        }
    }

    /// What could not be read so far, each file once; asking empties it.
    pub fn troubles(&mut self) -> Vec<String> {
        std::mem::take(&mut self.troubles)
    }
}
