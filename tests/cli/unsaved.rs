//! Commands whose store goes away while they work.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::PathBuf;

use crate::home::Home;
use crate::model_server::{Manner, ModelServer};

/// Starts a server in front of another one that does something before each request for a reply is handed on, and
/// returns its address.
fn before_requests(server: &ModelServer, mut act: impl FnMut(usize) + Send + 'static) -> String {
    let behind = server.url().trim_start_matches("http://").trim_end_matches("/v1").to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let mut requests = 0;
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut head = vec![0; 1 << 16];
            let Ok(read @ 1..) = stream.read(&mut head) else { continue };
            if head.starts_with(b"POST") {
                requests += 1;
                act(requests);
            }
            let mut onward = TcpStream::connect(&behind).unwrap();
            onward.write_all(&head[..read]).unwrap();
            let (mut from, mut to) = (stream.try_clone().unwrap(), onward.try_clone().unwrap());
            // Either side may close first.
            std::thread::spawn(move || std::io::copy(&mut from, &mut to));
            std::thread::spawn(move || {
                let _ = std::io::copy(&mut onward, &mut stream);
                let _ = stream.shutdown(Shutdown::Both);
            });
        }
    });
    url
}

/// Samples while the store is treated at the second request, and returns what the command said and where it wrote
/// what came.
fn sampled_while(act: impl Fn(&std::path::Path) + Send + 'static) -> (Home, ModelServer, String, PathBuf) {
    let (home, server) = (Home::new(), ModelServer::start(Manner::Rows));
    let session = home.small_session();
    let store = home.path().join(&session).join(".rowsmith");
    let url = before_requests(&server, move |request| {
        if request == 2 {
            act(&store);
        }
    });
    let settings = format!(
        "[profiles.desk]\nbase_url = '{url}'\nmodel = 'tiny'\nconcurrency = 1\nrows_per_request = 5\n"
    );
    home.write(".config/rowsmith/config.toml", settings);

    let done = home.run(&["sample", &session, "-n", "200", "--profile", "desk", "--json"]);

    assert_eq!((done.code, done.out.as_str()), (1, ""), "{}", done.said);
    let path = done.said.split("--store ").nth(1).unwrap_or_else(|| panic!("{}", done.said));
    let path = PathBuf::from(path.split('`').next().unwrap());
    (home, server, done.said, path)
}

#[test]
fn what_was_sampled_while_the_store_was_renamed_is_written_beside_it_and_the_run_ends() {
    let (home, server, said, rescued) =
        sampled_while(|store| std::fs::rename(store, store.with_file_name("away")).unwrap());

    assert!(said.contains("was renamed or removed while it was open"), "{said}");
    assert!(said.contains("What came is not lost. Everything is saved in "), "{said}");
    assert!(server.requests().len() <= 4, "{} requests", server.requests().len());
    assert!(rescued.starts_with(home.path().join("small")), "{}", rescued.display());
    let store = rescued.to_str().unwrap();
    let rows = home.lines(&["rows", "small", "--store", store, "--json"]);
    assert!(rows.len() >= 10, "{} rows", rows.len());
    home.ok(&["store", "verify", "small", "--store", store]);
    home.ok(&["accept", "small", "--store", store, "--filter", "state:pending"]);
}

#[test]
fn what_was_sampled_is_rescued_where_the_whole_store_was_deleted_or_its_journal_emptied() {
    for act in [
        // A file that comes meanwhile is removed with the rest.
        |store: &std::path::Path| while std::fs::remove_dir_all(store).is_err() && store.exists() {},
        |store: &std::path::Path| std::fs::write(store.join("journal/000001.jsonl"), "").unwrap(),
    ] {
        let (home, _server, said, rescued) = sampled_while(act);
        let rows = home.lines(&["rows", "small", "--store", rescued.to_str().unwrap(), "--json"]);
        assert!(rows.len() >= 10, "{} rows: {said}", rows.len());
    }
}
