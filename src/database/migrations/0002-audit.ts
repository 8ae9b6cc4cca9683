import { Migration } from '../migration.ts';

/** What people and the service itself changed, append-only (rule S6). Holds no personal data of contacts. */
export class Audit1793491202000 extends Migration {
  readonly name = 'Audit1793491202000';
  readonly sql = `
CREATE TABLE audit (
  at timestamptz NOT NULL,
  id uuid NOT NULL,
  actor text NOT NULL,
  action text NOT NULL,
  subject text NOT NULL,
  details jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (at, id)
);
CREATE INDEX audit_subject ON audit (subject, at);
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
`;
}
