from resolution.quotes import Said, quote_ids, same_as

WORDS = "we shall keep every harbour open to ships in need"


def test_ids_depend_on_article_and_words_alone():
    first = quote_ids(["a", "a", "b"], ["Yes, we will.", "Yes we will", "Yes, we will."])
    assert len(set(first)) == 3
    assert quote_ids(["b"], ["yes we will"]) == [first[2]]


def test_the_same_words_by_the_same_speaker_are_tied_to_the_first():
    quotes = [
        Said("q1", "a", WORDS, "p1"),
        Said("q2", "b", WORDS.capitalize() + ".", "p1"),
        Said("q3", "c", WORDS, "p2"),
        Said("q4", "d", WORDS, None),
        Said("q5", "e", WORDS.replace("every", "each"), "p1"),
        Said("q6", "a", WORDS, "p1"),
    ]
    assert same_as(quotes) == [None, "q1", None, None, None, None]


def test_a_few_words_are_said_every_day():
    assert same_as([Said("q1", "a", "We are ready", "p1"), Said("q2", "b", "We are ready", "p1")]) == [None, None]


def test_a_trimmed_quote_is_the_same_statement():
    long = WORDS + " and that is a promise we made to all sailors long ago"
    assert same_as([Said("q1", "a", long, "p1"), Said("q2", "b", long.removesuffix("ago"), "p1")]) == [None, "q1"]
