//! The pages that a browser shows after it came back.

/// Returns a page with a title and a sentence.
pub(super) fn page(title: &str, text: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
         <style>\n:root {{ color-scheme: light dark; font: 1.1rem/1.5 system-ui, sans-serif }}\n\
         body {{ display: grid; place-content: center; min-height: 90vh; margin: 0 1.5rem }}\n\
         h1 {{ font-size: 1.5rem }}\n</style>\n<main><h1>{title}</h1><p>{text}</p></main>\n"
    )
}
