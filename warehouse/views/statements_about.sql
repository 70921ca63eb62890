-- Who said what about whom?
-- said_at: time of publication, or of fetching when the page does not say
-- speaker: who said it, by name; as written when the source is unnamed
-- speaker_role: the speaker's office
-- speaker_state: the speaker's state
-- about: an actor named in the statement
-- about_kind: what sort of actor that is
-- about_state: that actor's state
-- statement: what was said, verbatim; both halves when the cue breaks it
-- kind: direct, mixed or indirect
-- cue: the verb or phrase of saying
-- said_during: the event at which it was said, in the words of an article
-- outlet: who published it
-- headline: of the article
-- url: of the article
-- quote_id: the row of quotes; words reported by several outlets stand here once
-- speaker_id: the speaker, as a row of participants; null when unnamed
-- about_id: the actor named, as a row of participants
-- article_id: the row of articles
WITH said AS (
    SELECT q.*, a.outlet, a.title AS headline, a.url, coalesce(a.published_at, a.fetched_at) AS said_at,
           CASE WHEN q.continuation_start IS NULL THEN q.text
                ELSE q.text || ' … '
                     || substring(a.text, q.continuation_start + 1, q.continuation_end - q.continuation_start)
           END AS statement
    FROM quotes AS q JOIN articles AS a USING (article_id)
    WHERE a.duplicate_of IS NULL
    QUALIFY row_number() OVER (
        PARTITION BY coalesce(q.same_as, q.quote_id) ORDER BY q.same_as IS NOT NULL, a.published_at, q.quote_id) = 1
),
named AS (
    SELECT DISTINCT said.quote_id, m.participant_id
    FROM said JOIN participant_mentions AS m
        ON m.article_id = said.article_id
        AND (m.char_start >= said.char_start AND m.char_end <= said.char_end
             OR m.char_start >= said.continuation_start AND m.char_end <= said.continuation_end)
)
SELECT said.said_at,
       coalesce(speaker.name, said.speaker_text) AS speaker,
       speaker.role AS speaker_role,
       coalesce(cs.name, speaker.country) AS speaker_state,
       about.name AS about, about.kind AS about_kind, coalesce(ca.name, about.country) AS about_state,
       said.statement, said.kind, said.cue, e.summary AS said_during, said.outlet, said.headline, said.url,
       said.quote_id, said.speaker_id, about.participant_id AS about_id, said.article_id
FROM named
JOIN said USING (quote_id)
JOIN participants AS about USING (participant_id)
LEFT JOIN participants AS speaker ON speaker.participant_id = said.speaker_id
LEFT JOIN countries AS cs ON cs.country = speaker.country
LEFT JOIN countries AS ca ON ca.country = about.country
LEFT JOIN events AS e ON e.event_id = said.event_id
WHERE said.speaker_id IS DISTINCT FROM about.participant_id
ORDER BY said.said_at DESC, speaker, about, said.quote_id
