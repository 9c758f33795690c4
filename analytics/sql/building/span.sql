-- The oldest and newest day of the data.  Until something is loaded there is no such day; then the
-- facts hold nothing.  Payments are dated some days ahead; one dated years ahead is a slip, and would
-- make every open claim years old: such days are the newest only where there are no others.
SELECT min(oldest) AS oldest, coalesce(max(sane), max(newest)) AS newest
FROM (
    SELECT
        min(submission_date) AS oldest,
        max(submission_date) AS newest,
        max(submission_date) FILTER (WHERE submission_date <= current_date + 31) AS sane
    FROM claim
    UNION ALL
    SELECT
        min(payment_date) AS oldest,
        max(payment_date) AS newest,
        max(payment_date) FILTER (WHERE payment_date <= current_date + 31) AS sane
    FROM remit
    UNION ALL
    SELECT
        min(acknowledged_date) AS oldest,
        max(acknowledged_date) AS newest,
        max(acknowledged_date) FILTER (WHERE acknowledged_date <= current_date + 31) AS sane
    FROM acknowledgement
) AS told
