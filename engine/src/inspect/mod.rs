//! What a session shows of its objects: alias graphs as canonical text.

mod graph;
