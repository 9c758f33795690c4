-- Where the submissions and answers stand: the first segment of each.
SELECT
    'submission ' || CAST(submission_no AS VARCHAR) || ' of ' || CAST(submission_date AS VARCHAR)
        AS part,
    file_id, record_no, 1 AS place, submission_date AS day
FROM submission
WHERE claim_id = $claim_id
UNION ALL
SELECT role || ' of ' || CAST(payment_date AS VARCHAR), file_id, record_no, 2, payment_date
FROM answer
WHERE claim_id = $claim_id
ORDER BY day, place, file_id, record_no
