-- The limit: rows in a file already, copied and merged under the guard.
CREATE TABLE IF NOT EXISTS "user" (
  "id" text PRIMARY KEY, "name" text, "email" text, "address" text, "company" text, "job" text,
  "createdAt" timestamptz, "updatedAt" timestamptz
);
CREATE TEMP TABLE incoming (LIKE "user");
\copy incoming from pstdin csv
INSERT INTO "user" AS t SELECT * FROM incoming
ON CONFLICT ("id") DO UPDATE SET
  "name" = excluded."name", "email" = excluded."email", "address" = excluded."address", "company" = excluded."company",
  "job" = excluded."job", "createdAt" = excluded."createdAt", "updatedAt" = excluded."updatedAt"
WHERE t."updatedAt" < excluded."updatedAt";
