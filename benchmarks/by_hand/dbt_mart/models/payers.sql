SELECT p.payer_id, m.canonical_payer
FROM read_parquet('{{ var("tables") }}/payer.parquet') AS p
JOIN read_parquet('{{ var("tables") }}/payer_map.parquet') AS m USING (payer_code)
