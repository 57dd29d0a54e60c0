//! The real binary on a disk that is full: what it said is there, what it could not save is said, and nothing is
//! moved aside. The disk is a small file system in memory where the system lets a user make one, and a limit of the
//! size of files everywhere.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rowsmith::api::{Projection, SplitMix64, StoreSettings};

use crate::home::Home;
use crate::part::Part;
use crate::script::{Opened, copy, folder, open, strays};

/// Runs `$ROWSMITH` with its arguments, none of whose files may grow beyond `$LIMIT` blocks.
const LIMITED: &str = "trap '' XFSZ; ulimit -f $LIMIT && exec \"$ROWSMITH\" \"$@\"";

/// Runs it on a file system with `$ROOM` KiB to spare beyond the store in `$STORE`, and copies the store back.
const SMALL: &str = "
mount -t tmpfs -o mode=700 rowsmith \"$PLACE\" || exit 99
cp -a \"$STORE\" \"$PLACE/store\" || exit 99
used=$(du -sk \"$PLACE\" | cut -f1)
mount -o remount,size=$((used + ROOM))k \"$PLACE\" || exit 99
\"$ROWSMITH\" --store \"$PLACE/store\" \"$@\"
code=$?
rm -rf \"$STORE\" && cp -a \"$PLACE/store\" \"$STORE\" || exit 99
exit $code
";

struct Machine {
    home: Home,
    session: String,
    whole: PathBuf,
}

impl Machine {
    fn new() -> Self {
        let home = Home::new();
        let session = home.small_session();
        home.ok(&["sample", &session, "-n", "10"]);
        let whole = PathBuf::from(home.ok(&["store", "path", &session]).out.trim_end());
        Self { home, session, whole }
    }

    /// Runs a shell script with the binary and these arguments, and returns its exit code and what it said.
    fn run(&self, shell: &[&str], script: &str, env: &[(&str, &str)], words: &[&str]) -> (i32, String) {
        let mut command = Command::new(shell[0]);
        command.args(&shell[1..]).args(["sh", "-c", script, "sh"]).args(words);
        command.current_dir(self.home.path()).env("HOME", self.home.path());
        command.env("ROWSMITH", env!("CARGO_BIN_EXE_rowsmith")).envs(env.iter().copied());
        let done = command.stdin(Stdio::null()).output();
        done.map_or((99, String::new()), |done| {
            let said = String::from_utf8_lossy(&done.stderr).into_owned();
            (done.status.code().unwrap_or(-1), said)
        })
    }
}

#[test]
fn a_full_disk_is_said_and_harms_nothing() {
    let mut part = Part::begin("full disks under the program", 24, 200);
    let machine = Machine::new();
    let mut skipped = 0;
    for case in 0..part.cases() {
        let mut random = SplitMix64::new(case as u64);
        let (dir, place) = (folder(), folder());
        let store = dir.path().join("store");
        copy(&machine.whole, &store);
        let before = projection(&store).unwrap();
        let tag = format!("t{case}");
        let (mut words, bulk) = match random.below(3) {
            0 => (vec!["accept", &machine.session, "--filter", "number<=6", "--tag", &tag], 6),
            1 => (vec!["skip", &machine.session, "--filter", "number=3", "--tag", &tag], 1),
            _ => (vec!["sample", &machine.session, "-n", "5"], 0),
        };
        let (code, said, how) = if case % 2 == 0 {
            // In blocks of 512 or 1,024 bytes, as the shell counts: from nothing to more than all of it needs.
            let limit = random.below(60).to_string();
            let at = ["--store", store.to_str().unwrap()];
            words.splice(0..0, at);
            let (code, said) = machine.run(&["env"], LIMITED, &[("LIMIT", &limit)], &words);
            (code, said, format!("files of at most {limit} blocks"))
        } else {
            let room = random.below(40).to_string();
            let env = [
                ("ROOM", room.as_str()),
                ("STORE", store.to_str().unwrap()),
                ("PLACE", place.path().to_str().unwrap()),
            ];
            let (code, said) = machine.run(&["unshare", "-rm"], SMALL, &env, &words);
            (code, said, format!("{room} KiB of room"))
        };
        part.did();
        if code == 99 || said.contains("unshare") {
            skipped += 1;
            continue;
        }
        let how = format!("case {case}, {how}, {words:?}, exit {code}: {said}");
        checked(&mut part, &store, &before, code, &said, (&tag, bulk), &how);
    }
    if skipped > 0 {
        println!("skipped: {skipped} full disks in memory, which this system lets no user make");
    }
    part.end();
}

fn projection(store: &Path) -> Result<Projection, String> {
    let Opened { store, projection, .. } =
        open(store, StoreSettings::default).map_err(|error| error.to_string())?;
    store.close(&projection);
    Ok(projection)
}

fn checked(
    part: &mut Part,
    store: &Path,
    before: &Projection,
    code: i32,
    said: &str,
    (tag, bulk): (&str, usize),
    how: &str,
) {
    if said.contains("panicked") || !(0..=3).contains(&code) || (code != 0 && said.trim().is_empty()) {
        part.wrong(format!("{how}: it ended badly"));
    }
    let aside = strays(store);
    if !aside.is_empty() {
        part.wrong(format!("{how}: {aside:?} are there"));
    }
    let after = match projection(store) {
        Ok(after) => after,
        Err(error) => return part.lost(format!("{how}: {error}")),
    };
    if strays(store) != aside {
        part.wrong(format!("{how}: {:?} were moved aside by the next start", strays(store)));
    }
    let tagged = after.rows().filter(|row| row.mark().tags.iter().any(|is| is == tag)).count();
    if tagged != 0 && tagged != bulk {
        part.wrong(format!("{how}: {tagged} of {bulk} rows are decided"));
    }
    let is_done = if bulk > 0 { tagged == bulk } else { after.rows().count() == before.rows().count() + 5 };
    if code == 0 && !is_done {
        part.falsely_saved(format!("{how}: it is not there"));
    }
    let untouched = |row: &RowWords| row.1.contains(tag);
    let (then, now) = (words(before), words(&after));
    if then.iter().zip(&now).any(|(then, now)| then.0 != now.0 || (then.1 != now.1 && !untouched(now)))
        || now.len() < then.len()
    {
        part.lost(format!("{how}: rows are not what they were"));
    }
}

type RowWords = (String, String);

fn words(projection: &Projection) -> Vec<RowWords> {
    projection.rows().map(|row| (row.id().to_string(), format!("{:?} {}", row.mark(), row.text()))).collect()
}
