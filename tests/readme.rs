//! The code that READMEs show is code that compiles.

use std::fs;

use xtask::workspace;

#[test]
fn readmes_show_the_examples_as_they_are() {
    for (readme, name) in
        [("README.md", "banks"), ("tilisy-client/README.md", "banks"), ("tilisy-client/README.md", "transactions")]
    {
        let example = fs::read_to_string(workspace().join(format!("tilisy-client/examples/{name}.rs"))).unwrap();
        let text = fs::read_to_string(workspace().join(readme)).unwrap();
        assert!(text.contains(&example), "{readme} does not show tilisy-client/examples/{name}.rs");
    }
}
