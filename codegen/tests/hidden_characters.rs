//! The rule for hidden characters stands in two crates, which share no code: one is published, the other is a tool.

#[allow(dead_code, unreachable_pub, reason = "the module of the library, of which one function is tested here")]
#[path = "../src/visible.rs"]
mod visible;

#[allow(unreachable_pub, reason = "a module of the command")]
#[path = "../../tilisy-cli/src/text/hidden.rs"]
mod hidden;

#[test]
fn both_crates_hide_the_same_characters() {
    let differs = |character: &char| visible::is_hidden(*character) != hidden::is_hidden(*character);
    assert_eq!((char::MIN..=char::MAX).find(differs), None);
    let hidden: Vec<char> = (char::MIN..=char::MAX).filter(|character| hidden::is_hidden(*character)).collect();
    assert!(hidden.len() > 4_096 && hidden.len() < 4_500, "{} characters are hidden", hidden.len());
    // Letters, marks, signs, emoji and spaces of every script are shown.
    for shown in "aäßЖ汉字かなعربيעבריतमिळ한글\u{301}\u{a0} €→…🏦🇫🇮👍🏽".chars()
    {
        assert!(!hidden.contains(&shown), "{shown:?} is hidden");
    }
}
