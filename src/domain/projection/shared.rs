//! Shares equal variable maps between requests.
//!
//! A prompt draws its variables from short lists, so the same values recur; a map of their own
//! for each request would take more memory than its rows.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::Projection;
use crate::domain::Request;

/// The most maps that are remembered; where there are more, few of them recur.
const MOST: usize = 1024;

/// Recently used maps of variables.
#[derive(Debug, Clone, Default)]
pub(super) struct Shared(HashSet<Arc<BTreeMap<String, String>>>);

impl Projection {
    /// Returns the request, sharing the variable map of an earlier request that has equal variables.
    pub(super) fn shared(&mut self, mut request: Request) -> Request {
        if let Some(known) = self.shared.0.get(&request.variables) {
            request.variables = Arc::clone(known);
            return request;
        }
        let Shared(known) = Arc::make_mut(&mut self.shared);
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(Arc::clone(&request.variables));
        request
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixtures::Story;
    use crate::domain::{Event, RequestNumber, Stored};

    fn ask(story: &mut Story, topic: &str) -> Arc<BTreeMap<String, String>> {
        let last = story.projection.request_count() - 1;
        let number = RequestNumber(u32::try_from(last).unwrap());
        let mut request = story.projection.request(number).unwrap().clone();
        request.number = RequestNumber(number.0 + 1);
        request.variables = Arc::new([("topic".to_owned(), topic.to_owned())].into());
        let number = request.number;
        story.add(Event::RequestBegan { request, messages: Stored::Inline("[]".into()) });
        Arc::clone(&story.projection.request(number).unwrap().variables)
    }

    #[test]
    fn equal_variables_are_kept_once_also_after_a_start() {
        let mut story = Story::with_rows(1);
        let (first, other, again) =
            (ask(&mut story, "bank"), ask(&mut story, "prize"), ask(&mut story, "bank"));
        assert!(Arc::ptr_eq(&first, &again) && !Arc::ptr_eq(&first, &other));

        let started = Projection::from_parts(story.projection.to_parts());
        let of = |number| Arc::clone(&started.request(RequestNumber(number)).unwrap().variables);
        assert!(Arc::ptr_eq(&of(0), &of(1)) && Arc::ptr_eq(&of(1), &of(3)));
        assert_eq!(started.difference(&story.projection), None);
    }

    #[test]
    fn ever_new_variables_are_not_collected_for_ever() {
        let mut story = Story::with_rows(0);
        for topic in 0..MOST * 2 {
            ask(&mut story, &topic.to_string());
        }
        assert!(story.projection.shared.0.len() <= MOST);
        assert_eq!(story.projection.request(RequestNumber(2048)).unwrap().variables["topic"], "2047");
    }
}
