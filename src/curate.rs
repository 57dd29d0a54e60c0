//! The language of filters, and what finds rows that are alike.
