//! A disk in memory that fails when it is told to, and that remembers what a loss of power would leave.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard};

use excerpt::engine::embedded::storage::disk::{Disk, Entry, LockGuard, NewFile};
use tantivy::directory::OwnedBytes;

/// What was done to the disk. Files are numbers, as their names change.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    Create(String, usize),
    Write(usize, Vec<u8>),
    Sync(usize),
    SyncFolder,
    Rename(String, String),
    Remove(String),
}

/// When operations fail.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) enum Fault {
    #[default]
    Never,
    /// The one with this number, counted from 1.
    Once(u64),
    /// From this number on.
    From(u64),
    /// Writes that would make all files together larger than so many bytes.
    Full(usize),
}

#[derive(Debug, Default)]
struct State {
    names: BTreeMap<String, usize>,
    files: Vec<Vec<u8>>,
    log: Vec<Step>,
    fault: Fault,
    operations: u64,
}

/// The disk.
#[derive(Debug, Clone, Default)]
pub(crate) struct MemoryDisk(Arc<Mutex<State>>);

impl MemoryDisk {
    /// A disk with these files.
    pub(crate) fn with(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> MemoryDisk {
        let disk = MemoryDisk::default();
        {
            let mut state = disk.state();
            for (name, bytes) in files {
                let number = state.files.len();
                state.files.push(bytes);
                state.names.insert(name, number);
            }
        }
        disk
    }

    /// As the engine takes it.
    pub(crate) fn shared(&self) -> Arc<dyn Disk> {
        Arc::new(self.clone())
    }

    /// Lets operations fail from now on; they are counted anew.
    pub(crate) fn set_fault(&self, fault: Fault) {
        let mut state = self.state();
        state.fault = fault;
        state.operations = 0;
    }

    /// How many operations there were since.
    pub(crate) fn operations(&self) -> u64 {
        self.state().operations
    }

    /// How many bytes all files take.
    pub(crate) fn bytes(&self) -> usize {
        self.state().bytes()
    }

    /// All that was done.
    pub(crate) fn log(&self) -> Vec<Step> {
        self.state().log.clone()
    }

    /// The names of the files.
    pub(crate) fn names(&self) -> Vec<String> {
        self.state().names.keys().cloned().collect()
    }

    /// The files.
    pub(crate) fn files(&self) -> Vec<(String, Vec<u8>)> {
        let state = self.state();
        let file = |(name, &number): (&String, &usize)| (name.clone(), state.files[number].clone());
        state.names.iter().map(file).collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().expect("no test failed")
    }

    /// Counts an operation, which fails where it is to.
    fn operate(&self) -> io::Result<MutexGuard<'_, State>> {
        let mut state = self.state();
        state.operations += 1;
        let fails = match state.fault {
            Fault::Never | Fault::Full(_) => false,
            Fault::Once(at) => state.operations == at,
            Fault::From(at) => state.operations >= at,
        };
        if fails {
            return Err(io::Error::other("the disk failed"));
        }
        Ok(state)
    }
}

impl State {
    fn bytes(&self) -> usize {
        self.names
            .values()
            .map(|&number| self.files[number].len())
            .sum()
    }

    fn number(&self, name: &str) -> io::Result<usize> {
        let number = self.names.get(name).copied();
        number.ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, name.to_string()))
    }
}

struct MemoryFile {
    disk: MemoryDisk,
    number: usize,
}

impl Write for MemoryFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut state = self.disk.operate()?;
        if let Fault::Full(most) = state.fault
            && state.bytes() + bytes.len() > most
        {
            return Err(io::ErrorKind::StorageFull.into());
        }
        state.files[self.number].extend_from_slice(bytes);
        state.log.push(Step::Write(self.number, bytes.to_vec()));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Disk for MemoryDisk {
    fn list(&self) -> io::Result<Vec<Entry>> {
        let state = self.operate()?;
        let entry = |(name, &number): (&String, &usize)| Entry {
            name: name.clone(),
            bytes: state.files[number].len() as u64,
            is_file: true,
        };
        Ok(state.names.iter().map(entry).collect())
    }

    fn exists(&self, name: &str) -> bool {
        self.state().names.contains_key(name)
    }

    fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        let state = self.operate()?;
        Ok(state.files[state.number(name)?].clone())
    }

    fn map(&self, name: &str) -> io::Result<OwnedBytes> {
        self.read(name).map(OwnedBytes::new)
    }

    fn create(&self, name: &str) -> io::Result<NewFile> {
        let mut state = self.operate()?;
        if state.names.contains_key(name) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        let number = state.files.len();
        state.files.push(Vec::new());
        state.names.insert(name.to_string(), number);
        state.log.push(Step::Create(name.to_string(), number));
        let disk = self.clone();
        Ok(Box::new(MemoryFile { disk, number }))
    }

    fn append(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let known = self.state().names.get(name).copied();
        let Some(number) = known else {
            return self.create(name)?.write_all(bytes);
        };
        let disk = self.clone();
        MemoryFile { disk, number }.write_all(bytes)
    }

    fn sync(&self, name: &str) -> io::Result<()> {
        let mut state = self.operate()?;
        let number = state.number(name)?;
        state.log.push(Step::Sync(number));
        Ok(())
    }

    fn sync_folder(&self) -> io::Result<()> {
        self.operate()?.log.push(Step::SyncFolder);
        Ok(())
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        let mut state = self.operate()?;
        let number = state.number(from)?;
        state.names.remove(from);
        state.names.insert(to.to_string(), number);
        state
            .log
            .push(Step::Rename(from.to_string(), to.to_string()));
        Ok(())
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        let mut state = self.operate()?;
        state.number(name)?;
        state.names.remove(name);
        state.log.push(Step::Remove(name.to_string()));
        Ok(())
    }

    fn lock(&self) -> io::Result<Option<LockGuard>> {
        drop(self.operate()?);
        Ok(Some(Box::new(())))
    }
}

/// What a file system promises of what was not synced.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Model {
    /// Nothing: any of the changes to the folder may be there, and any part of a file's bytes.
    Any,
    /// The folder's changes are there in their order, up to one of them; of a file, a first part.
    Ordered,
    /// As ordered, and a file that took another's name is whole.
    Replacing,
}

/// The disk as a loss of power after some steps leaves it. `random` gives a number below another.
pub(crate) fn after_power_loss(
    steps: &[Step],
    model: Model,
    random: &mut dyn FnMut(usize) -> usize,
) -> MemoryDisk {
    let last_sync = steps
        .iter()
        .rposition(|step| matches!(step, Step::SyncFolder));
    let unsynced = last_sync.map_or(0, |at| at + 1);
    let kept_until = unsynced + random(steps.len() - unsynced + 1);
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    let mut whole = Vec::new();
    for (at, step) in steps.iter().enumerate() {
        let is_kept = at < unsynced
            || match model {
                Model::Any => random(2) == 0,
                Model::Ordered | Model::Replacing => at < kept_until,
            };
        match step {
            Step::Create(name, number) if is_kept => drop(names.insert(name.clone(), *number)),
            Step::Remove(name) if is_kept => drop(names.remove(name)),
            Step::Rename(from, to) if is_kept => {
                // Where the name that it had is not there, the file is: it was made.
                let number = names.remove(from).or_else(|| made_as(&steps[..at], from));
                if let Some(number) = number {
                    names.insert(to.clone(), number);
                    whole.push((number, at));
                }
            }
            _ => {}
        }
    }
    let is_whole = |number: usize| {
        matches!(model, Model::Replacing) && whole.iter().any(|(n, _)| *n == number)
    };
    let files = names.into_iter().map(|(name, number)| {
        let content = content(steps, number, is_whole(number), model, random);
        (name, content)
    });
    MemoryDisk::with(files.collect::<Vec<_>>())
}

fn made_as(steps: &[Step], wanted: &str) -> Option<usize> {
    steps.iter().rev().find_map(|step| match step {
        Step::Create(name, number) if name == wanted => Some(*number),
        _ => None,
    })
}

/// What is there of a file's bytes.
fn content(
    steps: &[Step],
    wanted: usize,
    is_whole: bool,
    model: Model,
    random: &mut dyn FnMut(usize) -> usize,
) -> Vec<u8> {
    let (mut bytes, mut synced) = (Vec::new(), 0);
    for step in steps {
        match step {
            Step::Write(number, written) if *number == wanted => bytes.extend_from_slice(written),
            Step::Sync(number) if *number == wanted => synced = bytes.len(),
            _ => {}
        }
    }
    if is_whole || synced == bytes.len() {
        return bytes;
    }
    bytes.truncate(synced + random(bytes.len() - synced + 1));
    if matches!(model, Model::Any) && bytes.len() > synced {
        let at = synced + random(bytes.len() - synced);
        bytes[at..].fill(0);
    }
    bytes
}
