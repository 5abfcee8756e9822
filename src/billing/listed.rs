//! Words as they stand in a sentence: lists such as `a`, `a or b`, `a, b or c`, and its beginning.

/// Any of them: `USD, EUR or GBP`.
pub fn or<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> String {
    joined(names, "or")
}

/// All of them: `name, email and phone`.
pub fn and<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> String {
    joined(names, "and")
}

fn joined<S: AsRef<str>>(names: impl IntoIterator<Item = S>, word: &str) -> String {
    let names: Vec<S> = names.into_iter().collect();
    let texts: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    match texts.as_slice() {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [others @ .., last] => format!("{} {word} {last}", others.join(", ")),
    }
}

/// Words at the beginning of a sentence.
pub fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::{and, or};

    #[test]
    fn only_the_last_of_a_list_has_a_word_before_it() {
        assert_eq!(or(Vec::<&str>::new()), "");
        assert_eq!(or(["USD"]), "USD");
        assert_eq!(or(["USD", "EUR"]), "USD or EUR");
        assert_eq!(or(["USD", "EUR", "GBP"]), "USD, EUR or GBP");
        assert_eq!(and(["name", "email", "phone"]), "name, email and phone");
    }
}
