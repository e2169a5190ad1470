//! A picture in a page of its own, with the same in words below it.

use super::svg::{Sheet, clean, svg};
use maud::{DOCTYPE, PreEscaped, html};

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;margin:1.5rem;color-scheme:light dark}\
figure{margin:0;overflow-x:auto}pre{overflow-x:auto;font-size:13px}";

/// The sheet as one HTML document that needs nothing else.
pub fn page(sheet: &Sheet) -> String {
    let document = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (clean(&sheet.title)) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                h1 { (clean(&sheet.title)) }
                figure { (PreEscaped(svg(sheet))) }
                h2 { "In words" }
                pre { (clean(&sheet.words)) }
            }
        }
    };
    document.into_string() + "\n"
}
