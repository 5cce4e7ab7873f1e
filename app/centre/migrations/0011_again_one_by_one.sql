-- Which records that were set aside a person wants judged again; `progress.requeue` says that a line has such ones.

ALTER TABLE unapplied ADD COLUMN again INTEGER NOT NULL DEFAULT 0;

UPDATE unapplied SET again = 1 WHERE EXISTS (SELECT 1 FROM progress p WHERE p.incarnation = unapplied.incarnation
  AND p.line = unapplied.line AND p.requeue <> 0);
