//! A thousand drawn replies: the rows that are taken are the true ones, and the tokens are those that were sent.

use std::sync::Arc;

use futures_util::stream::{self, StreamExt};
use rowsmith::api::{Delivery, GenerateRequest, ProviderGenerator, ReplyEnd};

use crate::asking::{Heard, generator, hear, options, request};
use crate::dialects::Speaker;
use crate::drawn::{Dialect, Drawn, End, Header, Shape, Split, Thinking, Usage};
use crate::server::Server;
use crate::written::answer;

const REPLIES: u64 = 1_000;
const SEED: u64 = 20_260_401;
/// Requests under way at once.
const AT_ONCE: usize = 16;

#[test]
fn a_thousand_replies_give_exactly_their_rows_and_tokens() {
    // Another seed draws other replies.
    let seed = std::env::var("ROWSMITH_SOAK_SEED").map_or(SEED, |seed| seed.parse().unwrap());
    let server = Server::answering(move |request| {
        let number = request.rsplit_once("Reply ").unwrap().1.split_once('.').unwrap().0;
        Some(answer(&Drawn::new(seed, number.parse().unwrap())))
    });
    let generators = Arc::new(Generators::new(&server.url));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let wrong: Vec<String> = runtime.block_on(async {
        let replies = stream::iter(0..REPLIES).map(|number| {
            let generators = Arc::clone(&generators);
            async move {
                let drawn = Drawn::new(seed, number);
                let heard = generators.ask(&drawn).await;
                complaint(&drawn, &heard).map(|wrong| format!("{wrong}\n{drawn:#?}\n{heard:#?}"))
            }
        });
        replies.buffer_unordered(AT_ONCE).filter_map(|wrong| async { wrong }).collect().await
    });
    let first = wrong.iter().take(3).map(String::as_str).collect::<Vec<_>>().join("\n\n");
    let heads: Vec<_> = wrong.iter().filter_map(|wrong| wrong.lines().next()).collect();
    assert!(
        wrong.is_empty(),
        "{} of {REPLIES} replies of seed {seed} are wrong:\n{}\n\n{first}",
        wrong.len(),
        heads.join("\n")
    );
    assert_eq!(server.requests().len() as u64, REPLIES, "a reply was asked for twice");
}

#[test]
fn every_value_of_each_choice_is_drawn_several_times() {
    let drawn: Vec<_> = (0..REPLIES).map(|number| Drawn::new(SEED, number)).collect();
    let often = |what: String, fits: &dyn Fn(&Drawn) -> bool| {
        let times = drawn.iter().filter(|drawn| fits(drawn)).count();
        assert!(times >= 8, "{what} is drawn {times} times");
    };
    Dialect::ALL.iter().for_each(|one| often(format!("{one:?}"), &|drawn| drawn.dialect == *one));
    Thinking::ALL.iter().for_each(|one| often(format!("{one:?}"), &|drawn| drawn.thinking == *one));
    Shape::ALL.iter().for_each(|one| often(format!("{one:?}"), &|drawn| drawn.shape == *one));
    End::ALL.iter().for_each(|one| often(format!("{one:?}"), &|drawn| drawn.end == *one));
    Usage::ALL.iter().for_each(|one| often(format!("{one:?}"), &|drawn| drawn.usage == *one));
    Header::ALL.iter().for_each(|one| often(format!("{one:?}"), &|drawn| drawn.header == *one));
    Split::ALL.iter().for_each(|one| often(format!("{one:?}"), &|drawn| drawn.split == *one));
    often("a stream that was not asked for".into(), &|drawn| drawn.comes && !drawn.asked);
    often("a whole reply instead of a stream".into(), &|drawn| !drawn.comes && drawn.asked);
}

/// A generator for each dialect and delivery.
struct Generators(Vec<(Dialect, bool, ProviderGenerator)>);

impl Generators {
    fn new(url: &str) -> Self {
        let speakers = [
            (Dialect::Chat, Speaker::Compatible),
            (Dialect::Gemini, Speaker::Gemini),
            (Dialect::Messages, Speaker::Anthropic),
        ];
        let each = speakers.into_iter().flat_map(|(dialect, speaker)| {
            [(true, Delivery::Streamed), (false, Delivery::Whole)]
                .map(|(streams, delivery)| (dialect, streams, generator(speaker, url, options(delivery))))
        });
        Self(each.collect())
    }

    async fn ask(&self, drawn: &Drawn) -> Heard {
        let fits = |(dialect, streams, _): &&(Dialect, bool, _)| {
            (*dialect, *streams) == (drawn.dialect, drawn.asked)
        };
        let mut asked: GenerateRequest = request();
        asked.messages[1].text = format!("Reply {}.", drawn.number);
        hear(&self.0.iter().find(fits).unwrap().2, asked).await
    }
}

/// Returns what is wrong with what came of a reply.
fn complaint(drawn: &Drawn, heard: &Heard) -> Option<String> {
    let kind = format!("{:?} {:?} {:?} {:?}", drawn.dialect, drawn.thinking, drawn.shape, drawn.end);
    let reasons = || heard.scraps.iter().map(|scrap| scrap.rsplit_once(" | ").unwrap().1.to_owned());
    let error = heard.error.as_ref().map(ToString::to_string);
    let said = reasons().chain(heard.remarks.iter().cloned()).chain(error).collect::<Vec<_>>().join("\n");
    // Prose where thoughts stand may be a thought with a draft: then that is said, and no row is taken.
    let may_be_thought = drawn.thinking == Thinking::AnswerBeside && drawn.shape == Shape::Fenced;
    if may_be_thought && heard.rows.is_empty() && heard.error.is_some() && said.contains("thinking") {
        return None;
    }
    if heard.rows != drawn.rows {
        return Some(format!("rows: {kind}: {:?} instead of {:?}", heard.rows, drawn.rows));
    }
    if !tokens_are_right(drawn, heard) {
        return Some(format!("tokens: {kind} {:?}: {:?} of {:?}", drawn.usage, heard.tokens, drawn.tokens));
    }
    if said.contains("The reply is empty") {
        return Some(format!("no reason is said: {kind}"));
    }
    let only_thought =
        matches!(drawn.thinking, Thinking::NoEndTag | Thinking::CutInTag | Thinking::CutBeside);
    if only_thought && !said.to_lowercase().contains("think") {
        return Some(format!("thinking is not said: {kind}: {said}"));
    }
    if !end_is_right(drawn, heard, &said) {
        return Some(format!("end: {kind}: {:?} {:?}", heard.end, heard.error));
    }
    None
}

/// Returns whether tokens are those that were sent, or none where none could be known, so that they are estimated.
fn tokens_are_right(drawn: &Drawn, heard: &Heard) -> bool {
    match drawn.end {
        // What was counted before the end is true as far as it goes.
        End::ErrorFrame | End::Broken if drawn.comes => {
            heard.tokens.is_none_or(|(input, output)| input == drawn.tokens.0 && output <= drawn.tokens.1)
        }
        End::ErrorFrame => heard.tokens.is_none(),
        // An error may end the reading before the count comes.
        End::ErrorInChoice => heard.tokens.is_none() || heard.tokens == drawn.counted(),
        _ => heard.tokens == drawn.counted(),
    }
}

fn end_is_right(drawn: &Drawn, heard: &Heard, said: &str) -> bool {
    let failed = heard.error.is_some();
    match drawn.end {
        End::Stop | End::NoLastLine if drawn.thinking == Thinking::NoEndTag => true,
        End::Stop | End::NoLastLine => heard.end == Some(ReplyEnd::Complete),
        End::Length => heard.end == Some(ReplyEnd::CutOff) || failed && said.contains("reply_tokens"),
        End::Filter => heard.end == Some(ReplyEnd::Filtered) || said.to_lowercase().contains("filter"),
        End::Refusal => said.to_lowercase().contains("refus"),
        End::ErrorFrame | End::ErrorInChoice | End::Broken => failed,
    }
}
