-- How good was each day's data, step by step?
-- day: the fetch day, or the day of checking for steps that look at all days
-- step: the step whose result was checked
-- verdict: blocked (a critical rule failed), warned, or good
-- rules: rules checked; of a rule checked twice the latest result counts
-- failed_rules: rules that did not hold
-- failing: these rules, critical ones first
-- rows_checked: rows looked at, added up over the rules
-- rows_failed: rows that broke a rule, added up over the rules
-- held_back: rows of the day that the step put into quarantine
-- checked_at: when it was checked last
-- run_id: the run that checked it last
WITH latest AS (
    SELECT *, coalesce(fetch_day, checked_at::DATE) AS day
    FROM quality_results
    QUALIFY row_number() OVER (PARTITION BY day, step, rule ORDER BY checked_at DESC, run_id DESC) = 1
),
held AS (
    SELECT step, coalesce(fetch_day, quarantined_at::DATE) AS day, count(*) AS held_back
    FROM quarantine GROUP BY ALL
)
SELECT day, step,
       CASE WHEN count(*) FILTER (NOT success AND severity = 'critical') > 0 THEN 'blocked'
            WHEN count(*) FILTER (NOT success AND severity = 'warning') > 0 THEN 'warned'
            ELSE 'good' END AS verdict,
       count(*) AS rules,
       count(*) FILTER (NOT success) AS failed_rules,
       string_agg(rule, ', ' ORDER BY severity <> 'critical', rule) FILTER (NOT success) AS failing,
       sum(checked)::BIGINT AS rows_checked,
       sum(failed)::BIGINT AS rows_failed,
       coalesce(any_value(held.held_back), 0) AS held_back,
       max(checked_at) AS checked_at,
       arg_max(run_id, checked_at) AS run_id
FROM latest LEFT JOIN held USING (day, step)
GROUP BY day, step
ORDER BY day DESC, step
