-- Who the claim is about.
SELECT DISTINCT
    CASE WHEN patient.patient_id = claim.patient_id THEN 'patient' ELSE 'insured' END AS person,
    patient.last_name, patient.first_name, patient.birth_date, patient.sex_code, patient.member_id
FROM submission
JOIN claim ON claim.claim_id = submission.submission_id
JOIN patient ON patient.patient_id IN (claim.patient_id, claim.subscriber_id)
WHERE submission.claim_id = $claim_id
ORDER BY person DESC, patient.last_name, patient.first_name
