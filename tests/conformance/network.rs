//! What stands between: proxies, certificate authorities and TLS.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;

use rowsmith::api::{Delivery, GeneratorError, GeneratorSettings, Provider, ProviderGenerator};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::asking::{Heard, ask, options};
use super::cases::Case;
use super::dialects::Speaker;
use super::server::Server;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/tls");

fn generator(url: &str, variables: &[(&str, &str)]) -> Result<ProviderGenerator, GeneratorError> {
    let settings = GeneratorSettings {
        provider: Provider::Openai,
        model: Some("tiny".into()),
        base_url: Some(url.into()),
        ..GeneratorSettings::default()
    };
    let value =
        |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
    ProviderGenerator::new(&settings, options(Delivery::Streamed), &value)
}

fn heard(url: &str, variables: &[(&str, &str)]) -> Heard {
    ask(&generator(url, variables).unwrap())
}

fn good() -> Server {
    Server::with(vec![Case::Good.answer(Speaker::Compatible, Delivery::Streamed)])
}

/// Starts a server that speaks TLS with a certificate of the fixtures' authority, and returns its port.
fn tls_server() -> u16 {
    let certificates = CertificateDer::pem_file_iter(format!("{FOLDER}/server.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(format!("{FOLDER}/server.key")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(certificates.map(Result::unwrap).collect(), key)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let connection = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = rustls::StreamOwned::new(connection, stream.unwrap());
            let mut request = [0; 1 << 14];
            // Fails where the client does not trust the certificate or speaks no TLS.
            if stream.read(&mut request).is_ok() {
                let answer = Case::Good.answer(Speaker::Compatible, Delivery::Streamed).pieces.concat();
                stream.write_all(&answer).unwrap();
                stream.conn.send_close_notify();
                stream.flush().unwrap();
            }
        }
    });
    port
}

#[test]
fn a_proxy_that_is_set_gets_the_requests_for_other_hosts() {
    for variable in ["HTTP_PROXY", "http_proxy", "ALL_PROXY"] {
        let proxy = good();
        let heard = heard("http://model.example:81/v1", &[(variable, &proxy.url)]);

        assert_eq!(heard.rows.len(), 2, "{heard:?}");
        let request = &proxy.requests()[0];
        assert!(
            request.starts_with("POST http://model.example:81/v1/chat/completions HTTP/1.1"),
            "{request}"
        );
    }
}

#[test]
fn a_proxy_is_asked_for_a_tunnel_to_a_server_of_tls_with_its_password() {
    let proxy = Server::with(vec![super::server::Answer::whole(407, "", b"")]);
    let address = proxy.url.replace("http://", "http://ann:s3cret@");

    let heard = heard("https://model.example/v1", &[("HTTPS_PROXY", &address)]);

    let request = &proxy.requests()[0];
    assert!(request.starts_with("CONNECT model.example:443 HTTP/1.1"), "{request}");
    assert!(request.to_lowercase().contains("proxy-authorization: basic "), "{request}");
    let sentence = heard.sentence();
    assert!(sentence.contains("in HTTPS_PROXY") && !sentence.contains("s3cret"), "{sentence}");
}

#[test]
fn neither_this_machine_nor_the_hosts_of_no_proxy_are_asked_by_proxy() {
    let server = good();
    let nowhere = ("ALL_PROXY", "http://127.0.0.1:1");
    assert_eq!(heard(&format!("{}/v1", server.url), &[nowhere]).rows.len(), 2);

    let proxy = good();
    let variables = [("HTTP_PROXY", proxy.url.as_str()), ("NO_PROXY", ".invalid")];
    let heard = heard("http://model.invalid/v1", &variables);
    assert!(heard.error.is_some() && proxy.requests().is_empty(), "{heard:?}");
}

#[test]
fn a_proxy_that_is_not_there_is_named() {
    let sentence =
        heard("http://model.example/v1", &[("http_proxy", "http://u:s3cret@127.0.0.1:1")]).sentence();

    assert!(sentence.starts_with("No connection to http://model.example/v1/ could be made: "), "{sentence}");
    assert!(sentence.contains("the proxy http://[key]@127.0.0.1:1 in http_proxy"), "{sentence}");
    assert!(!sentence.contains("s3cret"), "{sentence}");
}

#[test]
fn a_proxy_that_cannot_be_used_lets_no_generator_be_made() {
    for (url, variable, value) in [
        ("http://model.example/v1", "HTTP_PROXY", "ftp://p:1"),
        ("https://model.example/v1", "https_proxy", "quic://p:1"),
        ("https://model.example/v1", "ALL_PROXY", "http://p:port"),
    ] {
        let error = generator(url, &[(variable, value)]).unwrap_err();
        assert!(matches!(error, GeneratorError::Settings(_)), "{error:?}");
        assert!(
            error.to_string().starts_with(&format!("The proxy in {variable} cannot be used: ")),
            "{error}"
        );
    }
}

#[test]
fn a_host_name_that_is_unknown_is_said_to_be_one() {
    let sentence = heard("http://model.invalid:81/v1", &[]).sentence();

    assert!(sentence.contains("the host name of `model.invalid` cannot be resolved"), "{sentence}");
    assert!(!sentence.contains("Start the server"), "{sentence}");
}

#[test]
fn a_private_authority_is_trusted_where_its_certificate_is_named() {
    let port = tls_server();
    let url = format!("https://localhost:{port}/v1");

    let unknown = heard(&url, &[]);
    let sentence = unknown.sentence();
    assert!(sentence.contains("certificate authority") && sentence.contains("SSL_CERT_FILE"), "{sentence}");
    assert!(unknown.error.as_ref().unwrap().is_final());
    let authority = format!("{FOLDER}/authority.pem");
    assert_eq!(heard(&url, &[("SSL_CERT_FILE", &authority)]).rows.len(), 2);
    assert_eq!(heard(&url, &[("SSL_CERT_DIR", FOLDER)]).rows.len(), 2);
    let error = generator(&url, &[("SSL_CERT_FILE", "/nowhere.pem")]).unwrap_err().to_string();
    assert!(error.starts_with("The certificate authorities in SSL_CERT_FILE cannot be read"), "{error}");
}

#[test]
fn a_server_of_tls_and_one_of_plain_http_are_told_apart() {
    let port = tls_server();
    let plain = heard(&format!("http://localhost:{port}/v1"), &[]);
    assert!(plain.error.as_ref().unwrap().is_final(), "{plain:?}");
    assert!(
        plain.sentence().ends_with(&format!("Set `base_url` to \"https://localhost:{port}/v1\".")),
        "{plain:?}"
    );

    let server = good();
    let tls = heard(&format!("{}/v1", server.url.replace("http:", "https:")), &[]);
    assert!(tls.error.as_ref().unwrap().is_final(), "{tls:?}");
    assert!(tls.sentence().ends_with(&format!("set `base_url` to \"{}/v1\".", server.url)), "{tls:?}");
}
