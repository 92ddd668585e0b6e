//! The code that READMEs show is code that compiles.

use std::fs;

use xtask::workspace;

#[test]
fn readmes_show_the_example_as_it_is() {
    let example = fs::read_to_string(workspace().join("tilisy-client/examples/banks.rs")).unwrap();
    for readme in ["README.md", "tilisy-client/README.md", "client-runtime/README.md"] {
        let text = fs::read_to_string(workspace().join(readme)).unwrap();
        assert!(text.contains(&example), "{readme} does not show tilisy-client/examples/banks.rs");
    }
}
