use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Instant;

use super::*;

/// Serves a port of this machine: `answer` gets the path of each request and what to write on.
fn serve(answer: impl Fn(&str, &mut TcpStream) + Send + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut head = [0; 2048];
            let read = stream.read(&mut head).unwrap_or(0);
            let head = String::from_utf8_lossy(&head[..read]).into_owned();
            assert!(!head.to_lowercase().contains("authorization"), "{head}");
            answer(head.split(' ').nth(1).unwrap_or_default(), &mut stream);
        }
    });
    port
}

/// Serves fixed answers by path, each `(path, status line and headers, body)`; others are not found.
fn serve_pages(pages: &'static [(&'static str, &'static str, &'static str)]) -> u16 {
    serve(|path, stream| {
        let found = pages.iter().find(|(known, ..)| *known == path);
        let (head, body) = found.map_or(("404 Not Found", "{}"), |(_, head, body)| (*head, *body));
        let length = body.len();
        let _ =
            write!(stream, "HTTP/1.1 {head}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}");
    })
}

async fn found(port: u16) -> LocalSearch {
    find_local(&[port]).await.unwrap()
}

async fn server(port: u16) -> LocalServer {
    let mut search = found(port).await;
    assert_eq!((search.servers.len(), search.others.len()), (1, 0), "{search:?}");
    search.servers.remove(0)
}

fn models(server: &LocalServer) -> Vec<(&str, Option<u64>)> {
    server.models.iter().map(|model| (model.name.as_str(), model.context)).collect()
}

#[tokio::test]
async fn servers_are_known_by_what_they_answer_with_their_models_and_contexts() {
    let port = serve_pages(&[(
        "/v1/models",
        "200 OK\r\nServer: llama.cpp",
        r#"{"data":[{"id":"tiny.gguf","owned_by":"llamacpp","meta":{"n_ctx":2048,"n_ctx_train":8192}}]}"#,
    )]);
    let llama = server(port).await;
    assert_eq!((llama.kind, llama.provider), ("llama.cpp", Provider::Openai));
    assert_eq!(llama.base_url, format!("http://127.0.0.1:{port}/v1"));
    assert_eq!(models(&llama), [("tiny.gguf", Some(2048))]);

    let ollama = server(serve_pages(&[
        (
            "/v1/models",
            "200 OK",
            r#"{"data":[{"id":"b:1","owned_by":"library"},{"id":"a:7b","owned_by":"me"}]}"#,
        ),
        ("/api/ps", "200 OK", r#"{"models":[{"name":"b:1","model":"b:1","context_length":4096}]}"#),
    ]))
    .await;
    assert_eq!((ollama.kind, ollama.provider), ("Ollama", Provider::Ollama));
    assert_eq!(models(&ollama), [("a:7b", None), ("b:1", Some(4096))]);

    let vllm = server(serve_pages(&[(
        "/v1/models",
        "200 OK\r\nServer: uvicorn",
        r#"{"data":[{"id":"org/m","owned_by":"vllm","max_model_len":32768}]}"#,
    )]))
    .await;
    assert_eq!((vllm.kind, models(&vllm)), ("vLLM", vec![("org/m", Some(32768))]));

    let studio = server(serve_pages(&[
        ("/v1/models", "200 OK", r#"{"data":[{"id":"q","owned_by":"organization_owner"}]}"#),
        (
            "/api/v0/models",
            "200 OK",
            r#"{"data":[{"id":"q","loaded_context_length":8192,"max_context_length":99}]}"#,
        ),
    ]))
    .await;
    assert_eq!((studio.kind, models(&studio)), ("LM Studio", vec![("q", Some(8192))]));

    let unknown = server(serve_pages(&[("/v1/models", "200 OK", r#"{"data":[{"id":"m"}]}"#)])).await;
    assert_eq!((unknown.kind, models(&unknown)), (SOME_SERVER, vec![("m", None)]));
    let empty = server(serve_pages(&[
        ("/v1/models", "200 OK", r#"{"object":"list","data":null}"#),
        ("/api/ps", "200 OK", r#"{"models":[]}"#),
    ]))
    .await;
    assert_eq!((empty.kind, models(&empty)), ("Ollama", vec![]), "it runs, and has no model yet");
}

#[tokio::test]
async fn a_server_that_wants_a_key_is_found_and_says_so() {
    let locked = server(serve_pages(&[(
        "/v1/models",
        "401 Unauthorized",
        r#"{"error":{"message":"Invalid API Key","code":401}}"#,
    )]))
    .await;
    assert!(locked.wants_key && locked.models.is_empty(), "{locked:?}");
}

#[tokio::test]
async fn what_is_no_model_server_is_told_apart() {
    let elsewhere = serve_pages(&[("/v1/models", "200 OK", r#"{"data":[{"id":"far"}]}"#)]);
    let others = [
        ("a page", serve_pages(&[("/v1/models", "200 OK\r\nContent-Type: text/html", "<html>hello</html>")])),
        ("a sign-in", serve_pages(&[("/v1/models", "403 Forbidden", "<html>no</html>")])),
        ("another API", serve_pages(&[("/v1/models", "200 OK", r#"{"status":"up"}"#)])),
        ("an error", serve_pages(&[("/v1/models", "500 Oops", r#"{"data":[]}"#)])),
        ("nothing there", serve_pages(&[])),
        ("garbage", serve(|_, stream| drop(stream.write_all(b"\x00\xffSSH-2.0-x\r\n")))),
        ("closed at once", serve(|_, _| {})),
        ("TLS", serve(|_, stream| drop(stream.write_all(b"\x15\x03\x01\x00\x02\x02\x0a")))),
        (
            "silence",
            serve(|_, stream| {
                let _ = stream.read(&mut [0]);
            }),
        ),
        (
            "a body without end",
            serve(|_, stream| {
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n[");
                while stream.write_all(&[b'1'; 4096]).is_ok() {}
            }),
        ),
        (
            "a drip",
            serve(|_, stream| {
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n{");
                while stream.write_all(b" ").is_ok() {
                    thread::sleep(Duration::from_millis(50));
                }
            }),
        ),
        (
            "a redirect",
            serve(move |_, stream| {
                let _ = write!(
                    stream,
                    "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:{elsewhere}/v1/models\r\nContent-Length: 0\r\n\r\n"
                );
            }),
        ),
    ];
    for (what, port) in others {
        let began = Instant::now();
        let search = found(port).await;
        assert_eq!((search.servers, search.others), (vec![], vec![port]), "{what}");
        assert!(began.elapsed() < Duration::from_secs(4), "{what}");
    }
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    assert_eq!(found(free).await, LocalSearch::default());
}
