//! The table as a bar chart of how much of its target each line uses.

use super::line::Line;

const WIDTH: f64 = 1040.0;
const LINE: f64 = 26.0;
/// The left end of the bars; names are to the left of it.
const LEFT: f64 = 480.0;
/// The right end of a bar that uses all of its target.
const FULL: f64 = 780.0;
/// The right end of the longest bar.
const RIGHT: f64 = 900.0;
const TOP: f64 = 70.0;

/// Returns an SVG that is readable on light and dark pages.
pub(super) fn plot(lines: &[Line]) -> String {
    let mut bars = String::new();
    let mut y = TOP;
    for line in lines {
        bars.push_str(&bar(line, y));
        y += LINE;
    }
    let height = y + 20.0;
    let (end, middle) = (y + 4.0, TOP - 12.0);
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="How much of its target each measurement uses">
<style>
  text {{ font: 13px system-ui, sans-serif; fill: #1f2328; }}
  .title {{ font-weight: 600; font-size: 15px; }}
  .note {{ fill: #59636e; }}
  .met {{ fill: #2da44e; }}
  .missed {{ fill: #d1622b; }}
  .limit {{ stroke: #59636e; stroke-dasharray: 4 3; }}
  @media (prefers-color-scheme: dark) {{
    text {{ fill: #e6edf3; }}
    .note {{ fill: #9198a1; }}
    .limit {{ stroke: #9198a1; }}
  }}
</style>
<text class="title" x="16" y="24">How much of its target each measurement uses</text>
<text class="note" x="16" y="44">Shorter is better; up to the line the target is met. Right of a bar: the measurement, and its target.</text>
<text class="note" x="{FULL}" y="{middle}" text-anchor="middle">target</text>
<line class="limit" x1="{FULL}" y1="{TOP}" x2="{FULL}" y2="{end}"/>
{bars}</svg>
"##
    )
}

fn bar(line: &Line, y: f64) -> String {
    let class = if line.is_met() { "met" } else { "missed" };
    let width = (line.part * (FULL - LEFT)).clamp(2.0, RIGHT - LEFT);
    let text = y + 15.0;
    let name = if line.beside == "–" { line.what.clone() } else { format!("{} / {}", line.what, line.beside) };
    let value = if line.ratio == "–" || line.target.contains('+') { &line.ours } else { &line.ratio };
    let (before, bar, after) = (LEFT - 10.0, y + 3.0, (LEFT + width).max(FULL) + 10.0);
    let (name, target) = (fitting(&name.replace('`', "")), line.target.replace("≤ ", ""));
    format!(
        "<text x=\"{before}\" y=\"{text}\" text-anchor=\"end\">{name}</text>\n\
         <rect class=\"{class}\" x=\"{LEFT}\" y=\"{bar}\" width=\"{width:.1}\" height=\"16\" rx=\"3\"/>\n\
         <text x=\"{after}\" y=\"{text}\">{value} of {target}</text>\n"
    )
}

/// Cuts a name to the space left of its bar.
fn fitting(name: &str) -> String {
    const MOST: usize = 58;
    if name.chars().count() <= MOST {
        return name.to_owned();
    }
    name.chars().take(MOST - 1).chain(['…']).collect()
}
